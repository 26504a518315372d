/**
 * Writes what the documentation takes from the program; with --check only says what is out of date.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createConfig } from '../src/cli/config.ts'
import { Help } from '../src/cli/help.ts'
import { refreshExamples } from './examples.ts'
import { findingsPage } from './findings-page.ts'
import { discoverProgram } from './program.ts'

/** Help that is kept instead of printed. */
class PlainHelp extends Help {
  text = ''

  protected override log(...args: string[]): void {
    this.text += `${args.join(' ')}\n`
  }
}

process.chdir(fileURLToPath(new URL('..', import.meta.url)))

const pages = {
  ...pagesWithExamples(),
  'docs/commands.md': await commandsPage(),
  'docs/findings.md': findingsPage(),
}

for (const [path, text] of Object.entries(pages)) {
  if (readIfThere(path) === text) continue
  if (process.argv.includes('--check')) {
    process.stderr.write(`${path} is out of date: npm run docs\n`)
    process.exitCode = 1
  } else {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
}

/** Every command's help, as a terminal of 80 columns shows it. */
async function commandsPage(): Promise<string> {
  const { program } = await discoverProgram()
  const sections = ['# Commands\n\nWhat `etcdsnap COMMAND --help` prints.\n']
  for (const id of Object.keys(program.commands)) {
    // Help leaves its marks on the configuration it describes.
    const config = await createConfig(structuredClone({ ...program, modules: {} }))
    const help = new PlainHelp(config, { maxWidth: 80, stripAnsi: true })
    await help.showHelp(id.split(':'))
    const name = id.replaceAll(':', ' ')
    sections.push(`## ${name}\n\n\`\`\`text\n${help.text.trim()}\n\`\`\`\n`)
  }
  return sections.join('\n')
}

/** The pages that show what commands print. */
function pagesWithExamples(): Record<string, string> {
  const below = readdirSync('docs', { recursive: true, encoding: 'utf8' })
  const paths = ['README.md', ...below.map((name) => join('docs', name))]
  const written = paths.filter((path) => path.endsWith('.md')).sort()
  return Object.fromEntries(written.map((path) => [path, refreshExamples(readIfThere(path) ?? '')]))
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
