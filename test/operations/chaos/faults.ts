import { setTimeout as sleep } from "node:timers/promises";
import { rawClient } from "../../../drizzle/client.ts";
import { type Ask, type Crowd, type Outcome, ROOTS } from "./crowd.ts";
import { type Part, until } from "./part.ts";
import { SUBGRAPH_TIMEOUT_MS, type Town } from "./town.ts";

// What is done to a town, and what must hold while it lasts. A broken promise is a sentence; what must hold afterwards is asked of every fault alike.

export interface Scene {
  readonly town: Town;
  readonly crowd: Crowd;
  readonly asks: { readonly [name in "wide" | "homes" | "figures" | "act"]: Ask };
  /** A whole number below `n`, of the schedule's own dice. */
  below(n: number): number;
}

export interface Fault {
  readonly name: string;
  /** What it needs of the machine; undefined: nothing. */
  readonly needs?: "disks";
  /** Breaks it, watches it and mends it; promises that did not hold meanwhile. */
  strike(scene: Scene): Promise<readonly string[]>;
}

const LASTS_MS = 7000;
/** What an answer takes in calm on this machine, here and now. */
export async function calmMsOf({ crowd, asks }: Scene): Promise<number> {
  const calm = [await crowd.ask(asks.wide), await crowd.ask(asks.wide), await crowd.ask(asks.wide)];
  return Math.max(...calm.map(({ at, from }) => at - from));
}
/** How much longer than its promise an answer may take: a second, and five times that. */
const leewayFrom = async (scene: Scene): Promise<number> => 1000 + 5 * (await calmMsOf(scene));

const SOURCES = Object.keys(ROOTS);

/** A source that is away: its own root field fails and names it, all others are whole, in time, and its circuit answers at once when it is open. */
async function costsItsOwn({ crowd, asks }: Scene, { source, leewayMs }: Away): Promise<string[]> {
  const end = performance.now() + LASTS_MS;
  const broken: string[] = [];
  let lost = 0;
  while (performance.now() < end) {
    const outcome = await crowd.ask(asks.wide);
    lost += outcome.services.includes(source) ? 1 : 0;
    broken.push(...othersThan({ source, leewayMs }, outcome));
  }
  return lost > 0 ? broken : [...broken, `no answer missed ${source}: it was not away`];
}

interface Away {
  readonly source: string;
  readonly leewayMs: number;
}
function othersThan({ source, leewayMs }: Away, { status, codes, services, data, at, from }: Outcome): string[] {
  if (status !== 200) return BUSY.has(codes[0] ?? "") ? [] : [`${source} away, and the whole answer was ${status} ${codes}`];
  const others = Object.entries(ROOTS).filter(([name]) => name !== source);
  const took = at - from;
  return [
    ...others.filter(([, field]) => data?.[field] === null).map(([name]) => `${source} away, and ${name} was missing: ${codes}`),
    ...services.filter((service) => service !== source).map((service) => `${source} away, and ${service} was blamed`),
    ...(took > SUBGRAPH_TIMEOUT_MS + leewayMs ? [`${source} away, and the answer took ${took.toFixed(0)} ms`] : []),
  ];
}
/** What a machine that stalls is told whatever is broken. */
const BUSY = new Set(["OVERLOADED", "AUDIT_UNAVAILABLE", "POLICY_UNAVAILABLE", "DIED"]);

const partOf = ({ slices }: Town, name: string): Part => {
  const part = slices.get(name);
  if (!part) throw new Error(`no ${name} in this town`);
  return part;
};
const wireOf = ({ wires }: Town, name: string) => {
  const wire = wires.get(name);
  if (!wire) throw new Error(`no wire ${name} in this town`);
  return wire;
};

/** Something away for a while, whoever it is: done, watched, undone. */
async function meanwhile(strike: () => unknown, watched: () => Promise<string[]>, undo: () => unknown): Promise<string[]> {
  await strike();
  try {
    return await watched();
  } finally {
    await undo();
  }
}

