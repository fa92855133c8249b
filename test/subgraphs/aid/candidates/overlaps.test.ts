import { beforeAll, describe, expect, test } from "vitest";
import { asRole } from "../../../kit/database.ts";
import { codesOf } from "../../../kit/slice.ts";
import { district, steward, useCatalogue } from "../catalogue/kit.ts";

const { slice, urls } = useCatalogue();

const [HERE, THERE] = ["3510161001", "3171011001"];
const id = (kind: number, n: number) => `0000000${kind}-0000-4000-8000-${String(n).padStart(12, "0")}`;
const [PERSON, ENROLMENT, FAMILY, MEMBER] = [5, 6, 7, 8];

type Told = readonly [n: number, person: number, program: string, startedOn: string, endedOn: string | null, region?: string];
/** Who drew what, when: the overlaps of the stories are planted here, and nothing else is excluded in the synthetic country. */
const DRAWN: readonly Told[] = [
  [1, 1, "BST", "2021-01-01", "2021-08-31"],
  [2, 1, "PKH", "2019-01-01", null],
  [3, 2, "BST", "2021-01-01", "2021-08-31"], // her husband, person 3, draws Kartu Sembako
  [4, 3, "BPNT", "2021-03-01", null],
  [5, 4, "PKH", "2020-01-01", null],
  [6, 4, "BPNT", "2020-01-01", null],
  [7, 5, "BST", "2021-01-01", "2021-08-31"],
  [8, 5, "PKH", "2021-09-01", null], // begins when the other has ended
  [9, 6, "KIP", "2021-07-01", null], // brother and sister
  [10, 7, "KIP", "2021-07-01", null],
  [11, 8, "KIP", "2020-07-01", null],
  [12, 8, "BST", "2021-01-01", "2021-08-31"],
  [13, 9, "PKH", "2021-01-01", null, THERE],
  [14, 9, "BST", "2021-01-01", "2021-08-31"],
];

beforeAll(() =>
  asRole(urls.programs.owner, async (sql) => {
    await sql`delete from payment_period`;
    await sql`delete from enrolment`;
    const rows = DRAWN.map(([n, person, program, started_on, ended_on, region = HERE]) => ({
      ...{ id: id(ENROLMENT, n), person_id: id(PERSON, person), program, started_on, ended_on, region },
      state: ended_on === null ? "ACTIVE" : "EXITED",
    }));
    await sql`insert into enrolment ${sql(rows)}`;
    const [force] = await sql`select programs.delivery_in_force() as number`;
    const delivery = force?.["number"] ?? 1;
    if (force?.["number"] == null)
      await sql`insert into target_delivery values (1, 'DTSEN', '2026-Q3', '2026-07-01', now(), 0, 0, ${"ab".repeat(32)}, null, 'IN_FORCE')`;
    const members = [2, 3, 6, 7].map((person) => ({
      ...{ delivery, member_id: id(MEMBER, person), family_id: id(FAMILY, person < 5 ? 1 : 2), suffix: `0${person}` },
      ...{ person_id: id(PERSON, person), match_status: "MATCHED", state: "ACTIVE", region: HERE, components: [], barred: [] },
    }));
    await sql`insert into candidate_member ${sql(members)}`;
  }),
);

const QUERY = `query ($filter: OverlapFilter!, $first: Int, $after: String) { overlaps(filter: $filter, first: $first, after: $after) {
  nodes { id finding unit person { id } region { code } fromDay toDay enrolment { program { code } } otherEnrolment { program { code } } }
  pageInfo { hasNextPage endCursor } totalCount } }`;
const overlaps = async (told: object, caller = district, paging: object = {}) =>
  (await slice.ask(QUERY, { caller, variables: { filter: { region: "3510", ...told }, ...paging } })).data.overlaps;
interface Node {
  readonly id: string;
  readonly finding: string;
}
const pair = (a: number, b: number) => `${id(ENROLMENT, a)}:${id(ENROLMENT, b)}`;
const pairs = ({ nodes }: { nodes: readonly Node[] }) => nodes.map((node) => node.id).sort();

const scope = (from: string, before: string, program: string) =>
  `set local hub.regions = '{${from},${before},"","","","","",""}'; set local hub.programs = '{${program}}'; set local hub.decile_max = 100; set local hub.purpose = '{PROGRAM_MANAGEMENT}'`;

