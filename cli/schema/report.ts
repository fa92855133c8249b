import type { Change } from "./changes/change.ts";
import { SEVERITIES } from "./changes/kinds.ts";
import type { Touched } from "./reach/touched.ts";

export type Reach = ReadonlyMap<string, readonly Touched[]>;

const MARKS = { BREAKING: "✗", DANGEROUS: "!", SAFE: "·" } as const;

/** The changes as lines, each with whom it touches; last how many there are. */
export function report(changes: readonly Change[], reach: Reach): string {
  const lines = changes.flatMap((change) => [
    `${MARKS[change.severity]} ${change.words.en}`,
    ...whomOf(change, reach).map((whom) => `    ${whom}`),
  ]);
  const counts = SEVERITIES.map((one) => `${changes.filter(({ severity }) => severity === one).length} ${one.toLowerCase()}`);
  return `${[...lines, `${counts.join(", ")}`].join("\n")}\n`;
}

function whomOf(change: Change, reach: Reach): string[] {
  return [...reach].flatMap(([name, touched]) => {
    const own = touched.find((one) => one.change === change);
    if (own === undefined) return [];
    const how = own.isAsked ? "asked of late, as its record shows" : "opened by its grants";
    return [`${name}: ${own.documents.length > 0 ? own.documents.join(", ") : how}`];
  });
}

/** The same for programs. */
export const asJson = (changes: readonly Change[], reach: Reach): string =>
  `${JSON.stringify(
    changes.map((change) => ({
      ...change,
      touches: [...reach].flatMap(([agreement, touched]) =>
        touched
          .filter((one) => one.change === change)
          .map(({ documents, isOpened, isAsked }) => ({ agreement, documents, isOpened, isAsked })),
      ),
    })),
    null,
    2,
  )}\n`;

/** Entry of CHANGELOG.md under "Unreleased", for partners. */
export function changelog(changes: readonly Change[]): string {
  const heads = [
    ["Breaking", "BREAKING"],
    ["Changed", "DANGEROUS"],
    ["Added", "SAFE"],
  ] as const;
  const parts = heads.flatMap(([head, severity]) => {
    const lines = changes.filter((one) => one.severity === severity).map(({ words }) => `- ${coded(words.en)}`);
    return lines.length === 0 ? [] : [`### ${head}`, ...lines, ""];
  });
  return `${["## Unreleased", "", ...parts].join("\n").trimEnd()}\n`;
}

/** Coordinates between backticks. */
const coded = (text: string): string =>
  text.replace(/\b[A-Z]\w*\.\w+(?:\(\w+:\))?|(?<=[Tt]ype )[A-Z]\w+/g, (coordinate) => `\`${coordinate}\``);
