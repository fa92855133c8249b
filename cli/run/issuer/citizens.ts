import { rawClient } from "../../../drizzle/client.ts";
import type { DatabaseUrls } from "../../../drizzle/cluster.ts";
import type { Citizens, DemoPerson } from "./people.ts";

/** Of each program and state that there is, so many people. */
const EACH = 2;
const STATES: Readonly<Record<string, string>> = {
  ACTIVE: "Menerima",
  SUSPENDED: "Ditangguhkan dari",
  WAITING: "Menunggu",
  EXITED: "Pernah menerima",
};
const OTHERS = "Warga lain";

/** Made-up people worth signing in as: adults with each kind of aid, and some others. Read once, when somebody first asks. */
export function citizensOf(urls: Pick<DatabaseUrls, "population" | "programs">): Citizens {
  let read: Promise<readonly DemoPerson[]> | undefined;
  return {
    list() {
      read ??= listed(urls);
      read.catch(() => {
        read = undefined;
      });
      return read;
    },
    nameOf: (id) =>
      on(urls.population.owner, async (sql) => {
        const [row] = await sql<{ name: string }[]>`select full_name as name from population.person where id = ${id}`;
        return row?.name ?? null;
      }),
  };
}

interface Aided {
  readonly id: string;
  readonly program: string;
  readonly state: string;
}

async function listed({ population, programs }: Pick<DatabaseUrls, "population" | "programs">): Promise<readonly DemoPerson[]> {
  // more than are shown: children are enrolled, too
  const aided = await on(
    programs.owner,
    (sql) => sql<Aided[]>`select id, program, state from (
      select e.person_id as id, e.program, e.state,
        row_number() over (partition by e.program, e.state order by e.started_on desc, e.person_id) as n
      from programs.enrolment e where e.state = any (${Object.keys(STATES)})) picked
    where n <= ${EACH * 4} order by program, array_position(${Object.keys(STATES)}::text[], state::text), n`,
  );
  const ids = aided.map(({ id }) => id);
  return on(population.owner, async (sql) => {
    const adults = sql`select id, full_name as name from population.person where is_alive and birth_date < now() - interval '18 years'`;
    const known = await sql<Named[]>`${adults} and id = any (${ids})`;
    const others = await sql<Named[]>`${adults} and id <> all (${ids}) order by id limit ${EACH * 2}`;
    return [...grouped(aided, new Map(known.map(({ id, name }) => [id, name]))), ...others.map((one) => shown(one, OTHERS))];
  });
}

interface Named {
  readonly id: string;
  readonly name: string;
}
const shown = ({ id, name }: Named, group: string): DemoPerson => ({ id: `person:${id}`, name, group });

/** Nobody twice, and of each group the first few. */
function grouped(aided: readonly Aided[], names: ReadonlyMap<string, string>): DemoPerson[] {
  const people = new Map<string, DemoPerson>();
  const counts = new Map<string, number>();
  for (const { id, program, state } of aided) {
    const [name, group] = [names.get(id), `${STATES[state]} ${program}`];
    const count = counts.get(group) ?? 0;
    if (name === undefined || people.has(id) || count >= EACH) continue;
    counts.set(group, count + 1);
    people.set(id, shown({ id, name }, group));
  }
  return [...people.values()];
}

async function on<T>(url: string, ask: (sql: ReturnType<typeof rawClient>) => Promise<T>): Promise<T> {
  const sql = rawClient(url, { max: 1 });
  try {
    return await ask(sql);
  } finally {
    await sql.end();
  }
}
