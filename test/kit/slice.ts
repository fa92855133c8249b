import { afterAll, beforeAll } from "vitest";
import {
  type Caller,
  createMinter,
  devEnvelopeSecret,
  ENVELOPE_HEADER,
  type RowScope,
  type Verbs,
  type VerificationTerms,
} from "../../schema/caller.ts";
import { DEV_POLICY_SECRET } from "../../schema/policy/keys.ts";
import { devYearKeys } from "../../schema/record/yearKeys.ts";
import type { Subgraph } from "../../subgraphs/kit/serve/createSubgraph.ts";
import { createLog } from "../../subgraphs/kit/serve/log.ts";
import type { FetchFact, Running } from "../../subgraphs/kit/serve/serve.ts";
import { devAttestationOf } from "./attestation.ts";

export const WHOLE_COUNTRY: RowScope = { regions: [["0", "A"]], programs: null, decileMax: 100 };

/** Limits of an agreement of which nobody has said more. */
export const FEW: VerificationTerms = { floor: 80, attemptsOnSubject: 5, attemptsOfClient: 20_000, persons: 10_000 };

/** A caller that may see every row; name what differs. */
export function callerWith(differences: Partial<Caller> = {}): Caller {
  return {
    client: "kemensos",
    agency: "KEMENSOS",
    officer: null,
    citizen: null,
    agreement: "PKS-2025-001",
    version: 1,
    purpose: "PROGRAM_ADMINISTRATION",
    case: null,
    epoch: 1,
    table: "",
    rows: WHOLE_COUNTRY,
    verification: FEW,
    requestId: "test",
    ...differences,
  };
}

/** An envelope's verbs: everything the subgraph has, without what is named. */
export function allBut({ coordinates }: Pick<Subgraph, "coordinates">, closed: readonly string[] = []): Verbs {
  const open = coordinates.coordinates.filter((coordinate) => !closed.includes(coordinate));
  return { output: open, internal: [], arguments: open };
}

interface SubgraphError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: { readonly code: string; readonly coordinate?: string; readonly detail?: string; readonly limit?: string };
}
export interface Asked {
  readonly status: number;
  readonly data: any;
  readonly errors: readonly SubgraphError[];
  readonly text: string;
}

interface AskOptions {
  readonly variables?: Record<string, unknown>;
  readonly caller?: Caller;
  readonly verbs?: Verbs;
  /** Instead of a fresh, right envelope; null sends none. */
  readonly envelope?: string | null;
  readonly headers?: Record<string, string>;
}

export interface SliceUnderTest {
  readonly url: string;
  /** Asks as the gateway would: with an envelope over the exact body, by default for everything. */
  ask(query: string, options?: AskOptions): Promise<Asked>;
  /** SQL statements of the last fetch. */
  readonly statements: number;
  /** A right envelope for `body`. */
  mint(body: string, options?: Pick<AskOptions, "caller" | "verbs">): string;
  /** Log lines so far. */
  readonly log: readonly string[];
}

interface SliceOptions {
  /** Called when the server starts; a slice that asks nothing of a database needs none. */
  readonly databaseUrl?: () => string;
  /** Asked for when the server starts. */
  readonly replica?: () => { readonly url: string; readonly lagMs: number };
  /** Clock of server and envelopes. */
  readonly now?: () => number;
}

/** One subgraph on a free port for the tests of a file, closed after them. */
export function useSlice(subgraph: Subgraph, { databaseUrl, replica, now = Date.now }: SliceOptions = {}): SliceUnderTest {
  const secret = devEnvelopeSecret(subgraph.name);
  const minter = createMinter({ audience: subgraph.name, secret, list: subgraph.coordinates, now });
  const log: string[] = [];
  let running: Running;
  let fact: FetchFact | undefined;
  beforeAll(async () => {
    running = await subgraph.start({
      replica: replica?.(),
      databaseUrl: databaseUrl?.() ?? "postgres://nobody@127.0.0.1:1/none",
      envelopeSecret: secret,
      policy: { secret: DEV_POLICY_SECRET, origins: [] },
      recordKeys: devYearKeys(),
      ...devAttestationOf(subgraph.name),
      port: 0,
      now,
      log: createLog({ name: subgraph.name, level: "debug", stream: { write: (line) => void log.push(line) } }),
      observe: (seen) => {
        fact = seen;
      },
    });
  });
  afterAll(() => running?.close());

  const mint: SliceUnderTest["mint"] = (body, { caller = callerWith(), verbs = allBut(subgraph) } = {}) =>
    minter({ caller, verbs, body });
  return {
    get url() {
      return running.url;
    },
    get statements() {
      return fact?.statements ?? Number.NaN;
    },
    log,
    mint,
    async ask(query, { variables, envelope, headers, ...who } = {}) {
      const body = JSON.stringify({ query, ...(variables && { variables }) });
      const sent = envelope === undefined ? mint(body, who) : envelope;
      return post(running.url, body, { ...(sent !== null && { [ENVELOPE_HEADER]: sent }), ...headers });
    },
  };
}

/** Posts a body as it is. */
export async function post(url: string, body: string | Uint8Array, headers: Record<string, string> = {}): Promise<Asked> {
  const response = await fetch(url, { method: "POST", body, headers: { "content-type": "application/json", ...headers } });
  const text = await response.text();
  const { data, errors } = JSON.parse(text) as Partial<Asked>;
  return { status: response.status, data, errors: errors ?? [], text };
}

/** The codes of an answer's errors. */
export const codesOf = ({ errors }: Asked): string[] => errors.map(({ extensions }) => extensions.code);
