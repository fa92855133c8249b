import { randomUUID } from "node:crypto";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { type Loader, openLoadPool } from "../../../drizzle/copy.ts";
import { openPaymentFile, type PaymentFile, type PaymentLine, type PaymentRecord } from "../../../drizzle/intake/payments.ts";
import { REASONS } from "../../../drizzle/intake/reasons.ts";
import { UnreadableFile } from "../../../drizzle/intake/text.ts";
import { FILE_KINDS } from "../../../drizzle/tables/programs/payments.ts";
import { PROGRAM_MANAGEMENT } from "../../../schema/policy/words.ts";
import { openDatabases } from "../../data/databases.ts";

export const help = `
Usage: npx hub payments import FILE --kind KIND --program CODE --agency AGENCY --officer ID [--reference TEXT] [--closing] [--dry-run]
                               [--json]

Reconciles a file of a bank or the treasury to the rupiah. Lines that agree move their payments; all others stand in the queue of differences,
by line, and move nothing. The same file a second time is refused, unless under another reference. CSV with a heading, in UTF-8, comma, semicolon or tab:

  BANK_ACCOUNT      payment,state,failure          TREASURY_CHECK, ACCOUNT_OPENING or ACCOUNT_CHECK_FAILED
  TREASURY_CHECK    payment,state,failure          ORDER_PENDING or TREASURY_CHECK_FAILED
  TREASURY_RELEASE  order,release,amount,payments  numbers of SPM and SP2D, sum, how many: a line an order
  BANK_CREDIT       payment,state,amount,on        CREDITED, then TRANSACTED or NOT_TRANSACTED (with failure)
  BANK_RETURN       payment,state,amount,failure   RETURNED

payment is the id the hub gave; amount in whole rupiah, digits alone; on as YYYY-MM-DD, today where left out; failure a code of
paymentFailures. The officer is on duty as BANK (for the agency's own channel alone) or TREASURY: the database holds that. Nobody signs in here,
and no agreement is asked: whoever runs this answers for acting as that officer, whose name the history will carry. It reaches all regions, of
the one program alone. Who has a signature of their own uses reportPayments.

  --reference TEXT  the sender's own number, where the same content is a report of its own (an account repaired and found closed again)
  --closing   of BANK_CREDIT: the last about its orders, so that their payments still instructed are missing
  --dry-run   says what would come of it and changes nothing
  --json      print the figures as JSON

Lines that cannot be read are told, and stop the whole file. Exit codes: 0 all agree, 1 some differ or cannot be read, 2 wrong usage or
unreadable file.
`;

/** Figures of a reconciled file. `total`: rupiah of the lines taken. */
interface Reconciled {
  readonly lines: number;
  readonly taken: number;
  readonly differing: number;
  readonly total: string;
  readonly differences: Readonly<Record<string, number>>;
}

interface Job {
  readonly name: string;
  readonly file: PaymentFile;
  readonly kind: string;
  readonly program: string;
  readonly agency: string;
  readonly officer: string;
  readonly reference: string;
  readonly isClosing: boolean;
  readonly isDry: boolean;
}

