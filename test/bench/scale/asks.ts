import { readFileSync } from "node:fs";
import { rawClient } from "../../../drizzle/client.ts";
import type { DatabaseUrls } from "../../../drizzle/cluster.ts";

/** A question as many people ask it, about somebody else each time. */
export interface Question {
  readonly name: string;
  readonly client: string;
  /** Who has signed in at the citizens' portal. */
  readonly person?: (nth: number) => string;
  readonly query: string;
  readonly variables: (nth: number) => object;
  /** Root field of the list that `after` goes through, to begin deep in it. */
  readonly deep?: string;
}

/** Made-up people and households of the size that is there, no matter whom. */
export interface Samples {
  readonly persons: readonly { readonly id: string; readonly nik: string; readonly name: string; readonly born: string }[];
  readonly households: readonly string[];
  readonly paid: readonly { readonly person: string; readonly program: string; readonly period: string }[];
}

/** `from`: any id; who stands behind it in order of ids, so that each size asks about others. */
export async function samplesOf(urls: DatabaseUrls, from: string): Promise<Samples> {
  const asked = async <T>(url: string, text: string): Promise<T[]> => {
    const sql = rawClient(url, { max: 1 });
    const rows = await sql.unsafe(text, [from]);
    await sql.end();
    return rows as unknown as T[];
  };
  const [persons, households, paid] = await Promise.all([
    asked<Samples["persons"][number]>(
      urls.population.owner,
      `select id, lpad(nik::text, 16, '0') as nik, full_name as name, birth_date::text as born from person
        where id > $1::uuid and nik is not null order by id limit 300`,
    ),
    asked<{ id: string }>(urls.welfare.owner, "select id from household where id > $1::uuid order by id limit 300"),
    asked<Samples["paid"][number]>(
      urls.programs.owner,
      `select e.person_id as person, e.program, (select p.period from payment_period p where p.enrolment_id = e.id and p.person_id = e.person_id limit 1) as period
        from enrolment e where e.person_id > $1::uuid and e.state = 'ACTIVE' and e.program = 'PKH'
          and exists (select from payment_period p where p.enrolment_id = e.id and p.person_id = e.person_id) order by e.person_id limit 200`,
    ),
  ]);
  return { persons, households: households.map(({ id }) => id), paid };
}

const REGENCIES = ["3510", "3201", "3273", "1271", "7371", "3374", "3578", "5171", "6171", "9471"];
const of = <T>(list: readonly T[], nth: number): T => list[nth % list.length] as T;

export function questionsOf({ persons, households, paid }: Samples): Question[] {
  const person = (nth: number) => of(persons, nth);
  return [
    {
      ...{ name: "person by NIK, with enrolments", client: "kemensos" },
      query: "query ($nik: String!) { personByNik(nik: $nik) { fullName enrolments { program { code } state } } }",
      variables: (nth) => ({ nik: person(nth).nik }),
    },
    {
      ...{ name: "household by id, with members", client: "kemensos" },
      query: "query ($id: ID!) { household(id: $id) { id region { name } members { id person { fullName } } } }",
      variables: (nth) => ({ id: of(households, nth) }),
    },
    {
      ...{ name: "page of 50 households, four sources", client: "kemensos" },
      ...{ query: readFileSync("docs/questions/households.graphql", "utf8"), variables: () => ({ first: 50 }) },
    },
    {
      ...{ name: "poorest households of a regency", client: "kemensos" },
      query:
        "query ($region: RegionCode) { households(first: 20, filter: { region: $region, decileAtMost: 2 }) { nodes { id deciles { decile } } pageInfo { hasNextPage } } }",
      variables: (nth) => ({ region: of(REGENCIES, nth) }),
    },
    {
      ...{ name: "households in order of decile, deep by cursor", client: "kemensos", deep: "households" },
      query:
        "query ($after: String) { households(first: 100, after: $after, orderBy: DECILE) { nodes { id } pageInfo { endCursor hasNextPage } } }",
      variables: () => ({}),
    },
    {
      ...{ name: "persons of a province by birth date", client: "kemensos" },
      query:
        'query ($region: RegionCode) { persons(first: 20, filter: { region: $region, bornFrom: "1980-01-01", bornTo: "1980-12-31" }) { nodes { id birthDate } } }',
      variables: (nth) => ({ region: of(REGENCIES, nth).slice(0, 2) }),
    },
    {
      ...{ name: "enrolments of a program in a regency", client: "kemensos" },
      query:
        "query ($region: RegionCode) { enrolments(first: 20, filter: { program: PKH, region: $region, state: ACTIVE }) { nodes { id person { id } } } }",
      variables: (nth) => ({ region: of(REGENCIES, nth) }),
    },
    {
      ...{ name: "households of a province in order of decile", client: "kemensos" },
      query:
        "query ($region: RegionCode) { households(first: 20, filter: { region: $region }, orderBy: DECILE) { nodes { id } pageInfo { hasNextPage } } }",
      variables: (nth) => ({ region: of(REGENCIES, nth).slice(0, 2) }),
    },
    {
      ...{ name: "enrolments of the country", client: "kemensos" },
      query: "{ enrolments(first: 20) { nodes { id person { id } } } }",
      variables: () => ({}),
    },
    {
      ...{ name: "identity verified", client: "kemensos" },
      query: "query ($input: VerifyIdentityInput!) { verifyIdentity(input: $input) { status elements { element result } } }",
      variables: (nth) => ({ input: { nik: person(nth).nik, fullName: person(nth).name, birthDate: person(nth).born } }),
    },
    {
      ...{ name: "way of a payment", client: "program.kemensos" },
      query:
        "query ($person: ID!, $program: ProgramCode!, $period: String!) { paymentTrace(person: $person, program: $program, period: $period) { outcome stoppedAt steps { step state } } }",
      variables: (nth) => of(paid, nth),
    },
    {
      ...{ name: "figures of the registry", client: "kemensos" },
      query: "{ registryStatistics { households byDecile { decile households } } }",
      variables: () => ({}),
    },
    {
      ...{ name: "a citizen's accesses", client: "portal-warga", person: (nth: number) => person(nth).id },
      query: "{ dataSubject { accesses(first: 20) { nodes { at agency { name } shown } } } }",
      variables: () => ({}),
    },
    {
      ...{ name: "a verifier's proposals", client: "verifikator.dinsos_banyuwangi" },
      query: "{ proposals(first: 20) { nodes { id state } } }",
      variables: () => ({}),
    },
  ];
}
