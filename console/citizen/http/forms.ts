import type { Incoming } from "../../../gateway/types/chain.ts";
import { single } from "./headers.ts";

/** A file that came with a form. */
export interface Upload {
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** What a person has filled in. */
export interface Form {
  /** Trimmed; "" where nothing was given. */
  value(name: string): string;
  values(name: string): readonly string[];
  /** Null: none was chosen. */
  file(name: string): Upload | null;
}

export const EMPTY_FORM: Form = { value: () => "", values: () => [], file: () => null };

/** More than any form of ours has, and than its fields hold. */
const MOST_FIELDS = 60;
const MOST_CHARACTERS = 64 * 1024;

/** Holds it more than a form of ours can? */
export function isOverfull(request: Incoming): boolean {
  const boundary = boundaryOf(request);
  const separator = boundary === undefined ? "&" : `--${boundary}`;
  if ((request.body ?? "").split(separator, MOST_FIELDS + 3).length > MOST_FIELDS + 2) return true;
  const texts = partsIn(request).filter(({ mediaType }) => mediaType === null);
  return texts.length > MOST_FIELDS || texts.reduce((sum, { content }) => sum + content.length, 0) > MOST_CHARACTERS;
}

export const isMultipart = (request: Incoming): boolean => boundaryOf(request) !== undefined;

const boundaryOf = ({ headers }: Incoming): string | undefined =>
  /^multipart\/form-data;.*boundary="?([^";]+)"?/i.exec(single(headers["content-type"]) ?? "")?.[1];

function partsIn(request: Incoming): Part[] {
  const boundary = boundaryOf(request);
  return boundary === undefined ? pairsOf(request.body ?? "") : partsOf(request.body ?? "", boundary);
}

/** Fields of a posted form: urlencoded, or multipart with one byte a character (`latin1`), as bodies with files come. */
export function formOf(request: Incoming): Form {
  const parts = partsIn(request);
  const of = (name: string) => parts.filter((part) => part.name === name);
  const values = (name: string) => of(name).flatMap(({ mediaType, content }) => (mediaType === null ? [plain(content)] : []));
  return {
    value: (name) => values(name)[0] ?? "",
    values,
    file(name) {
      const part = of(name).find(({ mediaType, content }) => mediaType !== null && content !== "");
      return part?.mediaType ? { mediaType: part.mediaType, bytes: Buffer.from(part.content, "latin1") } : null;
    },
  };
}

const pairsOf = (body: string): Part[] =>
  [...new URLSearchParams(body)].map(([name, content]) => ({ name, mediaType: null, content }));

/** Without what nobody types: control characters other than line ends. */
const plain = (text: string): string =>
  text
    .replace(/\r\n?/g, "\n")
    .replace(/[^\P{Cc}\n]/gu, "")
    .trim();

interface Part {
  readonly name: string;
  /** Null: a field. */
  readonly mediaType: string | null;
  readonly content: string;
}

/** Parts of RFC 7578 multipart text, in order. What is no part is passed over. */
function partsOf(body: string, boundary: string): Part[] {
  return `\r\n${body}`
    .split(`\r\n--${boundary}`)
    .slice(1)
    .flatMap((piece) => {
      const end = piece.indexOf("\r\n\r\n");
      const head = piece.slice(0, Math.max(end, 0));
      const name = /^content-disposition:.*[; ]name="([^"]*)"/im.exec(head)?.[1];
      if (name === undefined || end < 0) return [];
      const isFile = /^content-disposition:.*[; ]filename=/im.test(head);
      const mediaType = /^content-type:\s*([\w.+-]+\/[\w.+-]+)/im.exec(head)?.[1]?.toLowerCase() ?? "application/octet-stream";
      const content = piece.slice(end + 4);
      return [
        isFile
          ? { name, mediaType, content }
          : { name, mediaType: null, content: Buffer.from(content, "latin1").toString("utf8") },
      ];
    });
}