/** `argv`: what follows `payments`. */
export async function payments(argv: readonly string[]): Promise<number> {
  const options = {
    kind: { type: "string", default: "" },
    program: { type: "string", default: "" },
    agency: { type: "string", default: "" },
    officer: { type: "string", default: "" },
    reference: { type: "string", default: "" },
    closing: { type: "boolean", default: false },
    "dry-run": { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  } as const;
  const { values, positionals } = parseArgs({ args: [...argv], allowPositionals: true, options });
  const [what, path, ...more] = positionals;
  if (what !== "import" || path === undefined || more.length > 0) return complain("npx hub payments import FILE");
  if (!FILE_KINDS.some((kind) => kind === values.kind)) return complain(`--kind must be one of ${FILE_KINDS.join(", ")}`);
  const missing = (["program", "agency", "officer"] as const).filter((name) => values[name] === "");
  if (missing.length > 0) return complain(`say ${missing.map((name) => `--${name}`).join(", ")}`);
  const { kind, program, agency, officer, reference, closing: isClosing, "dry-run": isDry } = values;
  try {
    const file = await openPaymentFile(path, kind);
    return tell(
      await reconcile({ name: basename(path), file, kind, program, agency, officer, reference, isClosing, isDry }),
      values.json,
    );
  } catch (error) {
    if (error instanceof UnreadableFile) return complain(`${path}: ${error.message}. Nothing was taken.`);
    if (error instanceof WrongLines) return wrongLines(error.records);
    throw error;
  }
}

class WrongLines extends Error {
  readonly records: readonly PaymentRecord[];
  constructor(records: readonly PaymentRecord[]) {
    super("lines cannot be read");
    this.records = records;
  }
}

/** Undoes a dry run with what it has found. */
class Undone extends Error {
  readonly found: Reconciled;
  constructor(found: Reconciled) {
    super("a dry run");
    this.found = found;
  }
}

/** One transaction, as the role of the slice under the officer's duties: the rules are those of the mutation. */
async function reconcile(job: Job): Promise<Reconciled> {
  const databases = await openDatabases(process.env, note);
  const pool = openLoadPool(databases.urls.programs.runtime, { max: 1 });
  try {
    return await pool.load(async (loader) => {
      const found = await reconcileIn(loader, job);
      if (job.isDry) throw new Undone(found);
      return found;
    });
  } catch (error) {
    if (error instanceof Undone) return error.found;
    throw error;
  } finally {
    await pool.end();
    await databases.close();
  }
}

const LINES_A_STATEMENT = 10_000;

async function reconcileIn(loader: Loader, job: Job): Promise<Reconciled> {
  const { name, file, kind, program, agency, officer, reference, isClosing } = job;
  const id = randomUUID();
  await loader.query(SPEAK, [list(agency), list(officer), list(PROGRAM_MANAGEMENT), new Date().toISOString(), list(program)]);
  await loader.query("select programs.receive_payment_file($1, $2, $3, $4, $5, $6)", [
    id,
    kind,
    program,
    name,
    file.sha256,
    reference,
  ]);
  const add = (lines: readonly PaymentLine[]) =>
    loader.query("select programs.add_payment_lines($1, $2::jsonb)", [id, JSON.stringify(lines)]);
  const wrong: PaymentRecord[] = [];
  let lines: PaymentLine[] = [];
  for await (const record of file.records) {
    if (record.line === null) wrong.push(record);
    else lines.push(record.line);
    if (wrong.length === MOST_TOLD) break;
    if (lines.length === LINES_A_STATEMENT) {
      await add(lines);
      lines = [];
    }
  }
  if (wrong.length > 0) throw new WrongLines(wrong);
  await add(lines);
  await loader.query("select programs.reconcile_payment_file($1, $2)", [id, isClosing]);
  return figuresOf(loader, id);
}

const SPEAK = `select set_config('hub.agency', $1, true), set_config('hub.officer', $2, true), set_config('hub.purpose', $3, true), set_config('hub.now', $4, true),
  set_config('hub.citizen', '{}', true), set_config('hub.agreement', '{}', true), set_config('hub.regions', '{0,A}', true), set_config('hub.programs', $5, true),
  set_config('hub.decile_max', '100', true)`;
const list = (word: string) => `{"${word.replace(/["\\]/g, "\\$&")}"}`;

async function figuresOf(loader: Loader, id: string): Promise<Reconciled> {
  const [figures] = await loader.query<Omit<Reconciled, "differences">>(
    "select lines, taken, differing, total::text from programs.payment_file where id = $1",
    [id],
  );
  const kinds = await loader.query<{ kind: string; n: number }>(
    "select kind, count(*)::int as n from programs.payment_difference where file_id = $1 group by kind order by kind",
    [id],
  );
  const differences = Object.fromEntries(kinds.map(({ kind, n }) => [kind, n]));
  return { ...(figures ?? { lines: 0, taken: 0, differing: 0, total: "0" }), differences };
}

const MOST_TOLD = 20;

function tell({ lines, taken, differing, total, differences }: Reconciled, isJson: boolean): number {
  const figures = { lines, taken, differing, total, differences };
  const told = Object.entries(differences).map(([kind, n]) => `  ${kind.padEnd(16)} ${n}\n`);
  const text = `${lines} lines, ${taken} reconciled (Rp ${total}), ${differing} differ\n${told.join("")}`;
  process.stdout.write(isJson ? `${JSON.stringify(figures)}\n` : text);
  return Object.keys(differences).length > 0 ? 1 : 0;
}

function wrongLines(records: readonly PaymentRecord[]): number {
  for (const { at, fault } of records)
    note(`line ${at}: ${fault?.field ?? ""} ${REASONS[fault?.reason ?? ""] ?? fault?.reason ?? ""}`);
  note("nothing was taken: correct the file and send it again");
  return 1;
}

function complain(text: string): number {
  note(text);
  return 2;
}

function note(text: string): void {
  process.stderr.write(`hub payments: ${text}\n`);
}
