import type { Completed, Flag } from "./words.ts";

export const zsh = (known: readonly Completed[]): string => `#compdef hub
# completion of hub for zsh: npx hub completion zsh > "\${fpath[1]}/_hub"
_hub() {
  local -a commands
  commands=(
${known.map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}`).join("\n")}
    'help:explain a command'
  )
  if ((CURRENT == 2)); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  ((CURRENT--))
  case $command in
${known.map(caseOf).join("\n")}
    help) _describe command commands ;;
  esac
}
if [ "$funcstack[1]" = _hub ]; then _hub "$@"; else compdef _hub hub; fi
`;

const caseOf = ({ name, actions, flags }: Completed): string => {
  const first = actions.length > 0 ? `'1:action:_values action ${actions.join(" ")}'` : "'1:file:_files'";
  return `    ${name}) _arguments ${[first, ...flags.map(specOf)].join(" ")} '*:file:_files' ;;`;
};

function specOf({ name, takes }: Flag): string {
  if (takes === "nothing") return `'--${name}'`;
  const value = takes === "path" ? "_files" : takes === "anything" ? " " : `(${takes.join(" ")})`;
  return `'--${name}=:${name}:${value}'`;
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
