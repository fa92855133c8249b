import { rawClient, SLICES, type Slice } from "../../../drizzle/client.ts";
import { behind, faultsOfRole } from "../../../drizzle/cluster.ts";
import type { Check, Place, Said } from "./finding.ts";

const SECOND = 1000;
/** Between this host and a database: tokens, leases and the record's instants bear that much. */
const MOST_SKEW_MS = 2 * SECOND;
const BATCH = 20_000;

/** Slice a role's address leads to. */
const SLICE_OF: Readonly<Record<string, Slice>> = {
  ...{ gateway: "governance", record: "governance", log: "governance" },
  ...{ jobs: "population", registry: "welfare", allocation: "programs", publication: "statistics" },
};
const isOwner = (name: string) => name.endsWith("_owner");

export const kind: Check = async ({ databases }, said) => {
  if (databases.fault) said.bad("databases", databases.fault, "name them, or start their server; npx hub settings has the names");
  else if (databases.kind === "embedded") said.note("databases", "embedded PostgreSQL: for development, without backup");
  else
    said.good(
      "databases",
      databases.kind === "named" ? `${Object.keys(databases.urls).length} addresses, one a role` : "one PostgreSQL server",
    );
};

/** Version, encoding and rights of every role, and whether its tables are those of this release. */
export const roles: Check = async ({ databases }, said) => {
  for (const [name, url] of Object.entries(databases.urls).filter(([name]) => !isOwner(name))) {
    const isWorker = ["jobs", "registry", "allocation", "publication"].includes(name); // they own their queues
    const faults = (await faultsOfRole(name, url)).filter((fault) => !isWorker || !fault.includes("owns tables"));
    const slice = SLICE_OF[name] ?? (SLICES.find((one) => one === name) as Slice);
    const missing = faults.length === 0 ? await behind(slice, url) : null;
    for (const fault of faults) said.bad(`role of ${name}`, fault, adviceOf(fault));
    if (missing !== null) said.bad(`role of ${name}`, "migrations are missing", "npx hub migrate, with this release");
    if (faults.length === 0 && missing === null) said.good(`role of ${name}`, "bound by row-level security, tables up to date");
  }
};

const adviceOf = (fault: string): string =>
  /cannot connect/.test(fault)
    ? "see that PostgreSQL runs and lets this host in, and that the address has the role's password"
    : /superuser|bypasses|owns/.test(fault)
      ? "npx hub migrate makes roles without these rights: use those"
      : "use PostgreSQL 15 or newer with UTF8";

export const clock: Check = async ({ databases, now }, said) => {
  const asked = new Map(
    Object.entries(databases.urls)
      .filter(([name]) => !isOwner(name))
      .map(([name, url]) => [new URL(url).host, [name, url] as const]),
  );
  for (const [name, url] of asked.values()) {
    const skew = await onOne(url, (client) => skewOf(client, now)).catch(() => null);
    if (skew === null) said.skipped("clock", `the server of ${name} cannot be asked`);
    else if (Math.abs(skew) > MOST_SKEW_MS)
      said.bad(
        "clock",
        `${Math.round(skew / SECOND)} s from the server of ${name}`,
        "set both by NTP (chrony, systemd-timesyncd)",
      );
    else said.good("clock", `${Math.round(Math.abs(skew))} ms from the server of ${name}`);
  }
};

type Client = ReturnType<typeof rawClient>;

/** Of the second asking: the first pays for the connection. */
async function skewOf(client: Client, now: () => number): Promise<number> {
  await client`select 1`;
  const sent = now();
  const [row] = await client<{ at: number }[]>`select extract(epoch from clock_timestamp())::float8 * 1000 as at`;
  return (sent + now()) / 2 - Number(row?.at);
}

export async function onOne<T>(url: string, ask: (client: Client) => Promise<T>): Promise<T> {
  const client = rawClient(url, { max: 1, connect_timeout: 5 });
  try {
    return await ask(client);
  } finally {
    await client.end({ timeout: 5 });
  }
}

/** Whether welfare and programs name only persons whom population has. Reads every one of them, as owners. */
export async function persons({ databases }: Place, said: Said): Promise<void> {
  const { population_owner: population, welfare_owner: welfare, programs_owner: programs } = databases.urls;
  if (!population || !welfare || !programs)
    return said.skipped("persons", "needs the owners' addresses of population, welfare and programs");
  const told = [
    ["welfare", welfare, "select distinct person_id as id from welfare.member where person_id is not null"],
    ["programs", programs, "select distinct person_id as id from programs.enrolment"],
  ] as const;
  for (const [slice, url, query] of told) {
    const { named, unknown } = await onOne(url, (from) => onOne(population, (register) => compare({ from, register, query })));
    if (unknown > 0)
      said.bad(
        "persons",
        `${unknown} of ${named} whom ${slice} names are not in population`,
        "one of the two is older: restore both to one instant (docs/operations/restore.md)",
      );
    else said.good("persons", `population has all ${named} whom ${slice} names`);
  }
}

async function compare({ from, register, query }: { readonly from: Client; readonly register: Client; readonly query: string }) {
  let [named, unknown] = [0, 0];
  for await (const rows of from.unsafe<{ id: string }[]>(query).cursor(BATCH)) {
    const ids = rows.map(({ id }) => id);
    const [row] = await register<{ unknown: number }[]>`select count(*)::int as unknown from unnest(${ids}::uuid[]) as asked (id)
      where not exists (select from population.person p where p.id = asked.id)`;
    named += ids.length;
    unknown += row?.unknown ?? 0;
  }
  return { named, unknown };
}
