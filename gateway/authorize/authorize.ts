import { hash } from "node:crypto";
import { Refusal } from "../../schema/errors.ts";
import type { Permitted, Question } from "../types/chain.ts";
import type { Judgement, Rewrite } from "../types/document.ts";
import type { Supergraph } from "../types/supergraph.ts";
import { decidingVariables } from "./conditions.ts";
import { lookupsOf } from "./lookups.ts";
import { strictestOf } from "./output.ts";
import { noSuchOperation, read } from "./read.ts";
import { rewrite } from "./rewrite.ts";
import { refuseBeyond } from "./size.ts";
import { type Closed, closedByVariables, NOTHING_CLOSED } from "./usage.ts";
import { coerceVariables } from "./variables.ts";

/**
 * What of a question may be asked at all: everything denied is taken out before anything is planned or fetched.
 * Throws a Refusal for a document or variables that do not fit the caller's view, and for a mutation with any denied input.
 */
export function authorize<Q extends Question>(asked: Q, supergraph: Supergraph): Q & Permitted {
  const decisions = strictestOf(asked.decisions, supergraph);
  const question = decisions === asked.decisions ? asked : { ...asked, decisions };
  refuseUnnamable(question);
  const key = keyOf(question);
  const judgement = judged(key, question, supergraph);
  const { reading } = judgement;
  refuseBeyond(reading.size, question.ceilings ?? {}); // another agreement may have had it read
  if (question.method === "GET" && reading.operation.operation !== "query") throw onlyByPost();
  const coerced = coerceVariables(reading, question.variables ?? {}, supergraph.aliasPrefix);
  const left = rewritten(judgement, { key, question, supergraph, coerced });
  if (reading.operation.operation === "mutation") refuseHalfMutations(left);
  const lookups = lookupsOf(left, { reading, supergraph, coerced });
  if (question.method === "GET" && lookups.length > 0) throw onlyByPost(); // an identifier in a URL ends in every proxy's log
  const found: Omit<Permitted, keyof Question | symbol> = { reading, coerced, rewrite: left, denials: left.denials, lookups };
  return { ...question, ...found } as Q & Permitted;
}

type Text = Pick<Question, "document" | "operationName" | "decisions">;

const keyOf = ({ decisions, operationName, document }: Text): string =>
  hash("sha256", JSON.stringify([decisions.key, operationName, document]), "base64url");

/** Reads, judges and rewrites a document ahead of whoever asks it; `shown` is what @skip and @include read. Throws what it would be refused with. */
export function prepare(text: Text, shown: Readonly<Record<string, boolean>>, supergraph: Supergraph): Rewrite {
  const question = { ...text, decisions: strictestOf(text.decisions, supergraph), deadline: Number.POSITIVE_INFINITY };
  const key = keyOf(text);
  const judgement = judged(key, question, supergraph);
  const name = variantOf(judgement, shown);
  return variant(judgement, { key, question, supergraph, coerced: shown }, { key: name, closed: NOTHING_CLOSED });
}

const variantOf = ({ deciding }: Judgement, coerced: Readonly<Record<string, unknown>>): string =>
  deciding.map((name) => (coerced[name] ? 1 : 0)).join("");

const onlyByPost = () => new Refusal({ code: "METHOD_NOT_ALLOWED" }, { headers: { allow: "POST" } });

/** No operation has a name that is none; and it could be anything, up to a second document. */
function refuseUnnamable({ operationName }: Question): void {
  if (operationName && !/^[_A-Za-z]\w*$/.test(operationName)) throw noSuchOperation();
}

/** The document under this policy class, read and validated once. */
function judged(key: string, question: Question, supergraph: Supergraph): Judgement {
  const known = supergraph.judgements.get(key);
  if (known) return known;
  const reading = read(question, supergraph);
  const judgement = { reading, deciding: decidingVariables(reading.conditions), rewrites: new Map<string, Rewrite>() };
  supergraph.judgements.set(key, judgement, question.document.length);
  return judgement;
}

interface Judging {
  readonly key: string;
  readonly question: Question;
  readonly supergraph: Supergraph;
  readonly coerced: Readonly<Record<string, unknown>>;
}

/** The rewrite for what the variables of this request decide: which selections stand, and which of those they close. */
function rewritten(judgement: Judgement, judging: Judging): Rewrite {
  const { coerced, question } = judging;
  const key = variantOf(judgement, coerced);
  const open = variant(judgement, judging, { key, closed: NOTHING_CLOSED });
  if (open.variable.length === 0) return open;
  const closed = closedByVariables(open.variable, judgement.reading, { decisions: question.decisions, coerced });
  if (closed.size === 0) return open;
  const names = open.variable.flatMap(({ node, type }, at) =>
    (closed.get(node)?.get(type) ?? []).map((failure) => `${at} ${failure.coordinate}`),
  );
  return variant(judgement, judging, { key: `${key} ${names.join()}`, closed });
}

const MAX_VARIANTS = 8;

function variant(
  judgement: Judgement,
  { key: name, question, supergraph, coerced }: Judging,
  { key, closed }: { key: string; closed: Closed },
): Rewrite {
  const { reading, rewrites } = judgement;
  const known = rewrites.get(key);
  if (known) return known;
  const made = rewrite(reading, { decisions: question.decisions, supergraph, coerced }, closed);
  if (rewrites.size >= MAX_VARIANTS) rewrites.clear();
  rewrites.set(key, made);
  const texts = [...rewrites.values()].flatMap(({ documents }) => documents);
  supergraph.judgements.set(
    name,
    judgement,
    texts.reduce((bytes, text) => bytes + text.length, question.document.length),
  );
  return made;
}

/** A mutation is run whole or not at all: dropping an input would do something else than was asked. */
function refuseHalfMutations({ denials }: Rewrite): void {
  const stopping = denials.filter(({ code, coordinate }) => code === "USE_NOT_GRANTED" || coordinate?.startsWith("Mutation."));
  if (stopping.length > 0) throw new Refusal([{ code: "FORBIDDEN" }, ...stopping]);
}
