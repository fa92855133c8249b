import type { Opens } from "./opens.ts";

export const changes: Opens = {};
