import { populationSchema } from "../population/population.ts";
import { rollupTables } from "./tables.ts";

/** @public */
export const { cube, rollupCell, rollupTouched, rollupPeriod, rollupRelease } = rollupTables(populationSchema);
