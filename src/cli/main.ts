import { writeSync } from 'node:fs'
import { describe, toFailure } from './failure.ts'
import { Out } from './out.ts'
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
      const out = new Out()
      out.line(versionLine(program))
      out.flush()
      return
    }
    const { createConfig } = await import('./config.ts')
    const config = await createConfig(program)
    if (target.to === 'command') {
      await config.runCommand(target.id, target.argv)
      return
    }
    const { Help } = await import('./help.ts')
    await new Help(config).print(target.id)
  } catch (error) {
    const failure = toFailure(error)
    process.exitCode = failure.exitCode
    try {
      writeSync(process.stderr.fd, describe(failure))
    } catch {
      // Nobody is left to be told.
    }
  }
}
