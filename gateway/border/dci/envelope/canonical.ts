import { createHash } from "node:crypto";
import type { Json, JsonObject } from "../types.ts";
import { fault } from "./fault.ts";

/** JSON in one form whatever wrote it (RFC 8785): no spaces, members by name in UTF-16 order, numbers as ECMAScript writes them. Throws for a number beyond those: it would read as null. */
export function canonical(value: Json | undefined): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value === "number" && !Number.isFinite(value)) throw fault("err.request.bad", "a number that none can hold");
  if (value === null || typeof value !== "object") return JSON.stringify(value ?? null);
  const members = Object.entries(value as JsonObject).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(",")}}`;
}

/** What a signature is over: the standard names header and message, and their digest. */
export const digestOf = (header: JsonObject, message: JsonObject): string =>
  `SHA-256=${createHash("sha256").update(canonical({ header, message })).digest("base64")}`;
