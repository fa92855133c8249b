import { safe, tokenOf } from "./credentials.ts";
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

export interface Hub {
  readonly url: string;
  /** GraphQL as the asker; throws Refused. */
  ask<Data>(query: string, variables?: object): Promise<Data>;
  /** An address of the hub as the asker; `path` begins with a slash. Throws Refused when nobody answers. */
  get(path: string): Promise<Response>;
}

const TIMEOUT_MS = 30_000;

/** Where the hub stands that a command is to ask. Throws Misuse. */
export function hubUrl({ hub }: Pick<Asked, "hub">): string {
  const url = hub ?? (process.env["HUB_PUBLIC_URL"] || "http://127.0.0.1:4000");
  return safe(url, "the hub");
}

/** The hub, asked with one token. Throws Misuse and Refused. */
export async function hubOf(asked: Asked): Promise<Hub> {
  const url = hubUrl(asked);
  const token = await tokenOf(asked);
  const headers = {
    ...{ authorization: `Bearer ${token}`, "accept-language": "en" },
    ...(asked.agreement !== undefined && { "hub-agreement": asked.agreement }),
  };
  const send = async (path: string, init: RequestInit) => {
    const response = await fetch(`${url}${path}`, { ...init, redirect: "error", signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(
      () => null,
    );
    if (response === null) throw new Refused(`no hub answers at ${url}. Start it (npm start), or name another with --hub URL.`);
    return response;
  };
  return {
    url,
    get: (path) => send(path, { headers }),
    async ask<Data>(query: string, variables: object = {}): Promise<Data> {
      const body = JSON.stringify({ query, variables });
      const sent = { ...headers, "content-type": "application/json" };
      return dataOf<Data>(await send("/graphql", { method: "POST", headers: sent, body }));
    },
  };
}

interface Body {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string }[];
}

async function dataOf<Data>(response: Response): Promise<Data> {
  const { data, errors = [] } = ((await response.json().catch(() => null)) ?? {}) as Body;
  if (errors.length > 0) throw new Refused(errors.map(({ message }) => message).join("\n"));
  if (data == null) throw new Refused(`what answers at ${new URL(response.url).host} is no hub (status ${response.status})`);
  return data as Data;
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
