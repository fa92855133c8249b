import type { EvidenceKind } from "../generated.ts";

/** Media types evidence may have, and how its bytes begin. Markup that browsers run (HTML, SVG, XML) is none of them. Pure. */

interface Media {
  readonly kinds: readonly EvidenceKind[];
  /** Whether the first bytes, SNIFFED at most, are such a file's. */
  readonly begins: (head: Buffer) => boolean;
}

/** How many bytes decide. */
export const SNIFFED = 1024;

const ascii = (head: Buffer, at: number, text: string): boolean => head.toString("latin1", at, at + text.length) === text;
const bytes = (head: Buffer, ...expected: readonly number[]): boolean => expected.every((byte, at) => head[at] === byte);
const isRiff = (form: string) => (head: Buffer) => ascii(head, 0, "RIFF") && ascii(head, 8, form);
/** An ID3 tag, or the first frame of layer III: eleven bits of ones, MPEG 1 or 2. */
const isMp3 = (head: Buffer): boolean =>
  ascii(head, 0, "ID3") || (head[0] === 0xff && ((head[1] ?? 0) & 0xe6) === 0xe2 && ((head[1] ?? 0) & 0x18) !== 0x08);
/** UTF-8 without control characters but tab and line breaks; the last character may be cut. */
const isText = (head: Buffer): boolean => !/[^\P{Cc}\t\r\n]|\ufffd(?!$)/u.test(head.toString("utf8"));

const MEDIA: Readonly<Record<string, Media>> = {
  "image/jpeg": { kinds: ["IMAGE", "DOCUMENT"], begins: (head) => bytes(head, 0xff, 0xd8, 0xff) },
  "image/png": { kinds: ["IMAGE", "DOCUMENT"], begins: (head) => bytes(head, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a) },
  "image/webp": { kinds: ["IMAGE", "DOCUMENT"], begins: isRiff("WEBP") },
  "application/pdf": { kinds: ["DOCUMENT"], begins: (head) => ascii(head, 0, "%PDF-") },
  "audio/mpeg": { kinds: ["AUDIO"], begins: isMp3 },
  "audio/wav": { kinds: ["AUDIO"], begins: isRiff("WAVE") },
  "audio/ogg": { kinds: ["AUDIO"], begins: (head) => ascii(head, 0, "OggS") },
  "video/mp4": { kinds: ["VIDEO"], begins: (head) => ascii(head, 4, "ftyp") },
  "text/plain": { kinds: ["TEXT", "NUMBER"], begins: isText },
  "text/csv": { kinds: ["TEXT", "NUMBER"], begins: isText },
};

export const MEDIA_TYPES: readonly string[] = Object.keys(MEDIA);

/** What is wrong with announcing such evidence; null: nothing. */
export function faultOfMedia(kind: EvidenceKind, mediaType: string): string | null {
  const media = Object.hasOwn(MEDIA, mediaType) ? MEDIA[mediaType] : undefined;
  if (!media) return `mediaType must be one of ${MEDIA_TYPES.join(", ")}`;
  return media.kinds.includes(kind) ? null : `mediaType: ${mediaType} is no ${kind}`;
}

/** Whether bytes begin as their media type says, and hide nothing else behind their beginning. */
export const isAsAnnounced = (mediaType: string, head: Buffer): boolean =>
  MEDIA[mediaType]?.begins(head) === true && !hidesAnother(mediaType, head);

const MARKUP = /<(?:!doctype|html|head|body|script|svg|iframe)/i;
/** Only in texts: photographs and documents hold XML about themselves (XMP). */
const XML = /<\?xml/i;

/** Files that are two things at once: markup a browser would sniff out, a PDF or an archive behind the beginning of something else. */
function hidesAnother(mediaType: string, head: Buffer): boolean {
  const text = head.toString("latin1", 0, SNIFFED);
  const isPdf = mediaType === "application/pdf" ? text.lastIndexOf("%PDF-") > 0 : text.includes("%PDF-");
  return MARKUP.test(text) || (mediaType.startsWith("text/") && XML.test(text)) || isPdf || text.includes("PK\x03\x04");
}
