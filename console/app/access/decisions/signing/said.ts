/** What the text of an approval says (schema/policy/approval.ts). */
export interface Said {
  readonly agreement: string;
  readonly version: string;
  readonly owner: string;
  readonly capacity: string;
  readonly decision: string;
  readonly contentSha256: string;
}

/** The parts of the text; null: it is no approval of the form this page knows, and must not be signed. */
export function saidIn(text: string): Said | null {
  const [head, agreement, version, owner, capacity, decision, contentSha256, ...more] = text.split("\n");
  if (
    head !== "hub-approval/v1" ||
    more.length > 0 ||
    !agreement ||
    !version ||
    !owner ||
    !capacity ||
    !decision ||
    !contentSha256
  )
    return null;
  return { agreement, version, owner, capacity, decision, contentSha256 };
}

/** Whether the text says what the page shows: nobody signs anything else. */
export const saysOnly = (text: string, shown: Said): boolean => {
  const said = saidIn(text);
  return said !== null && (Object.keys(shown) as (keyof Said)[]).every((part) => said[part] === shown[part]);
};

/** What `npx hub steward sign` prints; null: something else. */
export function pastedSignature(text: string): { readonly keyId: string; readonly signature: string } | null {
  try {
    const { keyId, signature } = JSON.parse(text) as Record<string, unknown>;
    return typeof keyId === "string" && typeof signature === "string" ? { keyId, signature } : null;
  } catch {
    return null;
  }
}
