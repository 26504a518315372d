import type { FlagGrammar, Grammar } from './grammar.ts'

/** The completion script for bash 4 and later. */
export function bashCompletion(grammars: readonly Grammar[]): string {
  const names = grammars.filter(({ name }) => name !== '').map(({ name }) => quote(name))
  return `# bash completion for etcdsnap: source this file, or put it in /etc/bash_completion.d

_etcdsnap() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD - 1]}"
  # bash takes --flag=value apart into three words.
  if [[ $cur == = ]]; then
    cur=''
  elif [[ $prev == = ]]; then
    prev="\${COMP_WORDS[COMP_CWORD - 2]}"
  fi

  local command='' word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD - 1}"; do
    case "\${command:+$command }$word" in
      ${names.join(' | ')}) command="\${command:+$command }$word" ;;
    esac
  done

  local words='' flags='' values='' paths=''
  case "$command" in
${grammars.map(commandCase).join('\n')}
  esac

  if [[ -n $values ]]; then
    COMPREPLY=($(compgen -W "$values" -- "$cur"))
    return
  fi
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W "$flags" -- "$cur"))
    return
  fi
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
  if [[ -n $paths ]]; then
    compopt -o filenames 2>/dev/null
    local IFS=$'\\n'
    COMPREPLY+=($(compgen -f -- "$cur"))
  fi
}

complete -F _etcdsnap etcdsnap
`
}

function commandCase({ name, subcommands, flags, words, takesPaths }: Grammar): string {
  const operands = [...subcommands.map(({ word }) => word), ...words]
  const typed = flags.flatMap(({ long, short }) => (short === undefined ? [long] : [long, short]))
  const valued = flags.filter(({ values }) => values !== undefined).map(valueCase)
  return `    ${quote(name)})
      words=${quote(operands.join(' '))}
      flags=${quote(typed.join(' '))}
      paths=${takesPaths ? 'yes' : ''}${
        valued.length === 0 ? '' : `\n      case "$prev" in\n${valued.join('\n')}\n      esac`
      }
      ;;`
}

function valueCase({ long, short, values = [] }: FlagGrammar): string {
  const typed = short === undefined ? long : `${long} | ${short}`
  const effect = values.length > 0 ? `values=${quote(values.join(' '))}` : "words='' paths=yes"
  return `        ${typed}) ${effect} ;;`
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
