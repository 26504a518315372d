import { describe, toFailure } from './failure.ts'
import { type Program, versionLine } from './program.ts'
import { route } from './route.ts'

/**
 * Runs the program once and sets the exit code.
 *
 * Interrupts keep their default: a synchronous scan could not run a handler before it ends, while
 * the default stops it at once with 130 (SIGINT) or 143 (SIGTERM).
 */
export async function main(program: Program, argv = process.argv.slice(2)): Promise<void> {
  try {
    const target = route(argv, program.commands)
    if (target.to === 'version') {
      process.stdout.write(`${versionLine(program)}\n`)
      return
    }
    const { createConfig } = await import('./config.ts')
    const config = await createConfig(program)
    if (target.to === 'command') {
      await config.runCommand(target.id, target.argv)
      return
    }
    const { Help } = await import('./help.ts')
    await new Help(config, { all: true }).showHelp(target.id.split(':'))
  } catch (error) {
    const failure = toFailure(error)
    process.stderr.write(describe(failure))
    process.exitCode = failure.exitCode
  }
}
