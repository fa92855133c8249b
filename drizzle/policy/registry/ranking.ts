import type { Opens } from "./opens.ts";

export const ranking: Opens = {};
