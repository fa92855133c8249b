import { isInForce, stateAt } from "../../../schema/policy/inForce.ts";
import { documentUses } from "../../../schema/policy/insight/document/documentUses.ts";
import { type Explanation, explain, explainCoordinates } from "../../../schema/policy/insight/explain/explain.ts";
import type { Explained, Explaining } from "../../../schema/policy/insight/explain/explained.ts";
import { badInput } from "../../kit/errors.ts";
import type { Asking } from "../../kit/serve/context.ts";
import type { AgreementRow } from "../data.ts";
import { validityOf } from "../state.ts";
import { entryOf } from "./data.ts";
import { type Seen, seenBy } from "./seen.ts";

/** An explanation, and of what. */
export interface Told extends Omit<Explanation, "decisions" | "hidden"> {
  readonly agreement: string;
  readonly version: number;
  readonly faults: readonly string[];
}

export interface Question {
  readonly document: string;
  readonly operationName?: string | null;
  readonly variables?: string | null;
  readonly agreement: string;
}

/** One answer for what is no GraphQL, what no schema has and what the agreement is not told of: to a partner the last must look like the others. */
const INVALID =
  "It is no document over this agreement's schema with secrets in variables only. Asked through the hub, it is told where.";
const NOTHING = { faults: [], refusals: [], denied: [], masked: [], coordinates: [] } as const;

/** Explains documents and recorded requests with the function and the facts the gateway's decisions are compiled from. */
export const explanations = (asking: Asking) => {
  const seen = seenBy(asking);
  const explaining = async (version: Seen): Promise<Explaining> => ({
    ...(await seen.ground()),
    content: version.content,
    consents: await seen.consents(version),
  });
  return {
    async document(question: Question): Promise<Told | null> {
      const row = await seen.agreement(question.agreement);
      const version = row && (await seen.version(row.number, row.current.version));
      if (!row || !version) return null;
      const facts = await explaining(version);
      const uses = documentUses(question.document, {
        ...{ schema: await seen.schema(), catalogue: facts.catalogue, operationName: question.operationName ?? null },
        variables: variablesOf(question.variables),
      });
      const closed = notOpen(row, version, asking.now);
      const told = toldOf(uses, facts, closed);
      const isSteward = asking.caller.officer !== null;
      return { ...NOTHING, ...version.which, ...(isSteward || !told.isVeiled ? told.found : { faults: [INVALID] }) };
    },

    async request(receipt: string): Promise<Told | null> {
      const entry = await entryOf(asking.db, receipt);
      if (!entry) return null;
      const { version: number, status, ...lists } = JSON.parse(entry.body) as Recorded;
      const version = number === null ? null : await seen.version(entry.agreement, number);
      if (!version) return null;
      const { shown = [], asked = [], masked = [], denied = [], used = [] } = lists;
      const coordinates: readonly Explained[] = explainCoordinates(
        [...shown, ...asked, ...masked, ...denied, ...used],
        await explaining(version),
      );
      return { ...version.which, faults: [], refusals: isAnswer(status) ? [] : [status], denied, masked, coordinates };
    },
  };
};

/** `isVeiled`: it would tell a partner of what does not exist for its agreement. */
function toldOf(uses: ReturnType<typeof documentUses>, facts: Explaining, closed: readonly string[]) {
  if ("faults" in uses) return { isVeiled: true, found: { faults: uses.faults } };
  const { hidden, decisions: _, ...found } = explain(uses, facts);
  return { isVeiled: hidden.length > 0, found: { ...found, refusals: [...closed, ...found.refusals] } };
}

/** What of the body of an entry is about coordinates. An announced mutation has `asked`, an outcome `shown`. */
interface Recorded {
  readonly version: number | null;
  readonly status: string;
  readonly shown?: readonly string[];
  readonly asked?: readonly string[];
  readonly masked?: readonly string[];
  readonly denied?: readonly string[];
  readonly used?: readonly string[];
}
const isAnswer = (status: string): boolean => status === "ANSWERED" || status === "INTENDED";

/** Why the version opens nothing now. */
function notOpen({ current }: AgreementRow, { content }: Seen, now: Date): string[] {
  const validity = validityOf(current);
  const state = stateAt(validity, now.getTime());
  const isOpen = state === "active" && isInForce(validity, now.getTime());
  return [
    ...(isOpen ? [] : [`Version ${current.version} is not in force now: it is ${state}.`]),
    ...(content.armed === null ? [] : ["The version is armed: it opens nothing until two officers break the glass."]),
  ];
}

function variablesOf(text: string | null | undefined): Record<string, unknown> | null {
  if (text == null) return null;
  try {
    const variables: unknown = JSON.parse(text);
    if (typeof variables === "object" && variables !== null && !Array.isArray(variables))
      return variables as Record<string, unknown>;
  } catch {}
  throw badInput("variables must be the JSON text of an object");
}
