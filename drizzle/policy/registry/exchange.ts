import type { Opens } from "./opens.ts";

export const exchange: Opens = {};
