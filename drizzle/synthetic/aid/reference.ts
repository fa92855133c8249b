import type { Loader } from "../../copy.ts";
import { AID_OFFICERS } from "../../policy/aid/officers.ts";
import { uuidFrom } from "../random.ts";
import { RATES, TERMS } from "./catalogueTable.ts";
import { COMBINATIONS } from "./combinationTable.ts";
import { PROGRAMS } from "./programTable.ts";

/** Programs, their catalogue, and duties of the ready-made officers. Repeatable: what stands already, closed or not, stays. */
export async function loadAidReference(loader: Loader): Promise<void> {
  await addTo(loader, "programs.program", PROGRAMS);
  await addTo(
    loader,
    "programs.program_term",
    TERMS.map((row) => withId(row, row.program, row.validFrom)),
  );
  await addTo(
    loader,
    "programs.component_rate",
    RATES.map((row) => withId(row, row.program, row.component, row.validFrom)),
  );
  await addTo(
    loader,
    "programs.combination_rule",
    COMBINATIONS.map((row) => withId(row, row.program, row.otherProgram, row.unit)),
  );
  await loadDuties(loader);
}

const withId = <Row extends object>(row: Row, ...key: readonly string[]) => ({ id: uuidFrom("catalogue", ...key), ...row });

const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Rows whose columns bear the names of their properties. */
async function addTo(loader: Loader, table: string, rows: readonly object[]): Promise<void> {
  for (const row of rows) {
    const names = Object.keys(row);
    const places = names.map((_, at) => `$${at + 1}`);
    await loader.query(
      `insert into ${table} (${names.map(snake).join()}) values (${places.join()}) on conflict do nothing`,
      Object.values(row),
    );
  }
}

async function loadDuties(loader: Loader): Promise<void> {
  for (const { id, agency, duty, region, program } of AID_OFFICERS)
    await loader.query(
      `insert into programs.officer_duty (id, officer_id, agency, role, region, program, valid_from, assigned_by)
       select gen_random_uuid(), $1, $2, $3, $4, $5, '2025-01-01T00:00:00+07:00', 'SYSTEM'
       where not exists (select from programs.officer_duty where officer_id = $1 and agency = $2 and role = $3 and region = $4 and program = $5)`,
      [id, agency, duty, region, program],
    );
}
