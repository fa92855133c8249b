import type { Opens } from "./opens.ts";

export const determination: Opens = {};
