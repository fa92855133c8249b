import { readFileSync } from "node:fs";
import type { Hub } from "../../answer.ts";
import { languageOf, single } from "../../receive/negotiate.ts";
import { refuse } from "../../receive/respond.ts";
import { tagged, tagOf } from "../../receive/routes/told.ts";
import type { BorderRequest, BorderRoute } from "../../types/border.ts";
import type { HttpAnswer, Incoming } from "../../types/chain.ts";
import type { RestDocument } from "../rest/document.ts";
import { askerOf, curated, libraryOf } from "../rest/library.ts";
import type { BorderTools } from "../routes.ts";
import { EXPORTS, FIGURES } from "./described/figures.ts";
import { FILES } from "./described/files.ts";
import { HUB } from "./described/hub.ts";
import { RECORD } from "./described/record.ts";
import { documentOf } from "./document.ts";
import { type Described, STRING, told } from "./parts.ts";
import { describedDocument } from "./restOperations.ts";

const { version } = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8")) as {
  readonly version: string;
};

const DESCRIBES = {
  operationId: "openapi",
  tags: ["hub"],
  summary: "Deskripsi ini / This description; with a credential the caller's own documents, too",
  responses: {
    200: told("OpenAPI 3.1.", "application/json", { type: "object", properties: { openapi: STRING } }),
    304: told("Tidak berubah / not changed."),
  },
  isPublic: true,
} as const;

/** Addresses that are served without being told of their own: what stands before the border. */
export const describedBefore = (hasExports: boolean): readonly Described[] => [
  ...[...HUB, ...RECORD, ...FILES, ...FIGURES],
  ...(hasExports ? EXPORTS : []),
];

/** `/openapi.json`: all addresses of the hub, for everybody; whoever brings a credential is told of the documents of their agreement, too. */
export function openapi({ current, config }: BorderTools, routes: readonly BorderRoute[]): readonly BorderRoute[] {
  const { publicUrl, exportDir } = config;
  const own: Described = { method: "GET", path: "/openapi.json", describes: DESCRIBES };
  const isOfDocument = ({ path }: Described) => path === "/rest/{name}";
  const fixed = [...describedBefore(exportDir !== null), ...routes.filter((one) => !isOfDocument(one)), own];
  const written = keptTexts((documents, { supergraph }) => {
    const described = fewEnough(documents);
    const rest = described.flatMap((one) => describedDocument(one, supergraph));
    const others = described.length < documents.length ? routes.filter(isOfDocument) : [];
    return JSON.stringify(documentOf([...fixed, ...rest, ...others], { publicUrl, version }));
  });
  const answer = current.by((hub: Hub) => async (asked: Incoming): Promise<HttpAnswer> => {
    try {
      const isKnown = single(asked.headers["authorization"]) !== undefined;
      return inJson(written(isKnown ? await ownOf(asked, hub) : everybodys(hub), hub), { asked, isKnown });
    } catch (error) {
      return refuse(error, asked);
    }
  });
  return [{ ...own, method: "GET", answer: ({ asked }: BorderRequest) => answer(asked) }];
}

const everybodys = ({ supergraph }: Hub): Telling => ({ agreement: "", documents: meant(curated(supergraph)) });
const meant = (library: ReturnType<typeof curated>) => [...library.values()].filter((one) => one !== null);

/** Of whoever may ask, in a turn of their agreement; a credential that is not good tells no more than none. */
async function ownOf(asked: Incoming, hub: Hub): Promise<Telling> {
  const asker = await askerOf(asked, hub);
  if (!asker) return everybodys(hub);
  await hub.rates.passing().of(asker);
  return { agreement: asker.documentsOf, documents: meant(await libraryOf(asker, hub)) };
}

/** Documents of one description, and selections in all of them: some megabytes, written in some tenths of a second. */
const MOST_DESCRIBED = { documents: 200, selections: 20_000 };

/** As many as one description holds, the hub's own first; of the others it tells as of any document. */
export function fewEnough<D extends Pick<RestDocument, "size">>(documents: readonly D[]): readonly D[] {
  let left = MOST_DESCRIBED.selections;
  return documents.slice(0, MOST_DESCRIBED.documents).filter(({ size }) => {
    if (size > left) return false;
    left -= size;
    return true;
  });
}

interface Telling {
  /** Whose documents they are; empty: everybody's. */
  readonly agreement: string;
  readonly documents: readonly RestDocument[];
}

/** Characters of all texts that are kept: two bytes each. */
const MOST_KEPT = 16_000_000;

interface Text {
  readonly text: string;
  readonly etag: string;
}
type Known = Text & { readonly key: string };

/** A description is written once for the same documents, and one is kept for an agreement: it takes some milliseconds. */
export function keptTexts(write: (documents: readonly RestDocument[], hub: Hub) => string, most = MOST_KEPT) {
  const kept = new WeakMap<Hub["supergraph"], Map<string, Known>>();
  return ({ agreement, documents }: Telling, hub: Hub): Text => {
    const known = kept.get(hub.supergraph) ?? new Map<string, Known>();
    kept.set(hub.supergraph, known);
    const key = documents.map(({ id, isCurated }) => `${isCurated} ${id}`).join();
    const found = known.get(agreement);
    const told = found?.key === key ? found : { key, ...textOf(write(documents, hub)) };
    known.delete(agreement);
    known.set(agreement, told);
    let chars = [...known.values()].reduce((sum, one) => sum + one.text.length, 0);
    for (const [oldest, one] of known) {
      if (chars <= most) break;
      chars -= one.text.length;
      known.delete(oldest);
    }
    return told;
  };
}

const textOf = (text: string): Text => ({ text, etag: tagOf(text) });

function inJson({ text, etag }: Text, { asked, isKnown }: { readonly asked: Incoming; readonly isKnown: boolean }): HttpAnswer {
  const headers = {
    ...{ "cache-control": isKnown ? "private, no-cache" : "public, max-age=300", vary: "Authorization, Hub-Agreement" },
    ...{ "x-request-id": asked.requestId, "content-language": languageOf(single(asked.headers["accept-language"])) },
    "content-type": "application/json; charset=utf-8",
  };
  return tagged({ status: 200, headers, body: text }, asked, etag);
}
