import type { RowScope } from "../caller.ts";
import type { Catalogue } from "../sdl/catalogue.ts";
import { type CeilingRule, ceilingsFor } from "./ceilings.ts";
import { type Content, readContent, sha256Hex } from "./content.ts";
import { compileTable, type TableVerdict } from "./decisionTable.ts";
import { isSignedBy, type Signer } from "./keys.ts";
import { scopeOf } from "./rowScope.ts";
import type { DocumentRule } from "./words.ts";

/** A decision table as it is stored and sent: the text, and who signed it. */
export interface SignedTable {
  readonly body: string;
  /** Of `body`, hex. */
  readonly sha256: string;
  readonly keyId: string;
  /** Ed25519 over the text below, base64url. */
  readonly signature: string;
}

type Terms = "purpose" | "needsCase" | "needsOfficer" | "quota" | "verification" | "addresses" | "armed" | "limits";

/** All a gateway judges by, for one agreement version over one supergraph. */
interface Body extends Pick<Content, "agreement" | "version" | "consumer" | Terms> {
  readonly v: 1;
  /** SHA-256 of the supergraph's SDL, of its coordinates in order, and of the content; hex. */
  readonly supergraph: string;
  readonly coordinates: string;
  readonly content: string;
  /** Milliseconds of the Unix epoch: from, and before. */
  readonly validFrom: number;
  readonly validTo: number;
  readonly rows: RowScope;
  readonly rejectsDenied: boolean;
  readonly documents: DocumentRule;
  /** Hash of the decisions: equal for agreements that open the same. */
  readonly decisions: string;
  readonly verdicts: readonly TableVerdict[];
  /** Index into `verdicts` of each coordinate of the catalogue in order, uint16 little-endian, base64url. */
  readonly at: string;
  /** One bit a coordinate: it does not exist in this agreement's view. base64url. */
  readonly hidden: string;
}

/** What a table is compiled from, beside the content. */
export interface Ground {
  readonly supergraph: string;
  readonly catalogue: Catalogue;
  readonly ceilings: readonly CeilingRule[];
}

const signedText = (body: string): string => `hub-decision-table/v1\n${body}`;

/** Compiles the content of a version and signs what came out. Throws on what cannot be understood; MUST be called only for approved content. */
export function compileSigned(text: string, { supergraph, catalogue, ceilings }: Ground, signer: Signer): SignedTable {
  const content = readContent(text);
  if (content.grants.some(({ condition }) => condition !== null))
    throw new Error("no predicate is known that a grant could hang on");
  const pinned = new Set(content.coordinates);
  const table = compileTable(content.grants, { ceilings: ceilingsFor(content.purpose, ceilings), catalogue, pinned });
  const { agreement, version, consumer, purpose, needsCase, needsOfficer } = content;
  const { quota, verification, addresses, armed, documents, limits } = content;
  const coordinates = sortedCoordinates(catalogue);
  const body: Body = {
    ...{ v: 1, agreement, version, consumer, purpose, needsCase, needsOfficer, quota, verification, addresses, armed, documents },
    ...(limits && { limits }),
    ...{ supergraph, coordinates: listHash(coordinates), content: sha256Hex(text) },
    ...{ validFrom: instant(content.validFrom), validTo: instant(content.validTo) },
    ...{
      rows: scopeOf(content.rowScope),
      rejectsDenied: content.onDenied === "reject",
      decisions: table.hash,
      ...pack(coordinates, table),
    },
  };
  const written = JSON.stringify(body);
  return { body: written, sha256: sha256Hex(written), keyId: signer.keyId, signature: signer.sign(signedText(written)) };
}

export interface OpenedTable extends Omit<Body, "verdicts" | "at" | "hidden"> {
  readonly hidden: ReadonlySet<string>;
  verdict(coordinate: string): TableVerdict;
}

interface Expected {
  readonly keys: readonly string[];
  readonly supergraph: string;
  readonly catalogue: Pick<Catalogue, "entries">;
}

/** Throws unless the table is signed by one of `keys` (SPKI, base64url) and made for this very supergraph. */
export function openTable(
  table: Pick<SignedTable, "body" | "signature">,
  { keys, supergraph, catalogue }: Expected,
): OpenedTable {
  const text = signedText(table.body);
  if (!keys.some((key) => isSignedBy(key, text, table.signature))) throw new Error("a decision table without a good signature");
  const { verdicts, at, hidden, ...body } = JSON.parse(table.body) as Body;
  const coordinates = sortedCoordinates(catalogue);
  if (body.v !== 1 || body.supergraph !== supergraph || body.coordinates !== listHash(coordinates))
    throw new Error("a decision table for another supergraph");
  const indexes = Buffer.from(at, "base64url");
  const bits = Buffer.from(hidden, "base64url");
  const byCoordinate = new Map(coordinates.map((coordinate, i) => [coordinate, verdicts[indexes.readUInt16LE(2 * i)]]));
  return {
    ...body,
    hidden: new Set(coordinates.filter((_, i) => ((bits[i >> 3] ?? 0) & (1 << (i & 7))) !== 0)),
    verdict: (coordinate) => byCoordinate.get(coordinate) ?? UNKNOWN,
  };
}

const UNKNOWN: TableVerdict = { effect: "deny", code: "FIELD_NOT_GRANTED" };

const sortedCoordinates = ({ entries }: Pick<Catalogue, "entries">): string[] => [...entries.keys()].sort();
const listHash = (coordinates: readonly string[]): string => sha256Hex(coordinates.join("\n"));

function instant(text: string): number {
  const ms = Date.parse(text);
  if (!Number.isFinite(ms)) throw new Error("a content with a malformed instant");
  return ms;
}

function pack(
  coordinates: readonly string[],
  table: { readonly hidden: ReadonlySet<string>; verdict(coordinate: string): TableVerdict },
): Pick<Body, "verdicts" | "at" | "hidden"> {
  const verdicts: TableVerdict[] = [];
  const known = new Map<string, number>();
  const at = Buffer.alloc(2 * coordinates.length);
  const hidden = Buffer.alloc(Math.ceil(coordinates.length / 8));
  for (const [i, coordinate] of coordinates.entries()) {
    const verdict = table.verdict(coordinate);
    const key = JSON.stringify(verdict);
    const index = known.get(key) ?? verdicts.push(verdict) - 1;
    known.set(key, index);
    at.writeUInt16LE(index, 2 * i);
    if (table.hidden.has(coordinate)) hidden[i >> 3] = (hidden[i >> 3] ?? 0) | (1 << (i & 7));
  }
  return { verdicts, at: at.toString("base64url"), hidden: hidden.toString("base64url") };
}
