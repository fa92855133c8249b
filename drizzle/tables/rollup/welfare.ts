import { welfareSchema } from "../welfare/welfare.ts";
import { rollupTables } from "./tables.ts";

/** @public */
export const { cube, rollupCell, rollupTouched, rollupPeriod, rollupRelease } = rollupTables(welfareSchema);
