import { safe } from "./address.ts";
import type { TypedDocument } from "./document.ts";
import { HubError, type HubFailure, type Receipt } from "./errors.ts";
import { holdBackMs, type Limits, limitsOf, retryAfterOf } from "./limits.ts";
import type { TokenSource } from "./token.ts";

export interface HubOptions {
  /** The hub's address, without `/graphql`. */
  readonly url: string;
  readonly token: TokenSource;
  /** Number of the agreement to ask under; a client with one agreement may leave it out. */
  readonly agreement?: string;
  /** Where the agreement's purpose demands one. */
  readonly caseNumber?: string;
  /** Of messages. */
  readonly language?: "id" | "en";
  /** `text`: documents go as they are written. Only a sandbox takes those; a hub in production takes registered ones, by their ids. */
  readonly documents?: "trusted" | "text";
  /** How often a query is asked again when the hub says it may be. */
  readonly retries?: number;
  /** Longest pause before asking again; a daily quota is not waited out. */
  readonly longestWaitMs?: number;
  readonly timeoutMs?: number;
  readonly fetch?: typeof fetch;
  readonly sleep?: (ms: number) => Promise<void>;
}

export interface AskOptions {
  readonly signal?: AbortSignal;
  /** In place of the hub's; 0 for a query that counts each time it is asked (`verifyIdentity`). */
  readonly retries?: number;
  readonly caseNumber?: string;
}

/** An answer with data. Some fields may be null by an error of their own: `failures` says why, `denied` and `masked` by coordinate. */
export interface Answer<Data> {
  readonly data: Data;
  readonly failures: readonly HubFailure[];
  readonly denied: readonly string[];
  /** Coordinates shown masked, in all rows or in some: never take those for the values themselves. */
  readonly masked: readonly string[];
  /** Null: the answer is not on record, which only public aggregates may be. */
  readonly receipt: Receipt | null;
  readonly requestId: string | null;
  readonly limits: Limits;
}

export interface Hub {
  /** Throws HubError when the question is refused. A mutation is sent once, whatever becomes of it. */
  ask<Data, Variables>(
    document: TypedDocument<Data, Variables>,
    variables: Variables,
    options?: AskOptions,
  ): Promise<Answer<Data>>;
}

const SECOND = 1000;
const [RETRIES, LONGEST_WAIT_MS, TIMEOUT_MS] = [3, 60 * SECOND, 30 * SECOND];
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Throws where the hub's address is not one to send a token to. */
export function connect(options: HubOptions): Hub {
  safe(options.url);
  const { retries = RETRIES, sleep = pause } = options;
  let limits: Limits = {};
  return {
    async ask(document, variables, asked = {}) {
      const held = holdBackMs(limits);
      if (held > 0) await sleep(held);
      const isQuery = document.kind === "query";
      const once = async (token: string): Promise<Answer<never> | HubError> => {
        const response = await send(options, { document, variables, asked, token });
        limits = limitsOf(response.headers);
        return read(response, limits);
      };
      const again = isQuery ? { retries: asked.retries ?? retries, renewals: 1 } : { retries: 0, renewals: 0 };
      return untilAnswered(once, again, options);
    },
  };
}

/** Asks, and a query again when the hub says it may be. A token that ended before its time is forgotten, and for a query renewed, once. */
async function untilAnswered<Data>(
  once: (token: string) => Promise<Answer<Data> | HubError>,
  { retries, renewals }: { readonly retries: number; readonly renewals: number },
  { token: source, longestWaitMs = LONGEST_WAIT_MS, sleep = pause }: HubOptions,
): Promise<Answer<Data>> {
  for (let [left, renewable] = [retries, renewals]; ; ) {
    const token = await source.get();
    const answer = await once(token);
    if (!(answer instanceof HubError)) return answer;
    if (answer.status === 401) source.forget(token);
    if (answer.status === 401 && renewable-- > 0) continue;
    const wait = waitFor(answer);
    if (left-- <= 0 || wait > longestWaitMs) throw answer;
    await sleep(wait);
  }
}

/** Only what the hub names an instant for, and some time more, so that those refused together do not come back together. */
function waitFor({ status, retryAfterMs }: HubError): number {
  const mayAskAgain = (status === 429 || status === 503) && retryAfterMs !== null;
  return mayAskAgain ? retryAfterMs + Math.random() * SECOND : Number.POSITIVE_INFINITY;
}

interface Sending {
  readonly document: TypedDocument<unknown, never>;
  readonly variables: unknown;
  readonly asked: AskOptions;
  readonly token: string;
}

async function send(options: HubOptions, { document, variables, asked, token }: Sending): Promise<Response> {
  const { url, agreement, language, documents = "trusted", timeoutMs = TIMEOUT_MS, fetch: request = fetch } = options;
  const caseNumber = asked.caseNumber ?? options.caseNumber;
  const named = documents === "trusted" ? { documentId: `sha256:${document.id}` } : { query: document.text };
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    return await request(`${safe(url)}/graphql`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        accept: "application/graphql-response+json",
        ...(agreement !== undefined && { "hub-agreement": agreement }),
        ...(caseNumber !== undefined && { "hub-case": caseNumber }),
        ...(language !== undefined && { "accept-language": language }),
      },
      body: JSON.stringify({ ...named, operationName: document.name, variables }),
      redirect: "error", // the token goes nowhere else
      signal: asked.signal ? AbortSignal.any([asked.signal, timeout]) : timeout,
    });
  } catch (cause) {
    asked.signal?.throwIfAborted();
    throw new HubError([], { status: 0, cause });
  }
}

interface Body<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly HubFailure[];
  readonly extensions?: { readonly governance?: Partial<Governance> };
}
interface Governance {
  readonly denied: readonly string[];
  readonly masked: readonly string[];
  readonly maskedInSomeRows: readonly string[];
  readonly receipt: Receipt | null;
}

async function read<Data>(response: Response, limits: Limits): Promise<Answer<Data> | HubError> {
  const { status, headers } = response;
  const requestId = headers.get("x-request-id");
  const retryAfterMs = retryAfterOf(headers, Date.now());
  const body = (await response.json().catch(() => null)) as Body<Data> | null;
  const { data, errors = [], extensions } = body ?? {};
  if (status !== 200 || data === undefined || data === null) return new HubError(errors, { status, requestId, retryAfterMs });
  const { denied = [], masked = [], maskedInSomeRows = [], receipt = null } = extensions?.governance ?? {};
  return { data, failures: errors, denied, masked: [...new Set([...masked, ...maskedInSomeRows])], receipt, requestId, limits };
}

/** The data, where nothing of it failed or was denied; else throws HubError. */
export function whole<Data>({ data, failures, requestId }: Answer<Data>): Data {
  if (failures.length > 0) throw new HubError(failures, { status: 200, requestId });
  return data;
}
