/** The word most like the given one, where one is like it at all: a few letters left out, added, changed or swapped. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((name) => ({ name, away: name.startsWith(word) && word.length > 2 ? 1 : distance(word.toLowerCase(), name) }))
    .filter(({ name, away }) => away <= Math.max(1, Math.floor(name.length / 3)))
    .sort((one, other) => one.away - other.away);
  return best?.name;
}

/** Edits from one word to the other; two letters that changed places are one. */
function distance(one: string, other: string): number {
  const rows = [Array.from({ length: other.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= one.length; row++) {
    const line = [row];
    for (let column = 1; column <= other.length; column++) line.push(stepTo({ rows, line, one, other }, column));
    rows.push(line);
  }
  return rows[one.length]?.[other.length] ?? 0;
}

interface Table {
  readonly rows: readonly (readonly number[])[];
  readonly line: readonly number[];
  readonly one: string;
  readonly other: string;
}

function stepTo({ rows, line, one, other }: Table, column: number): number {
  const row = rows.length;
  const at = (back: number, left: number) => rows[row - back]?.[column - left] ?? Number.POSITIVE_INFINITY;
  const cost = one[row - 1] === other[column - 1] ? 0 : 1;
  const isSwapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
  return Math.min(
    (line[column - 1] ?? 0) + 1,
    at(1, 0) + 1,
    at(1, 1) + cost,
    isSwapped ? at(2, 2) + 1 : Number.POSITIVE_INFINITY,
  );
}
