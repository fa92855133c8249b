import { readdirSync, readFileSync } from "node:fs";
import { setImmediate as breath } from "node:timers/promises";
import { Refusal } from "../../../schema/errors.ts";
import { asQuestion, type Hub } from "../../answer.ts";
import { underAgreement } from "../../authenticate/agreement.ts";
import { authenticate } from "../../authenticate/authenticate.ts";
import { receive } from "../../receive/receive.ts";
import type { Incoming, Known } from "../../types/chain.ts";
import type { Supergraph } from "../../types/supergraph.ts";
import { type RestDocument, restDocument } from "./document.ts";

/** The documents with an address for whoever asks, by name; null: several of that name, so none is meant. */
type Library = ReadonlyMap<string, RestDocument | null>;

const FOLDER = new URL("../../../docs/questions/rest/", import.meta.url);
const SHIPPED = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".graphql"))
  .sort()
  .map((file) => readFileSync(new URL(file, FOLDER), "utf8"));
const shipped = new WeakMap<Supergraph, Library>();

/** Those shipped with the hub, for everybody as far as their agreement opens what they ask. */
export function curated(supergraph: Supergraph): Library {
  const known = shipped.get(supergraph) ?? named(SHIPPED.map((text) => restDocument(text, supergraph, true)));
  shipped.set(supergraph, known);
  return known;
}

function named(documents: readonly (RestDocument | null)[]): Map<string, RestDocument | null> {
  const library = new Map<string, RestDocument | null>();
  for (const one of documents) if (one) library.set(one.name, library.has(one.name) ? null : one);
  return library;
}

/**
 * Whose documents they are; null: who asks may not, and the question that is asked all the same tells them why, on record. No question yet and
 * nothing of anybody. Rejects with POLICY_UNAVAILABLE when what is registered cannot be read.
 */
export async function askerOf(request: Incoming, hub: Hub): Promise<Known | null> {
  try {
    const identified = await authenticate(await receive(asQuestion(request, NOTHING)), hub);
    return underAgreement(identified, hub.grants.current(), hub);
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

/** Asks for nothing: for whoever is to be refused. */
export const NOTHING = { operation: "Rest", document: "query Rest { __typename }", variables: {} };

/** What an agreement has registered, before what is shipped: its own meaning of a name is the one its partner wrote. */
export async function libraryOf({ documentsOf: agreement }: Known, hub: Hub): Promise<Library> {
  return new Map([...curated(hub.supergraph), ...(await registered(agreement, hub))]);
}

interface Kept {
  /** Infinite while it is being read. */
  until: number;
  readonly library: Promise<Library>;
}

/** A registration shows no later than this; what is retired is refused at once, by the question itself. */
const KEPT_MS = 1_000;
/** Documents of one agreement that have an address: by their ids, the rest has none. */
export const MOST_OF_ONE = 500;
const [MOST_DOCUMENTS, AT_ONCE] = [5_000, 5];
const libraries = new WeakMap<Supergraph, Map<string, Kept>>();
/** By id, which is the hash of its text: of no agreement. */
const documents = new WeakMap<Supergraph, Map<string, RestDocument | null>>();

function registered(agreement: string, hub: Hub): Promise<Library> {
  const known = libraries.get(hub.supergraph) ?? new Map<string, Kept>();
  libraries.set(hub.supergraph, known);
  const now = performance.now();
  for (const [key, { until }] of known) if (now >= until) known.delete(key);
  const found = known.get(agreement);
  if (found) return found.library;
  const library = readAll(agreement, hub).catch((cause: unknown) => {
    known.delete(agreement);
    throw new Refusal({ code: "POLICY_UNAVAILABLE" }, { cause });
  });
  const kept: Kept = { until: Number.POSITIVE_INFINITY, library };
  const settled = () => {
    kept.until = performance.now() + KEPT_MS;
  };
  library.then(settled, settled);
  known.set(agreement, kept);
  return library;
}

/** Reads the texts it does not know; what others read meanwhile takes none of its own from it. */
async function readAll(agreement: string, { grants, supergraph }: Hub): Promise<Library> {
  const known = documents.get(supergraph) ?? new Map<string, RestDocument | null>();
  documents.set(supergraph, known);
  const ids = (await grants.documentIds(agreement)).slice(0, MOST_OF_ONE);
  const own = new Map(ids.flatMap((id) => (known.has(id) ? [[id, known.get(id) ?? null] as const] : [])));
  const read = async (id: string) => {
    const text = await grants.document(agreement, id);
    if (text === null) return;
    const document = restDocument(text, supergraph);
    own.set(id, document);
    known.set(id, document);
  };
  const unread = ids.filter((id) => !own.has(id));
  for (let at = 0; at < unread.length; at += AT_ONCE) {
    await Promise.all(unread.slice(at, at + AT_ONCE).map(read));
    for (const oldest of known.keys()) if (known.size > MOST_DOCUMENTS) known.delete(oldest);
    await breath(); // each takes a millisecond or two: others come between
  }
  return named(ids.map((id) => own.get(id) ?? null));
}
