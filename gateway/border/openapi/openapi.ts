import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Hub } from "../../answer.ts";
import { isHeld, languageOf, single } from "../../receive/negotiate.ts";
import { refuse } from "../../receive/respond.ts";
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
  const fixed = [...describedBefore(exportDir !== null), ...routes.filter(({ path }) => path !== "/rest/{name}"), own];
  const written = keptTexts((documents, { supergraph }) => {
    const rest = documents.flatMap((one) => describedDocument(one, supergraph));
    return JSON.stringify(documentOf([...fixed, ...rest], { publicUrl, version }));
  });
  const answer = current.by((hub: Hub) => async (asked: Incoming): Promise<HttpAnswer> => {
    try {
      const isKnown = single(asked.headers["authorization"]) !== undefined;
      const asker = isKnown ? await askerOf(asked, hub) : null;
      const library = asker ? await libraryOf(asker, hub) : curated(hub.supergraph);
      const documents = [...library.values()].filter((one) => one !== null);
      return inJson(written(documents, hub), { asked, isKnown });
    } catch (error) {
      return refuse(error, asked);
    }
  });
  return [{ ...own, method: "GET", answer: ({ asked }: BorderRequest) => answer(asked) }];
}

type Write = (documents: readonly RestDocument[], hub: Hub) => string;
const MOST_KEPT = 50;

/** A description is written once for the same documents: it takes some milliseconds. */
function keptTexts(write: Write): Write {
  const kept = new WeakMap<Hub["supergraph"], Map<string, string>>();
  return (documents, hub) => {
    const known = kept.get(hub.supergraph) ?? new Map<string, string>();
    kept.set(hub.supergraph, known);
    const key = documents.map(({ id, isCurated }) => `${isCurated} ${id}`).join();
    const text = known.get(key) ?? write(documents, hub);
    if (known.size >= MOST_KEPT) known.clear();
    known.set(key, text);
    return text;
  };
}

function inJson(body: string, { asked, isKnown }: { readonly asked: Incoming; readonly isKnown: boolean }): HttpAnswer {
  const etag = `"${hash("sha256", body, "base64url")}"`;
  const headers = {
    ...{ etag, "cache-control": isKnown ? "private, no-cache" : "public, max-age=300", vary: "Authorization, Hub-Agreement" },
    ...{ "x-request-id": asked.requestId, "content-language": languageOf(single(asked.headers["accept-language"])) },
  };
  if (isHeld(asked.headers["if-none-match"], etag)) return { status: 304, headers, body: "" };
  return { status: 200, headers: { ...headers, "content-type": "application/json; charset=utf-8" }, body };
}
