import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { FaceAnswer } from "../../../gateway/types/faces.ts";

/** In this order: what stands later wins. */
const PARTS = ["base", "frame", "lists", "forms", "boxes", "tables", "ends"] as const;

const partOf = (name: string): string => readFileSync(new URL(`./css/${name}.css`, import.meta.url), "utf8");
/** As browsers need it: nobody reads line ends over a slow line. No string in it holds two spaces. */
const CSS = PARTS.map(partOf)
  .join("")
  .replace(/\s+/g, " ")
  .replace(/ ?([{};,]) ?/g, "$1");

/** Address of the style sheet; another text has another address, so it may be kept for good. */
export const STYLE_PATH = `/citizen/${createHash("sha256").update(CSS).digest("hex").slice(0, 12)}.css`;

export const styleSheet = (): FaceAnswer => ({
  status: 200,
  headers: {
    "content-type": "text/css; charset=utf-8",
    "cache-control": "public, max-age=31536000, immutable",
  },
  body: CSS,
});
