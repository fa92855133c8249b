import { hash } from "node:crypto";
import { getArgumentValues, getNamedType, isInterfaceType, isObjectType } from "graphql";
import type { Caller } from "../../schema/caller.ts";
import { type InputUse, inputUses } from "../../schema/sdl/inputUses.ts";
import type { Disclosure, Known, Permitted } from "../types/chain.ts";
import type { Occurrence, Reading, Rewrite } from "../types/document.ts";
import type { Supergraph } from "../types/supergraph.ts";
import { pseudonymPlaces, withEach } from "./pseudonyms.ts";
import { ourName } from "./variables.ts";

interface Given {
  readonly reading: Reading;
  readonly supergraph: Supergraph;
  readonly coerced: Readonly<Record<string, unknown>>;
}

/**
 * Whom a question looks up by an identifier it already holds, found or not: each attempt is to leave a tag on record. An id stands for
 * itself, so that it meets the subject's own tag; anything else is named after its field (`nik:3510…`). Each once. What is only held
 * against the one looked up (VERIFY) names nobody and leaves none.
 */
export const lookupsOf = ({ looking }: Rewrite, given: Given): string[] => [
  ...new Set(looking.flatMap((occurrence) => lookedUpBy(occurrence, given))),
];

/** Of those looked up by root fields that give a subject: who stand in the answer themselves, and whom nobody knows. A field that failed tells neither. */
export function triedIn(
  { data, errors }: Pick<Disclosure, "data" | "errors">,
  { reading, rewrite, coerced }: Pick<Permitted, "reading" | "rewrite" | "coerced">,
  supergraph: Supergraph,
): { readonly found: readonly string[]; readonly missed: readonly string[] } {
  const root = reading.view.getRootType(reading.operation.operation)?.name;
  const answer = (data ?? {}) as Readonly<Record<string, unknown>>;
  const tries = rewrite.looking.flatMap((occurrence) => {
    const { type, node } = occurrence;
    const key = (node.alias ?? node.name).value;
    const field = fieldOf(occurrence, reading);
    const isSubject = field !== undefined && supergraph.subjectTypes.has(getNamedType(field.type).name);
    const isFound = Boolean(answer[key]);
    if (type !== root || !isSubject || (!isFound && errors.some(({ path }) => path?.[0] === key))) return [];
    return lookedUpBy(occurrence, { reading, supergraph, coerced }).map((id) => ({ id, isFound }));
  });
  const idsOf = (found: boolean) => [...new Set(tries.filter(({ isFound }) => isFound === found).map(({ id }) => id))];
  return { found: idsOf(true), missed: idsOf(false) };
}

/** Asked before a question is planned, and of its answer. */
const lookedUp = new WeakMap<Given["coerced"], Map<Occurrence, string[]>>();

function lookedUpBy(occurrence: Occurrence, given: Given): string[] {
  const all = lookedUp.get(given.coerced) ?? new Map<Occurrence, string[]>();
  lookedUp.set(given.coerced, all);
  const known = all.get(occurrence) ?? identifiersIn(occurrence, given);
  all.set(occurrence, known);
  return known;
}

function identifiersIn(occurrence: Occurrence, { reading, supergraph, coerced }: Given): string[] {
  const field = fieldOf(occurrence, reading);
  if (!field) return [];
  const uses = inputUses(field, `${occurrence.type}.${field.name}`, getArgumentValues(field, occurrence.node, coerced));
  return uses.flatMap((use) => tagsOf(use, supergraph));
}

function fieldOf({ type: name, node }: Occurrence, { view }: Reading) {
  const type = view.getType(name);
  return isObjectType(type) || isInterfaceType(type) ? type.getFields()[node.name.value] : undefined;
}

function tagsOf([coordinate, value]: InputUse, { entries }: Supergraph): string[] {
  const guards = entries.get(coordinate)?.guards.filter(({ use }) => use === "LOOKUP") ?? [];
  return guards.flatMap(({ field }) => {
    const name = field.slice(field.indexOf(".") + 1).toLowerCase();
    const texts = [value].flat().flatMap((one) => (one === null || one === undefined ? [] : [textOf(one)]));
    return name === "id" ? texts : texts.map((text) => `${name}:${text}`);
  });
}

const textOf = (value: unknown): string => (typeof value === "object" ? JSON.stringify(value) : String(value));

/** Plain ids of pseudonyms by who was shown them; of others nothing. */
export type PlainIds = (caller: Caller, pseudonyms: readonly string[]) => Promise<ReadonlyMap<string, string>>;

/**
 * The question with plain ids for the pseudonyms it looks up by. One the agency was not shown for this purpose stands for a subject that does
 * not exist, and so does a plain id: nothing tells them apart. Throws a Refusal for one that stands in the document, or in a variable
 * that stands elsewhere too.
 */
export async function byPlainIds<Q extends Known & Permitted>(
  permitted: Q,
  supergraph: Supergraph,
  plainIds: PlainIds,
): Promise<Q> {
  const { rewrite, reading, caller } = permitted;
  if (rewrite.looking.length === 0) return permitted;
  const places = pseudonymPlaces(permitted, supergraph);
  const given = new Set<string>();
  withEach(permitted, places, (pseudonym) => {
    given.add(pseudonym);
    return pseudonym;
  });
  if (given.size === 0) return permitted;
  const known = await plainIds(caller, [...given]);
  const changed = withEach(permitted, places, (pseudonym) => known.get(pseudonym) ?? nobody(pseudonym));
  const ours = Object.entries(changed).map(([name, value]) => [ourName(name, supergraph.aliasPrefix), value]);
  const coerced = { ...permitted.coerced, ...changed, ...Object.fromEntries(ours) };
  return { ...permitted, coerced, lookups: lookupsOf(rewrite, { reading, supergraph, coerced }) };
}

/** An id nobody has, the same each time for the same text: who tries it again has tried one. */
function nobody(text: string): string {
  const digits = hash("sha256", `nobody|${text}`, "hex");
  return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20, 32)].join("-");
}
