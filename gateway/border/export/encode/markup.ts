import { guarded } from "../../../../schema/values/csv.ts";
import type { Column, EncodeOptions, Value } from "./columns.ts";

/** Parts of a workbook beside its one sheet, as Office Open XML (ECMA-376) has them. */
export const PARTS: Readonly<Record<string, string>> = {
  "[Content_Types].xml": xml(
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">',
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>',
    ...[
      ["workbook", "sheet.main"],
      ["styles", "styles"],
      ["sheet", "worksheet"],
    ].map(
      ([part, type]) =>
        `<Override PartName="/xl/${part}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.${type}+xml"/>`,
    ),
    "</Types>",
  ),
  "_rels/.rels": relations([["officeDocument", "xl/workbook.xml"]]),
  "xl/_rels/workbook.xml.rels": relations([
    ["worksheet", "sheet.xml"],
    ["styles", "styles.xml"],
  ]),
  "xl/workbook.xml": xml(
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"',
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">',
    '<sheets><sheet name="Data" sheetId="1" r:id="r1"/></sheets></workbook>',
  ),
  "xl/styles.xml": xml(
    '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">',
    '<fonts count="2"><font/><font><b/></font></fonts>',
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>',
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf/>',
    '<xf numFmtId="49" applyNumberFormat="1"/><xf numFmtId="49" fontId="1" applyNumberFormat="1" applyFont="1"/>',
    '<xf numFmtId="3" applyNumberFormat="1"/></cellXfs></styleSheet>',
  ),
};
export const SHEET = "xl/sheet.xml";

export const SHEET_OPENS = xml(
  '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0">',
  '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>',
);
export const SHEET_ENDS = "</sheetData></worksheet>";

/** Numbers of `cellXfs` above; text has the format of text, so that it stays text when somebody edits it. */
const STYLES = { text: 1, head: 2, number: 3 };
const LONGEST_CELL = 32_767;
/** A spreadsheet keeps fifteen digits of a number. */
const NUMBER = /^-?[0-9]{1,15}$/;

/** One row, `line` from 1. */
export const rowOf = (line: number, cells: readonly string[]): string =>
  `<row r="${line}">${cells.map((cell, at) => (cell === "" ? "" : `<c r="${letters(at)}${line}"${cell}</c>`)).join("")}</row>`;

/** What follows a cell's address. Empty: a cell that is not there. */
export function cellOf({ type }: Column, value: Value, { guard }: EncodeOptions): string {
  if (value === null) return "";
  if (type === "boolean") return ` t="b"><v>${value ? 1 : 0}</v>`;
  const text = String(value);
  if (type !== "text" && type !== "instant" && NUMBER.test(text)) return ` s="${STYLES.number}"><v>${text}</v>`;
  return inline(guard && type === "text" ? guarded(text) : text, STYLES.text);
}

export const headCellOf = (text: string): string => inline(text, STYLES.head);

function inline(text: string, style: number): string {
  if (text.length > LONGEST_CELL) throw new RangeError(`a cell of a workbook holds ${LONGEST_CELL} characters at most`);
  return ` s="${style}" t="inlineStr"><is><t xml:space="preserve">${escaped(text)}</t></is>`;
}

// XML cannot hold these; a spreadsheet writes them, and what looks like them, by their number (ECMA-376 part 1, 22.9.2.19)
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNWRITABLE = /[\u0000-\u0008\u000B-\u001F\uD800-\uDFFF\uFFFE\uFFFF]|_(?=x[0-9A-Fa-f]{4}_)/gu;
const MARKUP: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

const escaped = (text: string): string =>
  text
    .replace(UNWRITABLE, (one) => `_x${one.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}_`)
    .replace(/[&<>]/g, (one) => MARKUP[one] ?? one);

function letters(column: number): string {
  const last = String.fromCharCode(65 + (column % 26));
  return column < 26 ? last : letters(Math.floor(column / 26) - 1) + last;
}

function relations(targets: readonly (readonly [type: string, target: string])[]): string {
  const type = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  return xml(
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">',
    ...targets.map(([name, target], at) => `<Relationship Id="r${at + 1}" Type="${type}/${name}" Target="${target}"/>`),
    "</Relationships>",
  );
}

function xml(...lines: readonly string[]): string {
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${lines.join("")}`;
}
