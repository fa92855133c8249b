import type { Opens } from "./opens.ts";

export const evidence: Opens = {};
