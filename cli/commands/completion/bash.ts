import type { Completed } from "./words.ts";

/** Runs in bash 3.2 as well, which macOS has. */
export const bash = (known: readonly Completed[]): string => `# completion of hub for bash: . <(npx hub completion bash)
_hub() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD - 1]}" at=1
  [ "\${COMP_WORDS[0]##*/}" = npx ] && at=2
  COMPREPLY=()
  if [ "$at" = 2 ] && [ "\${COMP_WORDS[1]}" != hub ]; then return; fi
  if [ "$COMP_CWORD" -le "$at" ]; then
    COMPREPLY=($(compgen -W "${known.map(({ name }) => name).join(" ")} help --help --version" -- "$word"))
    return
  fi
  local command="\${COMP_WORDS[at]}" words=""
  if [ "$command" = help ]; then
    COMPREPLY=($(compgen -W "${known.map(({ name }) => name).join(" ")}" -- "$word"))
    return
  fi
  case "$command $before" in
${known.flatMap(valuesOf).join("\n")}
  esac
  case "$command" in
${known.map(wordsOf).join("\n")}
  esac
  case "$word" in
    -*) COMPREPLY=($(compgen -W "$words" -- "$word")) ;;
    *)
      if [ "$COMP_CWORD" -eq "$((at + 1))" ]; then COMPREPLY=($(compgen -W "$words" -- "$word")); fi
      COMPREPLY+=($(compgen -f -- "$word"))
      ;;
  esac
}
complete -o filenames -F _hub hub
complete -p npx >/dev/null 2>&1 || complete -o default -F _hub npx
`;

const wordsOf = ({ name, actions, flags }: Completed): string =>
  `    ${name}) words="${[...actions, ...flags.map((flag) => `--${flag.name}`)].join(" ")}" ;;`;

/** What follows a flag that takes something. */
const valuesOf = ({ name, flags }: Completed): string[] =>
  flags.flatMap(({ name: flag, takes }) => {
    if (takes === "nothing") return [];
    const reply = takes === "path" ? "compgen -f" : takes === "anything" ? null : `compgen -W "${takes.join(" ")}"`;
    return [`    "${name} --${flag}") ${reply === null ? "" : `COMPREPLY=($(${reply} -- "$word")); `}return ;;`];
  });
