import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { isDev, issuerUrl } from "../../../gateway/runtime/config.ts";
import { devClientSecret } from "../../../schema/devClients.ts";
import { type Env, secretFrom } from "../../../schema/settings.ts";
import { stopSignal } from "../../run/ending.ts";
import { askForToken } from "../../run/issuer.ts";
import { createRounds, type Question } from "./rounds.ts";

export const help = `
Usage: npx hub courier [--gateway http://127.0.0.1:4000]

Carries signed facts between the controllers, as the client siks-ng of the gateway and on record like everybody: civil events from population to
programs and the registry, what population says to claims of candidates and members, and registry events to programs. Until Ctrl-C or SIGTERM. It keeps nothing: where it left
off the registry's inbox knows, and several at once do what one does. When a part of the hub is down it tries again, less and less often.

Settings: HUB_OIDC_ISSUER names the issuer of its tokens, HUB_COURIER_SECRET the secret of siks-ng there (or …_FILE; known in dev).
Exit codes: 0 stopped, 1 cannot run, 2 wrong usage.
`;

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const LONGEST_PAUSE = MINUTE / 2;
const IDLE_PAUSE = 5 * SECOND;
const CLIENT = "siks-ng";
const AGREEMENT = "PKS-2025-024";

/** `argv`: what follows `courier`. */
export async function courier(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...argv], options: { gateway: { type: "string", default: "http://127.0.0.1:4000" } } });
  const faults: string[] = [];
  const secret = courierSecret(process.env, faults);
  for (const fault of faults) note(fault);
  if (faults.length > 0) return 1;
  const stopped = stopSignal();
  const running = startCourier({ gateway: values.gateway, token: () => tokenOf(secret), note });
  note(`carries between the controllers through ${values.gateway}`);
  await stopped;
  await running.close();
  return 0;
}

export function courierSecret(env: Env, faults: string[]): string {
  const secret = secretFrom(env, { name: "HUB_COURIER_SECRET", faults }) ?? (isDev(env) ? devClientSecret(CLIENT) : "");
  if (secret === "" && faults.length === 0) faults.push("HUB_COURIER_SECRET is missing: the secret of siks-ng at the issuer");
  return secret;
}

async function tokenOf(secret: string): Promise<string> {
  const answer = await askForToken(issuerUrl(), { id: CLIENT, secret });
  if ("error" in answer) throw new Error(`the issuer gives ${CLIENT} no token: ${answer.error}`);
  return answer.access_token;
}

interface Route {
  /** Address of the gateway, without path. */
  readonly gateway: string;
  readonly token: () => Promise<string>;
  readonly note: (text: string) => void;
}

/**
 * A round each second while there is something to carry; after an idle one the pause doubles, up to five seconds (each round is on record), after a
 * failed one up to half a minute. `close` waits for the round under way.
 */
export function startCourier({ gateway, token, note }: Route): { close(): Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;
  const noteAside = (fault: string) => note(`claims could not be validated or registry events not told, tries again: ${fault}`);
  const walking = walk({ round: createRounds(questionTo(gateway, token), noteAside), signal, note });
  return {
    close() {
      stopping.abort();
      return walking;
    },
  };
}

interface Walk extends Pick<Route, "note"> {
  readonly round: ReturnType<typeof createRounds>;
  readonly signal: AbortSignal;
}

async function walk({ round, signal, note }: Walk): Promise<void> {
  let [failures, idle] = [0, 0];
  while (!signal.aborted) {
    const done = await round().catch(textOf);
    failures = typeof done === "string" ? failures + 1 : 0;
    idle = typeof done === "string" || done.events + done.told + done.validations > 0 ? 0 : idle + 1;
    if (failures === 1) note(`a round failed, tries again: ${done}`);
    const pause = failures > 0 ? Math.min(SECOND * 2 ** failures, LONGEST_PAUSE) : Math.min(SECOND * 2 ** idle, IDLE_PAUSE);
    await sleep(pause, undefined, { signal }).catch(() => {});
  }
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const TOKEN_LASTS = 4 * MINUTE;
const IMPATIENCE = 10 * SECOND;

/** Asks the gateway. Rejects where any part of an answer is missing: half a round is no round. The message holds codes, never an answer. */
function questionTo(gateway: string, token: () => Promise<string>): Question {
  let known = { token: "", until: 0 };
  return async (query, variables) => {
    if (Date.now() > known.until) known = { token: await token(), until: Date.now() + TOKEN_LASTS };
    const headers = {
      authorization: `Bearer ${known.token}`,
      "hub-agreement": AGREEMENT,
      "content-type": "application/json",
      accept: "application/graphql-response+json",
    };
    const body = JSON.stringify({ query, variables });
    const response = await fetch(`${gateway}/graphql`, {
      method: "POST",
      headers,
      body,
      signal: AbortSignal.timeout(IMPATIENCE),
    });
    const { data, errors = [] } = (await response.json()) as Answer;
    if (response.status === UNAUTHENTICATED) known = { token: "", until: 0 };
    if (errors.length > 0 || !data)
      throw new Error(`${response.status} ${errors.map(({ extensions }) => extensions?.code).join()}`);
    return data;
  };
}

const UNAUTHENTICATED = 401;
interface Answer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[];
}

function note(text: string): void {
  process.stderr.write(`hub courier: ${text}\n`);
}
