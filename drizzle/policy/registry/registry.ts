import type { Opens } from "./opens.ts";

export const registry: Opens = {};
