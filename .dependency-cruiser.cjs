/** The folders of src/lib from the top down: a layer imports itself and the layers after it. */
const layers = [
  ['report', 'diff', 'restore'],
  ['verdict'],
  ['rules'],
  ['member'],
  ['store', 'k8s'],
  ['snap', 'wal', 'bolt'],
  ['proto', 'findings', 'checksum', 'io'],
]

const anyOf = (folders) => `^src/lib/(${folders.flat().join('|')})/`

const oneWay = layers.slice(1).map((layer, index) => ({
  name: `${layer.join('-')}-imports-upwards`,
  severity: 'error',
  from: { path: anyOf(layer) },
  to: { path: anyOf(layers.slice(0, index + 1)) },
}))

module.exports = {
  forbidden: [
    ...oneWay,
    {
      name: 'folder-without-a-layer',
      comment: 'Give it its place in the list above.',
      severity: 'error',
      from: {},
      to: { path: '^src/lib/[^/]+/', pathNot: anyOf(layers) },
    },
    {
      name: 'lib-knows-no-terminal',
      comment: 'src/lib is a library: no command line, no colours, no process.',
      severity: 'error',
      from: { path: '^src/lib/' },
      to: {
        path: [
          '^src/(cli|commands)/',
          '^node_modules/(@oclif/|chalk/|cli-table3/)',
          '^(node:)?(process|child_process|tty|readline)$',
        ],
      },
    },
    {
      name: 'cli-knows-no-command',
      severity: 'error',
      from: { path: '^src/cli/' },
      to: { path: '^src/commands/' },
    },
    {
      name: 'commands-stand-alone',
      comment: 'What two commands share belongs to src/cli or src/lib.',
      severity: 'error',
      from: { path: '^src/commands/' },
      to: { path: '^src/commands/' },
    },
    {
      name: 'generated-code-is-private',
      comment: 'Commands and the terminal see what src/lib makes of it.',
      severity: 'error',
      from: { path: '^src/(cli|commands)/' },
      to: { path: '/generated/' },
    },
    {
      name: 'oclif-index',
      comment: 'Loading all of oclif costs 40 ms at every start: import @oclif/core/command etc.',
      severity: 'error',
      from: {},
      to: { path: '^node_modules/@oclif/core/lib/index\\.' },
    },
    {
      name: 'heavy-at-start',
      comment: 'What few runs need is loaded by import() when it is needed.',
      severity: 'error',
      from: { path: '^src/(cli|commands)/' },
      to: {
        path: '^node_modules/(chalk|cli-table3|yaml)/',
        dependencyTypesNot: ['type-only'],
        dynamic: false,
      },
    },
    {
      name: 'no-cycles',
      comment: 'Types may refer to each other; code that runs may not.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'not-found', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^src/lib/[^/]+/kernel/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
