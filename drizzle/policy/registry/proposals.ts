import type { Opens } from "./opens.ts";

export const proposals: Opens = {};
