import type { FlagGrammar, Grammar } from './grammar.ts'

/** The completion script for fish 3 and later. */
export function fishCompletion(grammars: readonly Grammar[]): string {
  const names = grammars.filter(({ name }) => name !== '').map(({ name }) => quote(` ${name}`))
  return `# fish completion for etcdsnap: put this file into ~/.config/fish/completions/etcdsnap.fish

function __etcdsnap_command
    set -l command
    for word in (commandline -opc)[2..-1]
        contains -- "$command $word" ${names.join(' ')}
        and set command "$command $word"
    end
    echo "$command"
end

function __etcdsnap_in
    test (__etcdsnap_command | string trim) = "$argv"
end

complete -c etcdsnap -f
${grammars.flatMap(completions).join('\n')}
`
}

function completions({ name, subcommands, flags, words, takesPaths }: Grammar): string[] {
  const here = `complete -c etcdsnap -n ${quote(`__etcdsnap_in ${name}`.trim())}`
  return [
    ...subcommands.map(({ word, summary }) => `${here} -a ${word} -d ${quote(summary)}`),
    ...words.map((word) => `${here} -a ${word}`),
    ...(takesPaths ? [`${here} -F`] : []),
    ...flags.map((flag) => `${here} ${flagOptions(flag)}`),
  ]
}

function flagOptions({ long, short, summary, values }: FlagGrammar): string {
  const options = [`-l ${long.slice(2)}`, `-d ${quote(summary)}`]
  if (short !== undefined) options.unshift(`-s ${short.slice(1)}`)
  if (values !== undefined) {
    options.push(values.length === 0 ? '-r -F' : `-x -a ${quote(values.join(' '))}`)
  }
  return options.join(' ')
}

function quote(text: string): string {
  return `'${text.replace(/['\\]/g, '\\$&')}'`
}
