import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

/** A fenced block that shows a terminal: commands behind `$ `, and what they printed. */
const CONSOLE = /^```console\n([\s\S]*?)^```$/gm

/** Runs the commands in the `console` blocks of a page again; returns it with what they print now. */
export function refreshExamples(page: string): string {
  return page.replace(CONSOLE, (_, block: string) => {
    const commands = block.split('\n').filter((line) => line.startsWith('$ '))
    return `\`\`\`console\n${commands.map((line) => `${line}\n${run(line.slice(2))}`).join('\n')}\`\`\``
  })
}

/** Ours runs from source, on a terminal of 80 columns without colours. */
function run(command: string): string {
  const [name, ...args] = command.replace(/^npx /, '').split(' ')
  if (name === 'xxd') return xxd(args)
  if (name !== 'etcdsnap') throw new Error(`an example may run xxd or etcdsnap, not ${command}`)
  const { stdout, stderr } = spawnSync(process.execPath, ['--import=tsx', 'bin/dev.js', ...args], {
    env: { ...process.env, COLUMNS: '80', NO_COLOR: '1', FORCE_COLOR: '0' },
    encoding: 'utf8',
  })
  if (stdout === '') throw new Error(`${command} prints nothing:\n${stderr}`)
  return stdout
}

/** What `xxd -s OFFSET -l LENGTH PATH` prints; a negative offset counts from the end. */
function xxd(args: string[]): string {
  const { values, positionals } = parseArgs({
    args: args.join(' ').replace('-s -', '-s-').split(' '),
    options: { s: { type: 'string', short: 's' }, l: { type: 'string', short: 'l' } },
    allowPositionals: true,
  })
  const bytes = readFileSync(positionals[0] as string)
  const offset = Number(values.s ?? 0)
  const start = offset < 0 ? bytes.length + offset : offset
  const end = Math.min(start + Number(values.l ?? bytes.length), bytes.length)
  let text = ''
  for (let at = start; at < end; at += 16) {
    const row = bytes.subarray(at, Math.min(at + 16, end))
    const pairs = row.toString('hex').match(/.{1,4}/g) ?? []
    const ascii = row.toString('latin1').replace(/[^\x20-\x7e]/g, '.')
    text += `${at.toString(16).padStart(8, '0')}: ${pairs.join(' ').padEnd(39)}  ${ascii}\n`
  }
  return text
}
