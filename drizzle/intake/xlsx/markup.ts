import { SaxesParser } from "saxes";
import { UnreadableFile } from "../text.ts";

/** One thing a document says, in its order. Names without their prefix. */
export type Mark =
  | { readonly kind: "open"; readonly name: string; readonly attributes: Readonly<Record<string, string>> }
  | { readonly kind: "close"; readonly name: string }
  | { readonly kind: "text"; readonly text: string };

/** Characters of a text, however many runs it comes in. */
export const LONGEST_TEXT = 64 * 1024; // a cell of a spreadsheet ends at 32,767 characters

const LONGEST_SILENCE = 4 * LONGEST_TEXT; // characters without anything said

/** Reads a document of a workbook chunk by chunk. Refuses a document type: with it come entities that fetch files or grow without end. */
export async function* marksOf(chunks: AsyncIterable<string>): AsyncGenerator<Mark> {
  let marks: Mark[] = [];
  const parser = new SaxesParser<{ position: false; xmlns: false }>({ position: false, xmlns: false });
  parser.on("doctype", () => {
    throw new UnreadableFile("the workbook declares a document type, which no spreadsheet does: it is refused");
  });
  parser.on("error", () => {
    throw new UnreadableFile("the workbook is damaged: save it anew as .xlsx");
  });
  parser.on("opentag", ({ name, attributes }) => marks.push({ kind: "open", name: bare(name), attributes }));
  parser.on("closetag", ({ name }) => marks.push({ kind: "close", name: bare(name) }));
  parser.on("text", (text) => {
    if (text.length > LONGEST_TEXT) throw new UnreadableFile("a cell of the workbook is too long");
    marks.push({ kind: "text", text });
  });
  let silent = 0;
  for await (const chunk of chunks) {
    parser.write(chunk);
    // the parser holds a text until it ends: one that does not would fill the memory before anybody sees it
    silent = marks.length > 0 ? 0 : silent + chunk.length;
    if (silent > LONGEST_SILENCE) throw new UnreadableFile("a cell of the workbook is too long");
    yield* marks;
    marks = [];
  }
  parser.close();
  yield* marks;
}

const bare = (name: string): string => name.slice(name.indexOf(":") + 1);
