import type { Caller } from "../../schema/caller.ts";
import { Refusal } from "../../schema/errors.ts";
import type { Decisions } from "../types/policy.ts";
import type { Supergraph } from "../types/supergraph.ts";
import type { Store } from "./store.ts";

/** Decisions that tell `note` whose pseudonym they made, where it stands for the id of a subject. */
export const noting = (
  decisions: Decisions,
  { subjectTypes }: Pick<Supergraph, "subjectTypes">,
  note: (pseudonym: string, subject: string) => void,
): Decisions => ({
  key: decisions.key,
  hidden: decisions.hidden,
  verdict: (coordinate) => decisions.verdict(coordinate),
  transform(kind, value, coordinate) {
    const made = decisions.transform(kind, value, coordinate);
    const [type = "", field] = coordinate.split(".");
    if (kind === "pseudonym" && field === "id" && subjectTypes.has(type) && typeof made === "string") note(made, String(value));
    return made;
  },
});

/**
 * Plain ids of the pseudonyms an agency was shown for a purpose; of others nothing. Throws AUDIT_UNAVAILABLE: they are kept with the record.
 */
export async function plainIds(
  store: Pick<Store, "ask">,
  { agency, purpose }: Pick<Caller, "agency" | "purpose">,
  pseudonyms: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const given = new Map(pseudonyms.flatMap((text) => (isCanonical(text) ? [[bytesOf(text).toString("hex"), text]] : [])));
  if (given.size === 0) return new Map();
  try {
    const rows = await store.ask(
      (sql) => sql<{ pseudonym: string; subject: string }[]>`
        select encode(pseudonym, 'hex') as pseudonym, subject from governance.issued_pseudonym
        where agency_code = ${agency} and purpose_code = ${purpose}
          and pseudonym in (select decode(hex, 'hex') from json_array_elements_text(${JSON.stringify([...given.keys()])}::text::json) as hex)`,
    );
    return new Map(rows.map(({ pseudonym, subject }) => [given.get(pseudonym) ?? "", subject]));
  } catch (cause) {
    throw new Refusal({ code: "AUDIT_UNAVAILABLE" }, { cause });
  }
}

export const bytesOf = (pseudonym: string): Buffer => Buffer.from(pseudonym, "base64url");

/** As it was shown, letter by letter: 16 bytes. */
const isCanonical = (text: string): boolean => /^[\w-]{22}$/.test(text) && bytesOf(text).toString("base64url") === text;