const away = (name: string, how: (scene: Scene, source: string) => readonly [strike: () => unknown, undo: () => unknown]) =>
  SOURCES.map(
    (source): Fault => ({
      name: `${source} ${name}`,
      async strike(scene) {
        const [strike, undo] = how(scene, source);
        const leewayMs = await leewayFrom(scene);
        return meanwhile(strike, () => costsItsOwn(scene, { source, leewayMs }), undo);
      },
    }),
  );

const ofSources: readonly Fault[] = [
  ...away("hangs", ({ town }, source) => [
    () => partOf(town, source).signal("SIGSTOP"),
    () => partOf(town, source).signal("SIGCONT"),
  ]),
  ...away("is cut off", ({ town }, source) => [() => wireOf(town, source).cut(), () => wireOf(town, source).mend()]),
  ...away("is killed", ({ town }, source) => [() => partOf(town, source).end("SIGKILL"), () => partOf(town, source).start()]),
  {
    name: "a source answers in drips",
    async strike(scene) {
      const source = SOURCES[scene.below(SOURCES.length)] ?? "welfare";
      const wire = wireOf(scene.town, source);
      const leewayMs = await leewayFrom(scene);
      const broken: string[] = [];
      await meanwhile(
        () => wire.slow(),
        async () => {
          for (const end = performance.now() + LASTS_MS; performance.now() < end; )
            broken.push(...othersThan({ source, leewayMs }, await scene.crowd.ask(scene.asks.wide)));
          return [];
        },
        () => wire.mend(),
      );
      return broken;
    },
  },
];

const HOURS = 60 * 60 * 1000;

const ofClocks: readonly Fault[] = [2, -2].map((hours) => ({
  name: `the gateway's clock jumps by ${hours} hours`,
  async strike({ town, crowd, asks }) {
    const fresh = await town.issuer.token("kemensos");
    const headers = { authorization: `Bearer ${fresh}`, "content-type": "application/json" };
    const asked = async () => {
      const body = JSON.stringify({ query: asks.homes.query });
      const answer = await fetch(`${town.url}/graphql`, { method: "POST", headers, body });
      return { status: answer.status, data: ((await answer.json()) as { data?: unknown }).data ?? null };
    };
    await asked(); // a token that was seen before the jump
    return meanwhile(
      () => town.gateway.setClock(hours * HOURS),
      async () => {
        const answers = [await asked(), await crowd.ask(asks.homes), await crowd.ask(asks.act)];
        const open = answers.filter(({ status, data }) => status !== 401 || data !== null);
        return open.map(({ status }) => `a token of another hour was taken: ${status}`);
      },
      () => town.gateway.setClock(0),
    );
  },
}));

/** While nothing can be put on record: figures and nothing else. */
async function withoutRecord({ crowd, asks }: Scene) {
  const [home, act, figures] = [await crowd.ask(asks.homes), await crowd.ask(asks.act), await crowd.ask(asks.figures)];
  const told = [home, act].filter(({ data, status }) => data !== null || status !== 503);
  const isTold = figures.data?.["registryStatistics"] != null && figures.isUnrecorded;
  return {
    isTold,
    broken: [
      ...told.map(({ name, status }) => `without a record ${name} was answered ${status}`),
      ...(isTold || BUSY.has(figures.codes[0] ?? "") ? [] : [`without a record figures were ${figures.status} ${figures.codes}`]),
    ],
  };
}

const ofTheRecord: readonly Fault[] = (["cut", "hang"] as const).map((how) => ({
  name: `the record's store is ${how === "cut" ? "cut off" : "silent"}`,
  async strike(scene) {
    const { crowd, asks, town } = scene;
    const wire = wireOf(town, "record");
    const watched = async () => {
      await until("the record is missed", async () => (await crowd.ask(asks.homes)).codes.includes("AUDIT_UNAVAILABLE"));
      const looks: Awaited<ReturnType<typeof withoutRecord>>[] = [];
      for (const end = performance.now() + LASTS_MS / 2; performance.now() < end; ) looks.push(await withoutRecord(scene));
      const broken = looks.flatMap((look) => look.broken);
      if (!looks.some(({ isTold }) => isTold)) broken.push("without a record no figures were told at all");
      return broken;
    };
    return meanwhile(
      () => wire[how](),
      watched,
      () => wire.mend(),
    );
  },
}));

