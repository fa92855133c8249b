/** What one source says of one field of an individual. */
export interface Claim {
  readonly value: string;
  readonly source: string;
  readonly row: string;
  /** ISO day the row is of. */
  readonly date: string;
  /** Somebody looked: a field visit, a document. */
  readonly isVerified: boolean;
}

export type Basis = "REGISTER" | "VERIFIED" | "MAJORITY";

/** A field's surviving value with where it comes from. */
export interface Survivor {
  readonly value: string;
  readonly basis: Basis;
  readonly from: Pick<Claim, "source" | "row" | "date">;
  /** Other values that were claimed, each once, in byte order. */
  readonly others: readonly string[];
}

/**
 * The value of a field that survives a merge: the register's, else the latest verified, else the one most rows have, where a draw goes to
 * the later date. Rows that say the same are named by the latest; last ties by source and row. Empty values are no claims. Pure; the
 * order of the claims does not matter. Null: nobody says anything.
 */
export function survivorOf(register: Claim | null, rows: readonly Claim[]): Survivor | null {
  const own = register && register.value !== "" ? [register] : [];
  const claims = rows.filter(({ value }) => value !== "").sort(latestFirst);
  const verified = claims.filter(({ isVerified }) => isVerified);
  const [basis, chosen] = chosenOf(own[0], verified[0], mostClaimed(claims));
  if (!chosen) return null;
  const { value, source, row, date } = chosen;
  const others = new Set([...own, ...claims].map((claim) => claim.value));
  others.delete(value);
  return { value, basis, from: { source, row, date }, others: [...others].sort(byBytes) };
}

const chosenOf = (register?: Claim, verified?: Claim, common?: Claim): readonly [Basis, Claim | undefined] => {
  if (register) return ["REGISTER", register];
  return verified ? ["VERIFIED", verified] : ["MAJORITY", common];
};

/** Every field for itself: a row with the right birth date may have the wrong name. */
export function survivorsOf<Field extends string>(
  fields: readonly Field[],
  { register, rows }: { register: Claims<Field> | null; rows: readonly Claims<Field>[] },
): Record<Field, Survivor | null> {
  const claimOf = ({ values, ...from }: Claims<Field>, field: Field): Claim => ({ ...from, value: values[field] ?? "" });
  const entries = fields.map((field) => [
    field,
    survivorOf(
      register && claimOf(register, field),
      rows.map((row) => claimOf(row, field)),
    ),
  ]);
  return Object.fromEntries(entries) as Record<Field, Survivor | null>;
}

/** A row's claims. */
export interface Claims<Field extends string> extends Omit<Claim, "value"> {
  readonly values: Readonly<Partial<Record<Field, string>>>;
}

/** The latest claim of the value with most claims; `claims` are latest first, so of a draw the later one is met first. */
function mostClaimed(claims: readonly Claim[]): Claim | undefined {
  const counts = new Map<string, number>();
  for (const { value } of claims) counts.set(value, (counts.get(value) ?? 0) + 1);
  const most = Math.max(0, ...counts.values());
  return claims.find(({ value }) => counts.get(value) === most);
}

const byBytes = (a: string, b: string): number => Number(a > b) - Number(a < b);
const latestFirst = (a: Claim, b: Claim): number =>
  byBytes(b.date, a.date) || byBytes(a.source, b.source) || byBytes(a.row, b.row) || byBytes(a.value, b.value);
