import { COMPONENTS, type Described, headerOf, type Part, refTo, TAGS } from "./parts.ts";

interface About {
  readonly publicUrl: string;
  readonly version: string;
}

const COMMON = ["HubAgreement", "HubCase", "AcceptLanguage"].map((name) => ({ $ref: `#/components/parameters/${name}` }));
const REFUSALS: Readonly<Record<number, string>> = {
  400: "Permintaan tidak dapat dibaca / the request cannot be read.",
  401: "Kredensial tidak ada atau tidak berlaku / no credential, or none that is good.",
  403: "Tidak diizinkan / not allowed.",
  404: "Tidak ada / nothing is there.",
  405: "Hanya POST / by POST only.",
  406: "Jenis media tidak tersedia / no such media type.",
  415: "Bukan JSON / not JSON.",
  429: "Kuota atau laju habis / requests or persons are used up.",
  500: "Galat hub / a fault of the hub.",
  503: "Penuh, atau pencatatan atau kebijakan tidak terjangkau / full, or record or policy out of reach.",
};

/** All addresses as one OpenAPI 3.1 document; equal addresses, equal text. */
export function documentOf(all: readonly Described[], { publicUrl, version }: About): Part {
  const paths: Record<string, Record<string, Part>> = {};
  const schemas: Record<string, unknown> = { ...COMPONENTS.schemas };
  for (const one of [...all].sort((a, b) => (a.path < b.path ? -1 : Number(a.path > b.path)))) {
    const path = paths[one.path] ?? {};
    path[one.method.toLowerCase()] = operationOf(one);
    paths[one.path] = path;
    Object.assign(schemas, one.schemas);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "dtks-hub",
      version,
      description:
        "Semua alamat REST hub; tiap jawaban diputuskan oleh PKS. / All REST of the hub; each answer is decided by an agreement.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: publicUrl }],
    security: [{ token: [] }],
    tags: tagsOf(all),
    paths,
    components: { ...COMPONENTS, schemas },
  };
}

/** Ours first, each with its words; those that other standards name stand behind. */
function tagsOf(all: readonly Described[]): readonly Part[] {
  const known = new Set(TAGS.map(({ name }) => name));
  const others = new Set(all.flatMap(({ describes }) => describes.tags).filter((tag) => !known.has(tag)));
  return [...TAGS, ...[...others].sort().map((name) => ({ name }))];
}

function operationOf({ path, method, describes }: Described): Part {
  const { isPublic, parameters = [], responses, ...operation } = describes;
  const isRest = path.startsWith("/rest/");
  const hasPlace = path.includes("{") || isRest;
  const statuses = [
    ...(isPublic ? [400, 503] : [400, 401, 403, 429, 500, 503]),
    ...(hasPlace ? [404] : []),
    ...(isRest && method === "GET" ? [406] : []),
    ...(isRest && method === "POST" ? [406, 415] : []),
  ];
  const refusals = statuses.map((status) => [status, refusal(status, isRest)] as const);
  const told = { ...Object.fromEntries(refusals), ...responses };
  const all = [...parameters, ...(isPublic ? [] : COMMON)];
  return {
    ...operation,
    ...(all.length > 0 && { parameters: all }),
    responses: Object.fromEntries(
      Object.entries(told)
        .sort(([a], [b]) => Number(a) - Number(b))
        .map(([status, response]) => [status, headed(response as Part, { status, isCounted: !isPublic })]),
    ),
    ...(isPublic && { security: [] }),
  };
}

const RATES = { RateLimit: headerOf("RateLimit"), "RateLimit-Policy": headerOf("RateLimitPolicy") };
const LATER = { "Retry-After": headerOf("RetryAfter") };

/** Who is known is told what is left of their rates, who is sent away for now when to come back. */
function headed(response: Part, { status, isCounted }: { readonly status: string; readonly isCounted: boolean }): Part {
  const headers = {
    ...(response["headers"] as Part | undefined),
    ...(isCounted && status !== "401" && RATES),
    ...((status === "429" || status === "503") && LATER),
  };
  return { ...response, ...(Object.keys(headers).length > 0 && { headers }) };
}

/** In GraphQL's own media type, unless plain JSON is asked for. */
const ERRORS = Object.fromEntries(
  ["application/json", "application/graphql-response+json"].map((mediaType) => [mediaType, { schema: refTo("Errors") }]),
);

const refusal = (status: number, isRest: boolean): Part => ({
  description: REFUSALS[status],
  content: {
    ...(isRest && { "application/problem+json": { schema: refTo("Problem") } }),
    // without room it is refused before anybody looks what it asks for
    ...((!isRest || status === 503) && ERRORS),
  },
});
