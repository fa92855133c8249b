import { programsSchema } from "../programs/programs.ts";
import { rollupTables } from "./tables.ts";

/** @public */
export const { cube, rollupCell, rollupTouched, rollupPeriod, rollupRelease } = rollupTables(programsSchema);
