import type { Loader } from "../../copy.ts";
import type { MadeHousehold, MadeMember } from "../model.ts";
import { ageOf } from "../people/compose.ts";
import { randomFrom, uuidFrom } from "../random.ts";

const REGENCY = "3510";
const [OLD, POOR] = [60, 4];
const STARTED_ON = "2026-01-01";
/** Whole months behind the beginning whose meals are on record. */
const MONTHS = ["2026-05-01", "2026-06-01", "2026-07-01", "2026-08-01"];

const RECEIPTS = "Rekap tanda terima (data sintetis)";

/** What one meal costs, from a day on. */
const PRICES = [
  ["2019-01-01", "10000", "Perbup Banyuwangi tentang Rantang Kasih (angka contoh)"],
  ["2026-01-01", "15000", "Perbup Banyuwangi tentang Rantang Kasih (angka contoh)"],
] as const;

/** Who runs the program in the whole regency; the companions of PKH do not. */
const ON_DUTY = ["bansos.dinsos_banyuwangi", "bansos2.dinsos_banyuwangi"] as const;

/** Prices, and who is on duty. Repeatable. */
export async function loadMealReference(loader: Loader): Promise<void> {
  for (const row of PRICES)
    await loader.query("insert into banyuwangi.meal_price values ($1, $2, $3) on conflict do nothing", [...row]);
  for (const officer of ON_DUTY)
    await loader.query(
      `insert into banyuwangi.officer_duty (officer_id, agency, region, valid_from) values ($1, 'DINSOS_BANYUWANGI', $2, '2025-01-01T00:00:00+07:00')
       on conflict do nothing`,
      [officer, REGENCY],
    );
}

/** Who of a household of Banyuwangi gets Rantang Kasih: the first elderly member who is matched, where the household is poor. */
function recipientsIn({ region, decile, families }: MadeHousehold): readonly MadeMember[] {
  if (!region.startsWith(REGENCY) || (decile ?? 10) > POOR) return [];
  const isServed = ({ state, matchStatus, person }: MadeMember) =>
    state === "ACTIVE" && matchStatus === "MATCHED" && person.isAlive && ageOf(person.birthDate) >= OLD;
  return families
    .flatMap(({ members }) => members)
    .filter(isServed)
    .slice(0, 1);
}

const idOf = ({ person }: MadeMember) => uuidFrom(person.id, "RANTANG_KASIH");

/** Where the rows of Rantang Kasih go. The value of a month is the database's to say. */
export const MEALS = [
  {
    table: "banyuwangi.meal_aid",
    columns: ["id", "person_id", "region", "started_on", "decision", "started_by"],
    rowsOf: (household: MadeHousehold) =>
      recipientsIn(household).map((one) => [
        idOf(one),
        one.person.id,
        household.region,
        STARTED_ON,
        "188/1/KEP/429.011/2026",
        "SYSTEM",
      ]),
  },
  {
    table: "banyuwangi.meal_month",
    fixed: { value: "0" },
    columns: ["aid_id", "person_id", "region", "month", "meals", "reason", "recorded_by", "confirmed_by"],
    rowsOf: (household: MadeHousehold) =>
      recipientsIn(household).flatMap((one) =>
        MONTHS.map((month) => {
          const meals = randomFrom(one.person.id, "meals", Number(month.slice(5, 7))).between(50, 62);
          return [idOf(one), one.person.id, household.region, month, meals, RECEIPTS, ...ON_DUTY];
        }),
      ),
  },
];
