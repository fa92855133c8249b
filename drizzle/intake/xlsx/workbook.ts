import { posix } from "node:path";
import { UnreadableFile } from "../text.ts";
import { type Archive, openArchive } from "./archive.ts";
import { type Mark, marksOf } from "./markup.ts";
import { rowsOf, type SheetRow } from "./sheet.ts";

const MOST_TEXT = 64 * 1024 * 1024; // characters of shared texts: they alone are held
const MOST_TEXTS = 2_000_000; // entries of them: empty ones take memory, too

/**
 * Rows of a sheet of an .xlsx workbook, one at a time: the named one, else the first that is not hidden. Throws UnreadableFile where the whole
 * file is wrong. Held are the shared texts only.
 */
export async function* workbookRows(path: string, sheet: string | null): AsyncGenerator<SheetRow> {
  const archive = await openArchive(path);
  try {
    const part = await sheetPart(archive, sheet);
    const shared = await sharedTexts(archive);
    yield* rowsOf(marksOf(partOf(archive, part)), shared);
  } finally {
    archive.close();
  }
}

function partOf(archive: Archive, name: string): AsyncIterable<string> {
  const text = archive.text(name);
  if (!text) throw new UnreadableFile("the file is no Excel workbook (.xlsx)");
  return text;
}

async function sheetPart(archive: Archive, wanted: string | null): Promise<string> {
  const sheets = await elements(archive, "xl/workbook.xml", "sheet");
  const found = sheets.find(({ name, state }) =>
    wanted === null ? state === undefined || state === "visible" : name === wanted,
  );
  if (!found)
    throw new UnreadableFile(`the workbook has no sheet of that name, but ${sheets.map(({ name }) => name).join(", ")}`);
  const relations = await elements(archive, "xl/_rels/workbook.xml.rels", "Relationship");
  const target = relations.find(({ Id }) => Id === found["r:id"])?.["Target"];
  if (target === undefined) throw new UnreadableFile("the workbook is damaged: save it anew as .xlsx");
  return target.startsWith("/") ? target.slice(1) : posix.join("xl", target);
}

async function elements(archive: Archive, part: string, name: string): Promise<Readonly<Record<string, string>>[]> {
  const found: Readonly<Record<string, string>>[] = [];
  for await (const mark of marksOf(partOf(archive, part)))
    if (mark.kind === "open" && mark.name === name) found.push(mark.attributes);
  return found;
}

/** Texts that cells name by number. Phonetic readings (rPh) are no part of them. */
async function sharedTexts(archive: Archive): Promise<string[]> {
  const part = archive.text("xl/sharedStrings.xml");
  const reading: Reading = { texts: [], text: "", takes: false, isPhonetic: false, size: 0 };
  if (part) for await (const mark of marksOf(part)) take(mark, reading);
  return reading.texts;
}

interface Reading {
  readonly texts: string[];
  text: string;
  takes: boolean;
  isPhonetic: boolean;
  size: number;
}

function take(mark: Mark, reading: Reading): void {
  if (mark.kind === "text") {
    if (!reading.takes || reading.isPhonetic) return;
    reading.text += mark.text;
    reading.size += mark.text.length;
    if (reading.size > MOST_TEXT) throw new UnreadableFile("the workbook holds more text than a list needs: it is refused");
    return;
  }
  const opens = mark.kind === "open";
  if (mark.name === "t") reading.takes = opens;
  if (mark.name === "rPh") reading.isPhonetic = opens;
  if (mark.name !== "si") return;
  if (!opens && reading.texts.push(reading.text) > MOST_TEXTS)
    throw new UnreadableFile("the workbook has more shared texts than a list needs: it is refused");
  reading.text = "";
}
