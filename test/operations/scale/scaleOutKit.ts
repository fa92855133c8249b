/** Where somebody asks, and by what. */
interface Front {
  readonly gatewayUrl: string;
  tokenOf(client: string): Promise<string>;
}

/** One answer, and when it was asked for. */
export interface Answer {
  readonly at: number;
  readonly status: number;
  readonly codes: readonly string[];
  readonly data: any;
  /** Of the agreement it was judged by. */
  readonly version: number | undefined;
}

interface Asked {
  readonly at?: string;
  readonly query: string;
  readonly variables?: object;
  readonly agreement?: string;
}

/** Asks at one address of the hub, whoever stands behind it; a hub that cannot be reached is status 0. */
export async function askAt(hub: Front, client: string, asked: Asked): Promise<Answer> {
  const { at: url = hub.gatewayUrl, query, variables = {} } = asked;
  const headers = {
    authorization: `Bearer ${await hub.tokenOf(client)}`,
    "content-type": "application/json",
    accept: "application/graphql-response+json",
    ...(asked.agreement && { "hub-agreement": asked.agreement }),
  };
  const body = JSON.stringify({ query, variables });
  for (let patience = 10; ; patience -= 1) {
    const answer = await once(`${url}/graphql`, { method: "POST", headers, body });
    const isSlow = answer.status === 503 && SLOW.some((code) => answer.codes.includes(code));
    if (!isSlow || patience === 0) return answer;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** A machine that stalls: the gateway says so, and a client comes back. */
const SLOW = ["POLICY_UNAVAILABLE", "AUDIT_UNAVAILABLE"];

async function once(url: string, init: RequestInit): Promise<Answer> {
  const at = performance.now();
  try {
    const response = await fetch(url, init);
    const text = await response.text();
    const { data = null, errors = [], extensions = {} } = text === "" ? {} : JSON.parse(text);
    const codes = errors.map((error: any) => error.extensions.code);
    return { at, status: response.status, codes, data, version: extensions.governance?.version };
  } catch {
    return { at, status: 0, codes: [], data: null, version: undefined };
  }
}

/** Several askers who ask again as soon as they have their answer. */
export function load(askers: number, ask: (n: number) => Promise<Answer>) {
  const answers: Answer[] = [];
  const state = { isOver: false, n: 0 };
  const asking = Array.from({ length: askers }, async () => {
    while (!state.isOver) answers.push(await ask(state.n++));
  });
  return {
    answers,
    /** Waits until so many more were answered. */
    async more(count: number): Promise<void> {
      const until = answers.length + count;
      while (answers.length < until) await new Promise((resolve) => setTimeout(resolve, 10));
    },
    async end(): Promise<readonly Answer[]> {
      state.isOver = true;
      await Promise.all(asking);
      return answers;
    },
  };
}

/** As many at once as there are askers, until each item had its turn. */
export async function each<Item, Done>(
  items: readonly Item[],
  askers: number,
  work: (item: Item) => Promise<Done>,
): Promise<Done[]> {
  const done: Done[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: askers }, async () => {
      for (let n = next++; n < items.length; n = next++) done[n] = await work(items[n] as Item);
    }),
  );
  return done;
}
