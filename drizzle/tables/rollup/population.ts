import { populationSchema } from "../population.ts";
import { rollupTables } from "./tables.ts";

/** @public */
export const { cube, rollupCell, rollupTouched, rollupPeriod, rollupRelease } = rollupTables(populationSchema);
