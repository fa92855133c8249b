import { beforeAll } from "vitest";
import type { Caller } from "../../../../schema/caller.ts";
import { programs } from "../../../../subgraphs/programs/index.ts";
import { asRole, useDatabases } from "../../../kit/database.ts";
import { type Asked, callerWith, useSlice } from "../../../kit/slice.ts";

const PURPOSE = "PROGRAM_MANAGEMENT";
const WHOLE = [["0", "A"]] as const;
const officer = (id: string, agency: string, differences: Partial<Caller> = {}) =>
  callerWith({ client: id, officer: id, agency, agreement: `PKS-${agency}`, purpose: PURPOSE, ...differences });

const OF_SCHOOLS = { rows: { regions: WHOLE, programs: ["KIP", "KIP_KULIAH"], decileMax: 100 } };
export const puslapdik = officer("puslapdik.kemendikdasmen", "KEMENDIKDASMEN", OF_SCHOOLS);
export const puslapdik2 = officer("puslapdik2.kemendikdasmen", "KEMENDIKDASMEN", OF_SCHOOLS);
export const steward = officer("program.kemensos", "KEMENSOS");
export const steward2 = officer("program2.kemensos", "KEMENSOS");
export const bpjs = officer("kepesertaan.bpjs_kesehatan", "BPJS_KESEHATAN", {
  rows: { regions: WHOLE, programs: ["PBI_JK"], decileMax: 100 },
});
export const bank = officer("penyalur.bri", "BRI");
export const district = officer("bansos.dinsos_banyuwangi", "DINSOS_BANYUWANGI", {
  rows: { regions: [["3510", "3511"]], programs: null, decileMax: 100 },
});
export const citizen = (id: string) =>
  callerWith({ client: "portal-warga", citizen: id, agreement: "PKS-2025-008", purpose: "DATA_SUBJECT_RIGHTS" });
/** A machine of the ministry, which no officer stands behind. */
export const machine = callerWith({ client: "kemensos", purpose: PURPOSE });

export const VILLAGE = "3510161001";
export const id = (kind: number, n: number) => `000000${kind}0-0000-4000-8000-${String(n).padStart(12, "0")}`;

/** Databases of the test file's own, and the slice under a clock that the test sets. */
export function useAid(today: string) {
  const clock = { now: Date.parse(today) };
  const databases = useDatabases();
  const slice = useSlice(programs, { databaseUrl: () => databases.urls.programs.runtime, now: () => clock.now });
  const owner = <T>(work: Parameters<typeof asRole<T>>[1]) => asRole(databases.urls.programs.owner, work);
  beforeAll(() => owner((sql) => sql`insert into clock_rule default values`));
  return {
    clock,
    slice,
    urls: databases.urls,
    owner,
    act: (mutation: string, input: object, caller: Caller): Promise<Asked> => {
      const [, name = "", type = ""] = /^(\w+)\((\w+)\)/.exec(mutation) ?? [];
      const fields = mutation.slice(mutation.indexOf("{"));
      return slice.ask(`mutation ($input: ${type}!) { done: ${name}(input: $input) ${fields} }`, {
        caller,
        variables: { input },
      });
    },
    /** As the workers' calendar does it. */
    tick: (rule: "cancel_school_aids" | "lapse_pbi_requests", at: string): Promise<number> =>
      asRole(String(databases.urls.allocation), (sql) =>
        sql.unsafe(`select programs.${rule}('${at}'::timestamptz) as n`).then(([row]) => Number(row?.["n"])),
      ),
    /** As the workers' tasks do it. */
    exchange: (batch: string, at: string): Promise<number> =>
      asRole(String(databases.urls.allocation), (sql) =>
        sql`select programs.apply_pbi_replacement(${batch}, ${at}) as n`.then(([row]) => Number(row?.["n"])),
      ),
    draft: (batch: string, at: string): Promise<number> =>
      asRole(String(databases.urls.allocation), (sql) =>
        sql`select programs.fill_pbi_replacement(${batch}, ${at}) as n`.then(([row]) => Number(row?.["n"])),
      ),
  };
}
