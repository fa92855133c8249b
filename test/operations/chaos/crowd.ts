import { setTimeout as sleep } from "node:timers/promises";
import type { Town } from "./town.ts";

// Clients of many kinds who ask without knowing what is broken, and keep what they were told.

/** What became of one question or act, as its client saw it. */
export interface Outcome {
  readonly name: string;
  /** Performance time it was sent and answered. */
  readonly from: number;
  readonly at: number;
  /** 0: the connection died. */
  readonly status: number;
  readonly codes: readonly string[];
  readonly services: readonly string[];
  readonly data: Readonly<Record<string, any>> | null;
  readonly receipt: Receipt | undefined;
  readonly isUnrecorded: boolean;
  readonly hasRetryAfter: boolean;
  /** Of a mutation: what it wrote down. */
  readonly mark?: string;
}
export interface Receipt {
  readonly id: string;
  readonly leaf: string;
}

export interface Ask {
  readonly name: string;
  readonly client: string;
  readonly query: string;
  readonly variables?: (nth: number) => object;
  readonly mark?: (nth: number) => string;
}

/** One root field of each source: what is down must cost its own and no other. */
export const ROOTS: Readonly<Record<string, string>> = {
  welfare: "households",
  population: "personByNik",
  programs: "programs",
  governance: "agreements",
};
const WIDE =
  "query ($nik: String!) { households(first: 3) { nodes { id } } personByNik(nik: $nik) { fullName } programs { code } agreements { number } }";
const HOMES = "{ households(first: 3) { nodes { id region { name } members { id person { nik enrolments { state } } } } } }";
const FIGURES = "{ registryStatistics { households byDecile { decile households } } }";
const ACT = "mutation ($input: RequestAccessInput!) { requestAccess(input: $input) { id state } }";

/** `niks`: whom they look up. `mark`: beginning of what their mutations write down. */
export function asksOf(niks: readonly string[], mark: string): { readonly [name in "wide" | "homes" | "figures" | "act"]: Ask } {
  const nik = (nth: number) => niks[nth % niks.length] ?? "";
  const input = (nth: number) => ({
    ...{ purpose: "PROGRAM_ADMINISTRATION", coordinates: ["Household.deciles"], regions: ["0"], days: 30 },
    justification: `${mark} ${nth}`,
  });
  return {
    wide: { name: "wide", client: "kemensos", query: WIDE, variables: (nth) => ({ nik: nik(nth) }) },
    homes: { name: "homes", client: "kemensos", query: HOMES },
    figures: { name: "figures", client: "kemensos", query: FIGURES },
    act: {
      ...{ name: "act", client: "steward.kemensos", query: ACT },
      variables: (nth) => ({ input: input(nth) }),
      mark: (nth) => `${mark} ${nth}`,
    },
  };
}

export interface Crowd {
  readonly outcomes: readonly Outcome[];
  /** Asks once, beside what the crowd asks. */
  ask(one: Ask, nth?: number): Promise<Outcome>;
  /** A token is taken anew where its life is over; clients keep theirs. */
  tokenOf(client: string): Promise<string>;
  end(): Promise<readonly Outcome[]>;
}

export interface CrowdOptions {
  readonly asks: readonly Ask[];
  readonly clients: number;
  /** Between an answer and the next question; who was not answered waits longer. */
  readonly pauseMs: number;
}

const TOKEN_MS = 120_000;
/** A client that hears nothing for so long calls it unanswered. */
export const UNANSWERED_MS = 60_000;

export function gather(town: Pick<Town, "url" | "issuer">, { asks, clients, pauseMs }: CrowdOptions): Crowd {
  const outcomes: Outcome[] = [];
  const tokens = new Map<string, { token: Promise<string>; until: number }>();
  const state = { isOver: false, nth: 0 };
  const tokenOf = (client: string): Promise<string> => {
    const known = tokens.get(client);
    if (known && known.until > performance.now()) return known.token;
    const token = town.issuer.token(client);
    tokens.set(client, { token, until: performance.now() + TOKEN_MS });
    return token;
  };
  const ask = async (one: Ask, nth = state.nth++): Promise<Outcome> => {
    const outcome = await told(town.url, await tokenOf(one.client), { one, nth });
    outcomes.push(outcome);
    return outcome;
  };
  const crowd = Array.from({ length: clients }, async (_, client) => {
    for (let turn = client; !state.isOver; turn += 1) {
      const one = asks[turn % asks.length];
      if (!one) return;
      const { data } = await ask(one);
      await sleep(data === null ? 4 * pauseMs : pauseMs);
    }
  });
  return {
    outcomes,
    ask,
    tokenOf,
    async end() {
      state.isOver = true;
      await Promise.all(crowd);
      return outcomes;
    },
  };
}

/** So many answers tell the pace, after so many that warm it up; fewer only where they take longer than anybody waits. */
const [ENOUGH_ANSWERS, WARM_UP_ANSWERS, RUSH_MS] = [200, 100, 60_000];
/** A crowd that rests longer is none. */
const LONGEST_REST_MS = 1000;

/** How long each of so many clients rests so that the town is asked half of what it can answer, on this machine and with all else that it does. */
export async function halfOf(
  town: Pick<Town, "url" | "issuer">,
  { asks, clients }: Omit<CrowdOptions, "pauseMs">,
): Promise<number> {
  const rush = gather(town, { asks, clients, pauseMs: 0 });
  const answered = () => rush.outcomes.filter(({ data }) => data !== null).length;
  const begun = performance.now();
  const come = async (count: number) => {
    while (answered() < count && performance.now() - begun < RUSH_MS) await sleep(50);
    return { count: answered(), at: performance.now() };
  };
  const [first, last] = [await come(WARM_UP_ANSWERS), await come(WARM_UP_ANSWERS + ENOUGH_ANSWERS)];
  const each = (last.at - first.at) / Math.max(1, last.count - first.count);
  await rush.end();
  const pauseMs = Math.min(LONGEST_REST_MS, Math.round(clients * each));
  process.stderr.write(
    `crowd: ${(1000 / each).toFixed(0)} answers a second at the most; each of ${clients} clients rests ${pauseMs} ms\n`,
  );
  return pauseMs;
}

async function told(url: string, token: string, { one, nth }: { one: Ask; nth: number }): Promise<Outcome> {
  const from = performance.now();
  const mark = one.mark?.(nth);
  const base = { name: one.name, from, ...(mark !== undefined && { mark }) };
  try {
    const response = await fetch(`${url}/graphql`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ query: one.query, variables: one.variables?.(nth) ?? {} }),
      signal: AbortSignal.timeout(UNANSWERED_MS),
    });
    const { data = null, errors = [], extensions = {} } = (await response.json()) as Record<string, any>;
    const { receipt, unrecorded } = extensions["governance"] ?? {};
    return {
      ...{ ...base, at: performance.now(), status: response.status, data, receipt: receipt ?? undefined },
      codes: errors.map((error: any) => error.extensions.code),
      services: errors.flatMap((error: any) => error.extensions.service ?? []),
      isUnrecorded: unrecorded === true,
      hasRetryAfter: response.headers.has("retry-after"),
    };
  } catch (error) {
    const code = (error as Error).name === "TimeoutError" ? "UNANSWERED" : "DIED";
    return {
      ...{ ...base, at: performance.now(), status: 0, codes: [code], services: [], data: null, receipt: undefined },
      ...{ isUnrecorded: false, hasRetryAfter: false },
    };
  }
}
