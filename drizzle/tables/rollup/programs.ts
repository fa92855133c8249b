import { programsSchema } from "../programs.ts";
import { rollupTables } from "./tables.ts";

/** @public */
export const { cube, rollupCell, rollupTouched, rollupPeriod, rollupRelease } = rollupTables(programsSchema);
