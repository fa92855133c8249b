import { subjectKey, tagOf } from "../../../schema/record/tags.ts";
import { type YearKeys, yearInWib } from "../../../schema/record/yearKeys.ts";
import { uuids } from "../../kit/data.ts";
import { badInput } from "../../kit/errors.ts";
import { type Page, type Paging, pageOf, type Window } from "../../kit/page.ts";
import type { Asking } from "../../kit/serve/context.ts";
import type { Office } from "../held.ts";
import { dpoAsking, HUB, refused } from "../steward.ts";
import { accessesOf, recordSince, represents, type Tagged } from "./data.ts";
import { type Line, lineOf } from "./lines.ts";

/** A person as this slice is told of one: with `accesses` come the ids their rows have elsewhere. */
export interface SubjectRow {
  readonly id: string;
  readonly nik?: string | null;
  readonly registryMembers?: readonly { readonly id: string; readonly household?: { readonly id: string } | null }[] | null;
  readonly enrolments?: readonly { readonly id: string }[] | null;
}
export type LinePage = Page<Line>;

interface Narrowed extends Paging {
  readonly skip?: number | null | undefined;
  readonly from?: string | null | undefined;
  readonly to?: string | null | undefined;
}

const MAX_SKIP = 100_000;
const [ALWAYS, NEVER] = ["-infinity", "infinity"];

/** What data subjects see of the record. */
export const tracker = (asking: Asking, { recordKeys }: Pick<Office, "recordKeys">) => {
  const { db, caller, now, cursors } = asking;
  return {
    async subject(representing: string | null): Promise<SubjectRow> {
      const id = (representing ?? caller.citizen)?.toLowerCase();
      await viewOf(asking, id ?? "");
      if (id === undefined) throw badInput("representing: a data protection officer says whom it is about");
      return { id };
    },
    async accesses(person: SubjectRow, { skip, from, to, ...paging }: Narrowed): Promise<LinePage> {
      const ofAgency = await viewOf(asking, person.id);
      const passed = skip ?? 0;
      if (passed < 0 || passed > MAX_SKIP) throw badInput(`skip must be from 0 to ${MAX_SKIP}`);
      if (from != null && to != null && Date.parse(from) >= Date.parse(to)) throw badInput("from must be before to");
      const tags = tagsOf(person, heldAt(now, recordKeys));
      const ask = async ({ limit, after }: Window, over: number) =>
        accessesOf(db, {
          ...{ tags, ofAgency, since: from ?? ALWAYS, until: to ?? NEVER, now },
          ...{ before: after === null ? null : Number(after[0]), skip: over, lines: limit },
        });
      let page: ReturnType<typeof ask> | undefined;
      return pageOf(paging, {
        ...{ of: `accesses:${person.id}`, cursors },
        positionOf: ({ line }) => [line],
        rows: async (window) => {
          page = ask(window, passed);
          return (await page).map(lineOf);
        },
        count: async () => {
          await Promise.resolve(); // a page asked for beside it, even after it in the document, knows the number
          return ((await page)?.[0] ?? (await ask({ limit: 1, after: null }, 0))[0])?.total ?? 0;
        },
      });
    },
    /** Null: nothing is on record. */
    async since(): Promise<string | null> {
      const oldest = await recordSince(db);
      const held = `${Math.min(...recordKeys.keys())}-01-01T00:00:00+07:00`;
      return oldest === null ? null : new Date(Math.max(Date.parse(oldest), Date.parse(held))).toISOString();
    },
  };
};

/** Whose accesses to a person's data the asker may see; null: everybody's. Refusal FORBIDDEN: nobody's. */
async function viewOf({ db, caller, now }: Asking, person: string): Promise<string | null> {
  const { citizen } = caller;
  if (citizen === null) {
    const { agencyCode } = await dpoAsking(db, caller);
    return agencyCode === HUB ? null : agencyCode;
  }
  if (person === citizen || (uuids([person]).length > 0 && (await represents(db, { citizen, person, now })))) return null;
  throw refused(
    "you ask about yourself, or about whom you represent now; a data protection officer registers who represents whom",
  );
}

/** Keys under which an entry may stand by now. */
const heldAt = (now: Date, keys: YearKeys): Buffer[] =>
  [...keys].filter(([year]) => year <= yearInWib(now)).map(([, secret]) => subjectKey(secret));

/** Every tag a person may have on record: as themself, by their NIK, and as rows of registers, under each key. */
function tagsOf({ id, nik, registryMembers, enrolments }: SubjectRow, keys: readonly Buffer[]): Tagged[] {
  const members = registryMembers ?? [];
  const households = new Set(members.flatMap(({ household }) => household?.id ?? []));
  const named = [
    [id, "Person"],
    ...(nik == null ? [] : [[`nik:${nik}`, "lookup"]]),
    ...members.map((member) => [member.id, "Member"]),
    ...[...households].map((household) => [household, "Household"]),
    ...(enrolments ?? []).map((enrolment) => [enrolment.id, "Enrolment"]),
  ] as [id: string, kind: string][];
  return keys.flatMap((key) => named.map(([name, kind]) => ({ tag: tagOf(name, key), kind })));
}
