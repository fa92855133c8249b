import type { Completed, Flag } from "./words.ts";

export const fish = (
  known: readonly Completed[],
): string => `# completion of hub for fish: npx hub completion fish > ~/.config/fish/completions/hub.fish
complete -c hub -f
${known.flatMap(linesOf).join("\n")}
complete -c hub -n __fish_use_subcommand -a help -d 'explain a command'
complete -c hub -n __fish_use_subcommand -l version -d 'which release this is'
`;

function linesOf({ name, summary, actions, flags }: Completed): string[] {
  const here = `-n '__fish_seen_subcommand_from ${name}'`;
  return [
    `complete -c hub -n __fish_use_subcommand -a ${name} -d '${summary.replaceAll("'", "\\'")}'`,
    ...(actions.length > 0 ? [`complete -c hub ${here} -a '${actions.join(" ")}'`] : [`complete -c hub ${here} -F`]),
    ...flags.map((flag) => `complete -c hub ${here} -l ${flag.name}${takesOf(flag)}`),
  ];
}

function takesOf({ takes }: Flag): string {
  if (takes === "nothing") return "";
  if (takes === "path") return " -r -F";
  return takes === "anything" ? " -x" : ` -x -a '${takes.join(" ")}'`;
}
