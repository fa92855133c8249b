import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { FaceAnswer } from "../../../gateway/types/faces.ts";

const CSS = readFileSync(new URL("./citizen.css", import.meta.url), "utf8");

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