/** Grace and drain as they are set by default, and as long again for a machine that is busy. */
const ENDS_WITHIN_MS = 90_000;

const ofProcesses: readonly Fault[] = [
  {
    name: "the gateway is killed",
    async strike({ town, below }) {
      await town.gateway.end("SIGKILL");
      await sleep(below(500));
      await town.gateway.start();
      return [];
    },
  },
  {
    name: "the gateway is told to end, and drains",
    async strike({ town }) {
      const code = await Promise.race([town.gateway.end("SIGTERM"), sleep(ENDS_WITHIN_MS, "nothing: it is still there")]);
      await town.gateway.end("SIGKILL");
      await town.gateway.start();
      return code === 0 ? [] : [`the gateway ended with ${code}`];
    },
  },
  {
    name: "the gateway is stopped and goes on",
    async strike({ town, below }) {
      await meanwhile(
        () => town.gateway.signal("SIGSTOP"),
        async () => [await sleep(2000 + below(3000))].flatMap(() => []),
        () => town.gateway.signal("SIGCONT"),
      );
      return [];
    },
  },
  {
    name: "the log is killed",
    async strike({ town }) {
      await town.log.end("SIGKILL");
      await town.log.start();
      return [];
    },
  },
  {
    name: "a backend of PostgreSQL is killed, and the server recovers",
    async strike({ town, below }) {
      const sql = rawClient(town.urls.governance.owner, { max: 1 });
      const rows = await sql`select pid from pg_stat_activity where usename like 'hub_%' and pid <> pg_backend_pid()`;
      await sql.end();
      process.kill(rows[below(rows.length)]?.["pid"], "SIGKILL");
      return [];
    },
  },
  {
    name: "PostgreSQL is killed",
    async strike({ town, below }) {
      town.database.kill();
      await sleep(below(2000));
      await town.database.start();
      return [];
    },
  },
];

const ofDisks: readonly Fault[] = [
  {
    ...{ name: "the disk of PostgreSQL is full", needs: "disks" },
    async strike({ town, crowd, asks }) {
      const disk = town.disks.get("database");
      disk?.fill();
      const refused = async () => (await crowd.ask(asks.homes)).data === null;
      const isNoticed = await until("somebody is refused", refused, 40_000).then(
        () => true,
        () => false,
      );
      await sleep(2000);
      disk?.clear();
      await town.database.start(); // it may have ended: it does not write on without its journal
      if (!isNoticed) process.stderr.write("chaos: nobody noticed the full disk in 40 s; there was room in its tables\n");
      return [];
    },
  },
  {
    ...{ name: "the disk of exports is full", needs: "disks" },
    async strike({ town, crowd, asks }) {
      const disk = town.disks.get("exports");
      disk?.fill();
      await sleep(LASTS_MS);
      const { data } = await crowd.ask(asks.homes);
      disk?.clear();
      return data === null ? ["a question went unanswered for want of room for files"] : [];
    },
  },
];

const ofCrowds: readonly Fault[] = [
  {
    name: "many times as many ask",
    async strike({ crowd, asks }) {
      const outcomes = await Promise.all(Array.from({ length: 800 }, () => crowd.ask(asks.homes)));
      const other = outcomes.filter(({ status }) => ![200, 429, 503, 504].includes(status)); // 504: it waited for its sources as long as it may
      return other.map(({ status, codes }) => `one of many was told ${status} ${codes}`);
    },
  },
];

export const FAULTS: readonly Fault[] = [
  ...[...ofSources, ...ofClocks, ...ofTheRecord, ...ofProcesses],
  ...[...ofDisks, ...ofCrowds],
];
