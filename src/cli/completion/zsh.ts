import type { FlagGrammar, Grammar } from './grammar.ts'

/** The completion script for zsh. */
export function zshCompletion(grammars: readonly Grammar[]): string {
  const names = grammars.filter(({ name }) => name !== '').map(({ name }) => quote(name))
  return `#compdef etcdsnap
# zsh completion for etcdsnap: put this file into $fpath as _etcdsnap, or source it

_etcdsnap() {
  local command= word state line
  typeset -A opt_args
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "\${command:+$command }$word" in
      (${names.join('|')}) command="\${command:+$command }$word" ;;
    esac
  done

  local -a flags subcommands operands
  local paths=
  case "$command" in
${grammars.map(commandCase).join('\n')}
  esac

  _arguments -s $flags '*:operand:->operand'
  if [[ $state == operand ]]; then
    (( $#subcommands )) && _describe command subcommands
    (( $#operands )) && compadd -a operands
    [[ -n $paths ]] && _files
  fi
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  _etcdsnap "$@"
else
  compdef _etcdsnap etcdsnap
fi
`
}

function commandCase({ name, subcommands, flags, words, takesPaths }: Grammar): string {
  const described = subcommands.map(({ word, summary }) => quote(`${word}:${summary}`))
  return `    (${quote(name)})
      flags=(${flags.flatMap(flagSpecs).map(quote).join(' ')})
      subcommands=(${described.join(' ')})
      operands=(${words.map(quote).join(' ')})
      paths=${takesPaths ? 'yes' : ''}
      ;;`
}

/** One specification for each spelling, as _arguments wants them. */
function flagSpecs({ long, short, summary, values }: FlagGrammar): string[] {
  const label = `[${summary.replace(/[[\]\\:]/g, '\\$&')}]`
  if (values === undefined) return short === undefined ? [`${long}${label}`] : both(label, label)
  const value = values.length === 0 ? ':value:_files' : `:value:(${values.join(' ')})`
  return short === undefined
    ? [`${long}=${label}${value}`]
    : both(`=${label}${value}`, `+${label}${value}`)

  function both(afterLong: string, afterShort: string): string[] {
    const exclusive = `(${short} ${long})`
    return [`${exclusive}${long}${afterLong}`, `${exclusive}${short}${afterShort}`]
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
