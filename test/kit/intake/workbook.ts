import { crc32, deflateRawSync } from "node:zlib";

interface Part {
  readonly name: string;
  readonly content: string | Buffer;
  /** What the archive says it unpacks to, if not the truth. */
  readonly claims?: number;
}

/** A zip archive of parts, deflated. */
export function zipOf(parts: readonly Part[]): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, claims } of parts) {
    const bytes = Buffer.from(content);
    const packed = deflateRawSync(bytes);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(0x800, 2);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt32LE(crc32(bytes), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(claims ?? bytes.length, 18);
    fields.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from("PK\u0003\u0004", "latin1"), fields, Buffer.from(name), packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from("PK\u0001\u0002\u0014\u0000", "latin1"), fields, tail, Buffer.from(name)]));
    bodies.push(local);
    offset += local.length;
  }
  const index = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(parts.length, 4);
  end.writeUInt16LE(parts.length, 6);
  end.writeUInt32LE(index.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...bodies, index, Buffer.from("PK\u0005\u0006", "latin1"), end]);
}

/** A cell as a spreadsheet writes it: a text, a number, or markup of its own. */
export type MadeCell = string | number | null | { readonly xml: string };

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
const letters = (column: number): string =>
  (column < 26 ? "" : letters(Math.floor(column / 26) - 1)) + String.fromCharCode(65 + (column % 26));

/** An .xlsx workbook of sheets by name; texts are shared, as Excel does it. `head` stands before the markup of each sheet, `shared` behind the shared texts. */
export function workbookOf(
  sheets: Readonly<Record<string, readonly (readonly MadeCell[])[]>>,
  { head = "", shared: behind = "", more = [] as readonly Part[] } = {},
): Buffer {
  const shared: string[] = [];
  const cell = (value: MadeCell, at: string) => {
    if (value === null) return "";
    if (typeof value === "object") return value.xml.replace("AT", at);
    if (typeof value === "number") return `<c r="${at}"><v>${value}</v></c>`;
    shared.push(value);
    return `<c r="${at}" t="s"><v>${shared.length - 1}</v></c>`;
  };
  const parts = Object.values(sheets).map((rows, sheet) => ({
    name: `xl/worksheets/sheet${sheet + 1}.xml`,
    content: `${head}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${rows
      .map(
        (row, at) =>
          `<row r="${at + 1}">${row.map((value, column) => cell(value, `${letters(column)}${at + 1}`)).join("")}</row>`,
      )
      .join("")}</sheetData></worksheet>`,
  }));
  const names = Object.keys(sheets);
  return zipOf([
    ...parts,
    {
      name: "xl/sharedStrings.xml",
      content: `<sst>${shared.map((text) => `<si><t>${escaped(text)}</t></si>`).join("")}${behind}</sst>`,
    },
    {
      name: "xl/workbook.xml",
      content: `<workbook xmlns:r="r"><sheets>${names.map((name, at) => `<sheet name="${name}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`).join("")}</sheets></workbook>`,
    },
    {
      name: "xl/_rels/workbook.xml.rels",
      content: `<Relationships>${names.map((_, at) => `<Relationship Id="rId${at + 1}" Target="worksheets/sheet${at + 1}.xml"/>`).join("")}</Relationships>`,
    },
    ...more,
  ]);
}
