import { type Language, Refusal } from "../../../schema/errors.ts";
import { knownMetadata } from "../../../schema/metadata/metadata.ts";
import type { Metadata } from "../../../schema/metadata/words.ts";
import { refuse } from "../../receive/respond.ts";
import type { BorderRequest, BorderRoute } from "../../types/border.ts";
import type { HttpAnswer, Incoming } from "../../types/chain.ts";
import type { BorderTools } from "../routes.ts";
import { dcatOf } from "./dcat.ts";
import { indexOf, inLanguage, PAGES } from "./json.ts";
import { keepable, pageOf } from "./kept.ts";
import { SCHEMAS } from "./schemas.ts";

/** What one address tells. */
interface Page {
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly schema: string;
  readonly mediaType: string;
  /** Undefined: there is none of this name. */
  readonly of: (metadata: Metadata, name: string, url: string) => unknown;
}

const JSON_TYPE = "application/json";
const OF_TYPE = "Metadata satu tipe dan variabelnya / metadata of one type and its fields";
const OF_CODES = "Satu daftar kode referensi / one list of reference codes";
const OF_INDICATOR = "Metadata satu indikator / metadata of one indicator";
const PAGE = { mediaType: JSON_TYPE };
const TOLD: readonly Page[] = [
  {
    ...{ path: "/metadata.json", operationId: "metadataIndex", schema: "SatuDataIndex", ...PAGE },
    summary: "Daftar isi metadata Satu Data / what there is metadata of",
    of: (metadata, _, url) => indexOf(metadata, url),
  },
  {
    ...{ path: "/metadata/dcat.jsonld", operationId: "metadataCatalogue", schema: "SatuDataCatalogue" },
    ...{ mediaType: "application/ld+json", summary: "Metadata sebagai katalog DCAT-AP / metadata as a DCAT-AP catalogue" },
    of: (metadata, _, url) => dcatOf(metadata, url),
  },
  {
    ...{ path: "/metadata/{name}.json", operationId: "metadataOfType", schema: "SatuDataType", summary: OF_TYPE, ...PAGE },
    of: PAGES.type,
  },
  {
    ...{
      path: "/metadata/codes/{name}.json",
      operationId: "metadataOfCodes",
      schema: "SatuDataCodeList",
      summary: OF_CODES,
      ...PAGE,
    },
    of: PAGES.codeList,
  },
  {
    ...{ path: "/metadata/indicators/{name}.json", operationId: "metadataOfIndicator", schema: "SatuDataIndicator", ...PAGE },
    ...{ summary: OF_INDICATOR, of: PAGES.indicator },
  },
];

/**
 * Satu Data metadata for everybody, without credentials: they are the schema's and say nothing of anybody, so that no question is asked and nothing put
 * on record. GraphQL tells the same.
 */
export function metadataRoutes({ current, config }: Pick<BorderTools, "current" | "config">): readonly BorderRoute[] {
  const url = config.publicUrl;
  const metadataNow = () => {
    const { entries, api } = current.hub.supergraph;
    return knownMetadata({ catalogue: { entries }, api });
  };
  return TOLD.map((page) => routeOf(page, async (request) => toldAt(page, request, { metadata: await metadataNow(), url })));
}

interface Telling {
  readonly metadata: Metadata;
  readonly url: string;
}

function toldAt(page: Page, { asked, params, query }: BorderRequest, { metadata, url }: Telling): HttpAnswer {
  const language = languageIn(query);
  if (language === undefined) return refused(asked, new Refusal({ code: "BAD_REQUEST", detail: "language is id or en" }));
  const { name = "" } = params;
  const kept = pageOf(metadata, `${url} ${language} ${page.path} ${name}`, () => {
    const told = page.of(metadata, name, url);
    return language ? inLanguage(told, language) : told; // a catalogue says of each text which language it is in
  });
  return kept ? keepable(asked, kept, page.mediaType) : refused(asked, new Refusal({ code: "NOT_FOUND" }));
}

const refused = (asked: Incoming, refusal: Refusal): HttpAnswer => refuse(refusal, asked);

/** Null: both. Undefined: one the hub does not speak. */
function languageIn(query: URLSearchParams): Language | null | undefined {
  const wanted = query.get("language");
  return wanted === null || wanted === "id" || wanted === "en" ? wanted : undefined;
}

const LANGUAGE = {
  ...{ name: "language", in: "query", required: false, schema: { type: "string", enum: ["id", "en"] } },
  description: "Satu bahasa saja; keduanya bila tidak disebut / one language only; both where it is left out",
};
const NAME = {
  ...{ name: "name", in: "path", required: true, schema: { type: "string", pattern: "^[A-Za-z0-9_]+$" } },
  description: "Nama dalam skema / name in the schema",
};

const routeOf = ({ path, schema, mediaType, ...page }: Page, answer: BorderRoute["answer"]): BorderRoute => ({
  ...{ method: "GET", path, schemas: SCHEMAS, answer },
  describes: {
    ...{ operationId: page.operationId, tags: ["Satu Data"], summary: page.summary, isPublic: true },
    parameters: [...(path.includes("{name}") ? [NAME] : []), ...(mediaType === JSON_TYPE ? [LANGUAGE] : [])],
    responses: {
      "200": { description: "Metadata", content: { [mediaType]: { schema: { $ref: `#/components/schemas/${schema}` } } } },
      "304": { description: "Tidak berubah / not changed" },
      ...(path.includes("{name}") && { "404": { description: "Tidak ada / there is none of this name" } }),
    },
  },
});
