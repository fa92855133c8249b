import type { Opens } from "./opens.ts";

export const civil: Opens = {};
