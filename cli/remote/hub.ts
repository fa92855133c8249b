import { bearerOf, safe } from "./credentials.ts";
import { Misuse, Refused } from "./faults.ts";
import { plain } from "./plain.ts";

/** How a command says which hub it asks, and in whose name. */
export const ASKING = {
  hub: { type: "string" },
  client: { type: "string" },
  "secret-file": { type: "string" },
  "token-file": { type: "string" },
  issuer: { type: "string" },
  agreement: { type: "string" },
} as const;

/** The same in the words of a help text. */
export const ASKING_HELP = `  --hub URL           the hub (HUB_PUBLIC_URL, else http://127.0.0.1:4000). Beyond this machine HTTPS only
  --client CLIENT     in whose name to ask (HUB_CLIENT): a token is fetched by client credentials. Its secret is never an argument: HUB_CLIENT_SECRET
                      or HUB_CLIENT_SECRET_FILE, or --secret-file FILE; ready-made clients of the embedded issuer need none
  --issuer URL        who gives the token (HUB_OIDC_ISSUER, else the embedded one of this machine)
  --token-file FILE   instead of --client: a file with an access token (HUB_TOKEN, HUB_TOKEN_FILE)
  --agreement N       the agreement to ask under, where the client has several`;

export type Asked = { readonly [name in keyof typeof ASKING]?: string | undefined };

/** Whether a flag says which hub to ask, or in whose name: a command that works on this machine sends its persons nowhere because of a setting. */
export const namesHub = (asked: Asked): boolean =>
  [asked.hub, asked.client, asked["token-file"]].some((flag) => flag !== undefined);

/** The same for what may be told to a hub: there a setting is enough. */
export const isElsewhere = (asked: Asked): boolean =>
  namesHub(asked) || ["HUB_CLIENT", "HUB_TOKEN", "HUB_TOKEN_FILE"].some((name) => process.env[name]);

export interface Hub {
  readonly url: string;
  /** GraphQL as the asker; throws Refused, also where only a part was answered. */
  ask<Data>(query: string, variables?: object): Promise<Data>;
  /** The same, with what was denied of it and the receipt. Throws Refused where nothing was answered. */
  answer<Data>(query: string, variables: object): Promise<Answer<Data>>;
  /** An address of the hub as the asker; `path` begins with a slash. Throws Refused when nobody answers. */
  get(path: string): Promise<Response>;
  /** The same for what takes its time: a file in, a table out, events. Ends by the signal alone. Throws Refused when nobody answers. */
  open(path: string, init: Opening): Promise<Response>;
}

export interface Answer<Data> {
  readonly data: Data;
  /** Messages of the errors beside the data. */
  readonly faults: readonly string[];
  readonly receipt: { readonly id: string; readonly leaf: string } | null;
}

export interface Opening {
  readonly signal: AbortSignal;
  readonly method?: "POST" | "DELETE";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: ReadableStream<Uint8Array>;
}

const TIMEOUT_MS = 30_000;

/** Where the hub stands that a command is to ask. Throws Misuse. */
export function hubUrl({ hub }: Pick<Asked, "hub">): string {
  const url = hub ?? (process.env["HUB_PUBLIC_URL"] || "http://127.0.0.1:4000");
  return safe(url, "the hub");
}

/** The hub, asked in one name. Throws Misuse and Refused. */
export async function hubOf(asked: Asked): Promise<Hub> {
  const url = hubUrl(asked);
  const bearer = bearerOf(asked);
  await bearer(); // who gets no token hears it before anything else
  return hubAt(url, bearer, asked.agreement);
}

/** The hub at an address, asked with a bearer's tokens under an agreement; undefined: the only one there is. */
export function hubAt(url: string, bearer: () => Promise<string>, agreement: string | undefined): Hub {
  const send = async (path: string, { headers, ...init }: RequestInit) => {
    const own = {
      ...{ authorization: `Bearer ${await bearer()}`, "accept-language": "en" },
      ...(agreement !== undefined && { "hub-agreement": agreement }),
    };
    const response = await fetch(`${url}${path}`, { ...init, headers: { ...own, ...headers }, redirect: "error" }).catch(
      () => null,
    );
    if (response === null) throw new Refused(`no hub answers at ${url}. Start it (npm start), or name another with --hub URL.`);
    return response;
  };
  return {
    url,
    get: (path) => send(path, { signal: AbortSignal.timeout(TIMEOUT_MS) }),
    open: (path, init) => send(path, { ...init, ...(init.body && { duplex: "half" }) }),
    ask: async <Data>(query: string, variables: object = {}) => {
      const { data, faults } = await answered<Data>(await send("/graphql", asking(query, variables)));
      if (faults.length > 0) throw new Refused(faults.join("\n"));
      return data;
    },
    answer: async (query, variables) => answered(await send("/graphql", asking(query, variables))),
  };
}

const asking = (query: string, variables: object) => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ query, variables }),
  signal: AbortSignal.timeout(TIMEOUT_MS),
});

interface Body<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly { readonly message: string }[];
  readonly extensions?: { readonly governance?: { readonly receipt?: Answer<Data>["receipt"] } };
}

async function answered<Data>(response: Response): Promise<Answer<Data>> {
  const { data, errors = [], extensions } = ((await response.json().catch(() => null)) ?? {}) as Body<Data>;
  const faults = errors.map(({ message }) => message);
  if (data != null) return { data, faults, receipt: extensions?.governance?.receipt ?? null };
  throw new Refused(faults.join("\n") || `what answers at ${new URL(response.url).host} is no hub (status ${response.status})`);
}

/** Runs a command that asks a hub; what went wrong is told line by line in its name. */
export async function telling(name: string, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Misuse || error instanceof Refused)) throw error;
    const hint = error instanceof Misuse ? ` npx hub ${name} --help explains.` : "";
    for (const line of plain(`${error.message}${hint}`).split("\n")) process.stderr.write(`hub ${name}: ${line}\n`);
    return error instanceof Misuse ? 2 : 1;
  }
}
