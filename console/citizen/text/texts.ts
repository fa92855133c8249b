import type { Language } from "../../../schema/errors.ts";
import { ownEn } from "./own.en.ts";
import { ownId } from "./own.id.ts";
import { publicEn } from "./public.en.ts";
import { publicId } from "./public.id.ts";

/** Texts of the citizens' pages. A key that one language has, the other has: the compiler sees to it. */
export const TEXTS = { id: { ...publicId, ...ownId }, en: { ...publicEn, ...ownEn } } as const;

export type Key = keyof typeof TEXTS.id;

/** A text; `{name}` in it is replaced by the value of that name. */
export type Translate = (key: Key, values?: Readonly<Record<string, string | number>>) => string;

export const translator =
  (language: Language): Translate =>
  (key, values = {}) =>
    TEXTS[language][key].replace(/\{(\w+)\}/g, (hole, name: string) => String(values[name] ?? hole));
