import { rawClient } from "../../../drizzle/client.ts";
import type { DatabaseUrls } from "../../../drizzle/cluster.ts";
import { lookedUp } from "../../record/kills.ts";
import type { Outcome, Receipt } from "./crowd.ts";

// What is made of all that clients were told: by what was promised, not by what broke.

/** Growth a second by least squares of values at seconds; 0 of fewer than two. */
export function slopeOf(points: readonly (readonly [seconds: number, value: number])[]): number {
  const mean = (at: 0 | 1) => points.reduce((sum, point) => sum + point[at], 0) / points.length;
  const [middle, level] = [mean(0), mean(1)];
  const [over, under] = points.reduce(([o, u], [x, y]) => [o + (x - middle) * (y - level), u + (x - middle) ** 2], [0, 0]);
  return under === 0 ? 0 : over / under;
}

export interface Standing {
  /** Answers with data that clients have, and how many of them went without a record, which only figures may. */
  readonly answers: number;
  readonly unrecorded: number;
  readonly refusals: number;
  readonly died: number;
  /** Entries whose text tells an instant before or after the run: a clock was wrong, and the verifier says so. */
  readonly misdated: number;
  /** Each must be empty. */
  readonly broken: Readonly<Record<string, readonly string[]>>;
}

interface Accounts {
  readonly urls: DatabaseUrls;
  readonly outcomes: readonly Outcome[];
  /** Beginning of what mutations wrote down. */
  readonly mark: string;
  /** Names of asks that may be answered while the record is away. */
  readonly figures: readonly string[];
  readonly said: string;
  /** When it began. */
  readonly since: Date;
}

export async function standingOf({ urls, outcomes, mark, figures, said, since }: Accounts): Promise<Standing> {
  const answered = outcomes.filter(({ data }) => data !== null);
  const receipts = answered.flatMap(({ receipt }) => receipt ?? []);
  const { missing, unannounced, faults } = await lookedUp(urls, receipts as Receipt[]);
  const misdated = faults.filter((fault) => isMisdated(fault, since));
  const bare = answered.filter(({ receipt }) => receipt === undefined);
  return {
    answers: answered.length,
    unrecorded: bare.length,
    refusals: outcomes.filter(({ data, status }) => data === null && status !== 0).length,
    died: outcomes.filter(({ status }) => status === 0).length,
    misdated: misdated.length,
    broken: {
      "answers whose receipt is not on record": missing,
      "answers whose announcement is not on record": unannounced,
      "faults the verifier finds in the tree": faults.filter((fault) => !misdated.includes(fault)),
      "personal answers without a receipt": bare
        .filter(({ name, isUnrecorded }) => !isUnrecorded || !figures.includes(name))
        .map(({ name, codes }) => `${name} ${codes}`),
      "questions nobody answered": outcomes.filter(({ codes }) => codes.includes("UNANSWERED")).map(({ name }) => name),
      "refusals for want of room that do not say when to come back": outcomes
        .filter(({ status, hasRetryAfter }) => (status === 503 || status === 429) && !hasRetryAfter)
        .map(({ name, codes }) => `${name} ${codes}`),
      ...actsOf(outcomes, await writtenBy(urls, mark)),
      "NIKs in what any process wrote": await niksIn(urls, said),
    },
  };
}

function isMisdated(fault: string, since: Date): boolean {
  const at = Date.parse(/^MISFILED: .*, (\S+Z)\): the table has it under another at than its text/.exec(fault)?.[1] ?? "");
  return at < since.getTime() || at > Date.now();
}

/** How often each act was done, by its mark. */
async function writtenBy(urls: DatabaseUrls, mark: string): Promise<ReadonlyMap<string, number>> {
  const sql = rawClient(urls.governance.owner, { max: 1 });
  const rows = await sql`select justification as mark, count(*)::int as times from governance.access_request
    where starts_with(justification, ${mark}) group by 1`;
  await sql.end();
  return new Map(rows.map(({ mark, times }) => [mark, times]));
}

/** What is uncertain may have been done once; what was answered was, and what was plainly refused was not. */
function actsOf(outcomes: readonly Outcome[], times: ReadonlyMap<string, number>): Record<string, string[]> {
  const acts = outcomes.flatMap(({ mark, data, codes, status }) =>
    mark === undefined ? [] : [{ mark, times: times.get(mark) ?? 0, data, codes, status }],
  );
  const isUnsure = (codes: readonly string[]) => codes.some((code) => UNSURE.has(code));
  return {
    "acts done more than once": acts.filter((act) => act.times > 1).map(({ mark }) => mark),
    "acts answered and not done": acts.filter((act) => act.data?.["requestAccess"] && act.times === 0).map(({ mark }) => mark),
    "acts plainly refused and done": acts
      .filter((act) => act.data === null && !isUnsure(act.codes) && act.times > 0)
      .map(({ mark, codes }) => `${mark} ${codes}`),
  };
}
const UNSURE = new Set(["OUTCOME_UNCONFIRMED", "DIED", "UNANSWERED"]);

async function niksIn(urls: DatabaseUrls, text: string): Promise<string[]> {
  const found = [...new Set(text.match(/(?<!\d)\d{16}(?!\d)/g) ?? [])];
  const sql = rawClient(urls.population.owner, { max: 1 });
  const rows = await sql`select left(lpad(nik::text, 16, '0'), 6) as nik from person where nik = any(${found}::bigint[])`;
  await sql.end();
  return rows.map(({ nik }) => `${nik}…`);
}
