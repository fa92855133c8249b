import type { Asking } from "../../kit/context.ts";
import type { Desk } from "../held.ts";

export const evidence = (_asking: Asking, _desk: Desk) => ({});
