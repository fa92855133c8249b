/** Until a browser that asks where to save has its answer. */
const KEPT_MS = 10 * 60 * 1000;

/** Hands a text or bytes to the browser as a file. */
export function saved(content: string | Blob, name: string, type = "application/json"): void {
  const href = URL.createObjectURL(typeof content === "string" ? new Blob([content], { type }) : content);
  Object.assign(document.createElement("a"), { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), KEPT_MS);
}
