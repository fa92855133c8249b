import type { Asking } from "../../kit/serve/context.ts";
import type { Office } from "../held.ts";
import { receipts } from "./receipts.ts";
import { seals } from "./seals.ts";
import { tracker } from "./tracker.ts";

export const record = (asking: Asking, office: Office) => ({
  receipts: receipts(asking, office),
  tracker: tracker(asking, office),
  seals: seals(asking),
});
