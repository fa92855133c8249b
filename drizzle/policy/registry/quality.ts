import type { Opens } from "./opens.ts";

export const quality: Opens = {};
