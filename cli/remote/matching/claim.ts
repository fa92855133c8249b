import { readFileSync } from "node:fs";
import { textOf } from "../credentials.ts";
import { Misuse, Refused } from "../faults.ts";
import { plain, shown } from "../plain.ts";
import { runAt, type Wanted } from "./match.ts";
import { proved } from "./proof.ts";

const VERIFY = `query VerifyClaim($input: VerifyIdentityInput!) {
  verifyIdentity(input: $input) { status reasons elements { element result similarity difference } } }`;

interface Verification {
  readonly status: string | null;
  readonly reasons: readonly string[] | null;
  readonly elements: readonly Element[] | null;
}

interface Element {
  readonly element: string | null;
  readonly result: string | null;
  readonly similarity: number | null;
  readonly difference: readonly string[] | null;
}

/**
 * Whether a NIK and what is said of its holder fit the register, element by element. The claim is read from a file or from stdin, and goes in the
 * body of the question: never in an argument, which every process of this machine could read. Asked once: each question counts. Throws Misuse and Refused.
 */
export async function claimAt(wanted: Wanted, path: string): Promise<number> {
  const input = claimIn(path === "-" ? readFileSync(0, "utf8") : textOf(path));
  const run = await runAt(wanted, "match");
  const { data, faults, receipt } = await run.hub.answer<{ verifyIdentity: Verification | null }>(VERIFY, { input });
  const verification = data.verifyIdentity;
  if (verification === null) throw new Refused(faults.join("\n") || "the hub answers nothing");
  for (const fault of faults) run.note(fault);
  process.stdout.write(wanted.json ? shown(`${JSON.stringify(verification)}\n`) : plain(lines(verification).join("")));
  const { isGood } = await proved(run, [receipt]);
  return isGood && verification.status === "MATCHED" ? 0 : 1;
}

/** Nothing of it is repeated in a fault. Throws Misuse. */
function claimIn(text: string): object {
  try {
    const claim: unknown = JSON.parse(text);
    if (typeof claim === "object" && claim !== null && typeof (claim as { nik?: unknown }).nik === "string") return claim;
  } catch {}
  throw new Misuse('a claim is JSON: { "nik": "…", "fullName": "…", "birthDate": "YYYY-MM-DD", … }, with the NIK as a text.');
}

const lines = ({ status, reasons, elements }: Verification): string[] => [
  `${status ?? "the agreement does not show the status"}  ${(reasons ?? []).join(" ")}\n`,
  ...(elements ?? [])
    .filter(({ result }) => result !== "NOT_TESTED")
    .map(
      ({ element, result, similarity, difference }) =>
        `  ${[element, result, similarity, ...(difference ?? [])].filter((one) => one != null).join(" ")}\n`,
    ),
];
