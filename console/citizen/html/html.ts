/** Markup. Only `html` makes it, so whatever else stands in a page was escaped; what only looks like it, such as parsed JSON, is refused. */
class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}
export type Html = Markup;

/** What may stand in a hole: text is escaped; null, undefined and false leave nothing; lists stand one behind the other. */
export type Hole = Html | string | number | false | null | undefined | readonly Hole[];

/** A piece of a page. Every hole is escaped, for text and for quoted attributes alike: attributes MUST stand in double quotes. */
export const html = (pieces: TemplateStringsArray, ...holes: readonly Hole[]): Html =>
  new Markup(pieces.reduce((text, piece, at) => text + written(holes[at - 1]) + piece));

/** Attributes that are there when true: `disabled`, `checked`. */
export const when = (isSo: boolean, attribute: "checked" | "selected"): Html => new Markup(isSo ? attribute : "");

function written(hole: Hole): string {
  if (hole === null || hole === undefined || hole === false) return "";
  if (typeof hole === "string" || typeof hole === "number") return escaped(String(hole));
  if (hole instanceof Markup) return hole.text;
  if (Array.isArray(hole)) return hole.map(written).join("");
  throw new TypeError("only text and markup can stand on a page");
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
