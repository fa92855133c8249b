import type { Opens } from "./opens.ts";

export const needs: Opens = {};
