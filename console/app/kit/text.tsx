import { createContext, type ReactNode, useContext } from "react";

export type Language = "id" | "en";
type Values = Readonly<Record<string, string | number>>;
/** Texts of `schema/labels` by kind: `enums` by `Type.VALUE`, `codes`, `reasons`, `dimensions`. */
type Labels = Readonly<Record<string, Readonly<Record<string, string>>>>;

interface Texts {
  readonly language: Language;
  readonly page: Readonly<Record<string, string>>;
  readonly labels: Labels;
}

interface Said {
  readonly language: Language;
  /** The text of a key, `{name}` in it filled in. */
  t(key: string, values?: Values): string;
  /** What a value of a GraphQL enum is called; itself where nobody named it. */
  enumLabel(type: string, value: string): string;
  /** All error codes there are. */
  readonly codes: readonly string[];
  /** What is said of an error code, `{detail}` and the like filled in. */
  codeLabel(code: string, values?: Values): string;
  /** What a code of a cube's dimension is called. */
  dimensionLabel(dimension: string, code: string): string;
}

const COOKIE = "hub_lang";
const isEnglish = document.cookie.split("; ").includes(`${COOKIE}=en`);
export const language: Language = isEnglish ? "en" : "id";

const FILES = import.meta.glob<Readonly<Record<string, string>>>("../../text/*/*.json", { import: "default" });
/** Texts of the areas that are loaded. */
const page: Record<string, string> = {};

/** Texts of these files of `console/text`, in the reader's language; the other language is never loaded. */
export async function loadPageTexts(names: readonly string[]): Promise<void> {
  const texts = await Promise.all(names.map((name) => FILES[`../../text/${language}/${name}.json`]?.()));
  Object.assign(page, ...texts);
}

/** What is said on every page. */
export async function loadTexts(): Promise<Texts> {
  document.documentElement.lang = language;
  const [, labels] = await Promise.all([
    loadPageTexts(["shell"]),
    fetch(`/labels/${language}.json`).then(
      (answer) => answer.json() as Promise<Labels>,
      () => ({}),
    ),
  ]);
  return { language, page, labels };
}

/** From the next page on. */
export function speak(next: Language): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser we serve
  document.cookie = `${COOKIE}=${next}; path=/; max-age=31536000; samesite=lax`;
  location.reload();
}

const Context = createContext<Said | null>(null);

export function TextProvider({ texts, children }: { readonly texts: Texts; readonly children: ReactNode }) {
  return <Context value={saying(texts)}>{children}</Context>;
}

function saying({ language, page, labels }: Texts): Said {
  const filled = (text: string, values: Values = {}) =>
    text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
  const { enums = {}, codes = {}, dimensions = {} } = labels;
  return {
    language,
    codes: Object.keys(codes),
    t: (key, values) => filled(page[key] ?? key, values),
    enumLabel: (type, value) => enums[`${type}.${value}`] ?? value,
    codeLabel: (code, values) => filled(codes[code] ?? code, values),
    dimensionLabel: (dimension, code) => dimensions[`${dimension}.${code}`] ?? code,
  };
}

/** Throws outside of a TextProvider. */
export function useText(): Said {
  const said = useContext(Context);
  if (said === null) throw new Error("no texts around this component");
  return said;
}