describe("a district finds aid that may not go together", () => {
  test("BST with PKH of one person is exclusive for the days both ran; PKH with Kartu Sembako is legal and no finding", async () => {
    const { nodes } = await overlaps({ finding: "EXCLUSIVE" });
    expect(nodes.find((node: Node) => node.id === pair(1, 2))).toEqual({
      ...{ id: pair(1, 2), finding: "EXCLUSIVE", unit: "PERSON", person: { id: id(PERSON, 1) }, region: { code: HERE } },
      ...{ fromDay: "2021-01-01", toDay: "2021-08-31" },
      ...{ enrolment: { program: { code: "BST" } }, otherEnrolment: { program: { code: "PKH" } } },
    });
    expect(pairs({ nodes })).not.toContain(pair(6, 5));
  });

  test("a family overlaps though two persons draw: the husband's Kartu Sembako with the wife's BST", async () => {
    const { nodes } = await overlaps({ finding: "EXCLUSIVE" });
    const found = nodes.find((node: Node) => node.id === pair(4, 3));
    expect(found).toMatchObject({ unit: "FAMILY", fromDay: "2021-03-01", toDay: "2021-08-31" });
  });

  test("what ended the day before the other began does not overlap, and brothers and sisters may each have PIP", async () => {
    expect(pairs(await overlaps({}))).toEqual([pair(1, 2), pair(4, 3), pair(12, 11)].sort());
  });

  test("a pair without a rule is for review", async () => {
    const { nodes } = await overlaps({ finding: "REVIEW" });
    expect(nodes).toMatchObject([{ id: pair(12, 11), finding: "REVIEW", unit: "PERSON" }]);
    expect((await overlaps({ program: "KIP" })).totalCount).toBe(1);
  });

  test("threat: an overlap with an enrolment outside the asker's rows is not told; the ministry sees it from either side", async () => {
    expect(pairs(await overlaps({}))).not.toContain(pair(14, 13));
    expect(pairs(await overlaps({ region: THERE.slice(0, 4) }, steward))).toEqual([pair(14, 13)]);
    expect(pairs(await overlaps({}, steward))).toContain(pair(14, 13));
    expect((await overlaps({ region: "3171" })).nodes).toEqual([]);
  });

  test("pages lose and repeat none, each in one statement however long", async () => {
    const first = await overlaps({}, district, { first: 2 });
    const second = await overlaps({}, district, { first: 2, after: first.pageInfo.endCursor });
    expect([first.nodes.length, second.nodes.length, second.pageInfo.hasNextPage]).toEqual([2, 1, false]);
    expect(new Set([...pairs(first), ...pairs(second)]).size).toBe(3);
    const whole = await slice.ask(QUERY, { caller: steward, variables: { filter: { region: "35" } } });
    expect(codesOf(whole)).toEqual(["BAD_USER_INPUT"]); // a whole province is the work of the queue
    const bare = '{ overlaps(filter: { region: "3510" }) { nodes { id finding enrolment { state } otherEnrolment { state } } } }';
    await slice.ask(bare, { caller: district });
    expect(slice.statements).toBe(2); // overlaps, enrolments
  });

  test("threat: the search sees exactly the enrolments its asker's policies show, whoever asks", async () => {
    const all = await asRole(urls.programs.owner, (sql) => sql`select id, region, program, person_id from enrolment`);
    const officer = (id: string, agency: string) =>
      `set local hub.officer = '{${id}}'; set local hub.agency = '{${agency}}'; set local hub.citizen = '{}';`;
    const nobody = "set local hub.officer = '{}'; set local hub.agency = '{KEMENSOS}'; set local hub.citizen = '{}';";
    const askers = [
      [14, `${officer("program.kemensos", "KEMENSOS")} ${scope("0", "A", "*")}`],
      [13, `${officer("bansos.dinsos_banyuwangi", "DINSOS_BANYUWANGI")} ${scope("0", "A", "*")}`],
      [3, `${officer("pendamping.dinsos_banyuwangi", "DINSOS_BANYUWANGI")} ${scope("0", "A", "*")}`],
      [0, `${officer("program.kemensos", "DINSOS_BANYUWANGI")} ${scope("0", "A", "*")}`],
      [5, `${nobody} ${scope("0", "A", "BST")}`],
      [1, `${nobody} ${scope("3171", "3172", "*")}`],
      [2, `${nobody} set local hub.citizen = '{${id(PERSON, 1)}}'; ${scope("0", "A", "*")}`],
    ] as const;
    for (const [count, settings] of askers)
      await asRole(urls.programs.runtime, (sql) =>
        sql.begin(async (tx) => {
          await tx.unsafe(settings);
          const shown = await tx`select id from programs.enrolment order by id`;
          const seen =
            await tx`select e.id from jsonb_to_recordset(${tx.json(all as never)}) as e (id uuid, region text, program text, person_id uuid)
            where programs.is_seen(e.region, e.program, e.person_id) order by e.id`;
          expect(seen).toEqual(shown);
          expect(shown).toHaveLength(count);
        }),
      );
  });
});
