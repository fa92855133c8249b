import type { Opens } from "./opens.ts";

export const objections: Opens = {};
