export interface Offered {
  readonly name: string | null;
  readonly document: string;
}

/** Documents of a file: a manifest as code generators write it, `{ "<hash>": "<document>" }`, or one document. Null: neither. */
export function documentsIn(name: string, text: string): readonly Offered[] | null {
  if (!name.endsWith(".json")) return [{ name: name.replace(/\.\w+$/, ""), document: text }];
  try {
    const manifest: unknown = JSON.parse(text);
    const documents = Object.values(manifest as Record<string, unknown>);
    if (!documents.every((document) => typeof document === "string")) return null;
    return documents.map((document) => ({ name: /\b(?:query|mutation)\s+(\w+)/.exec(document)?.[1] ?? null, document }));
  } catch {
    return null;
  }
}
