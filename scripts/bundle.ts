import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type BuildOptions, build, type Metafile, type PluginBuild } from 'esbuild'
import { discoverProgram } from './program.ts'

/**
 * One CommonJS file each: CommonJS, because only a plain script can carry V8's code cache.
 *
 * Whatever is behind an `import()` stays unevaluated until it is asked for. The compilers are
 * oclif's, for development.
 */
const options: BuildOptions = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20.19',
  minify: true,
  keepNames: true,
  external: ['typescript', 'ts-node', 'tsx'],
  supported: { 'dynamic-import': false },
  define: { 'import.meta.url': 'bundleUrl' },
  banner: { js: "const bundleUrl=require('node:url').pathToFileURL(__filename).href;" },
  legalComments: 'none',
  logLevel: 'warning',
  plugins: [{ name: 'leave-out', setup: leaveOut }],
}

/**
 * What oclif loads at every start to search the disk for plugins and configuration, and to tell WSL
 * from Linux: nothing of it is reached by a program that brings its commands along.
 */
function leaveOut({ onResolve, onLoad }: PluginBuild): void {
  const unreached = /^(tinyglobby|minimatch|lilconfig|get-package-type|wsl-utils)$/
  onResolve({ filter: unreached }, ({ path }) => ({ path, namespace: 'left-out' }))
  onLoad({ filter: /./, namespace: 'left-out' }, () => ({ contents: 'module.exports = {}' }))
}

/** Bundles the CLI into `directory`/etcdsnap.cjs; tells what went into it. */
export async function bundleProgram(directory: string): Promise<Metafile> {
  const contents = await entry()
  const { metafile } = await build({
    ...options,
    metafile: true,
    stdin: { contents, loader: 'ts', resolveDir: '.', sourcefile: 'etcdsnap.ts' },
    outfile: join(directory, 'etcdsnap.cjs'),
  })
  return metafile
}

/**
 * Bundles each src/lib/…/NAME.worker.ts into `directory`/NAME.worker.cjs: beside the CLI, so that
 * `NAME.worker` + the extension of the importing file, relative to it, is right everywhere.
 */
export async function bundleWorkers(directory: string): Promise<void> {
  const entryPoints = readdirSync('src/lib', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.worker.ts'))
    .map((name) => join('src/lib', name))
  await build({
    ...options,
    entryPoints,
    entryNames: '[name]',
    outdir: directory,
    outExtension: { '.js': '.cjs' },
  })
}

/** The module that ties commands, manifest and start together. */
async function entry(): Promise<string> {
  const { program, files } = await discoverProgram()
  const modules = Object.entries(files).map(
    ([id, file]) => `${JSON.stringify(id)}: () => import('./${file}')`,
  )
  const { root: _, ...known } = program
  return `
    import './src/cli/environment.ts'
    import { dirname } from 'node:path'
    import { main } from './src/cli/main.ts'
    const root = dirname(__dirname)
    const modules = { ${modules.join(', ')} }
    const program = { ...${JSON.stringify(known)}, root, modules }
    export const run = (argv) => main(program, argv)
    if (require.main === module) run()
  `
}
