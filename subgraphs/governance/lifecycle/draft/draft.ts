import type { Content } from "../../../../schema/policy/content.ts";
import type { Grant } from "../../../../schema/policy/policy.ts";
import { LIMIT_NAMES, type QuestionLimits } from "../../../../schema/policy/questionLimits.ts";
import type { WrittenScope } from "../../../../schema/policy/rowScope.ts";
import { DATA_CLASSES, type DocumentRule, type Effect, type Use } from "../../../../schema/policy/words.ts";
import type { Catalogue } from "../../../../schema/sdl/catalogue.ts";
import { parseRegionCode } from "../../../../schema/values/regionCode.ts";
import type { DraftVersionInput, GrantInput } from "../../generated.ts";

/** What stewards write of a version: its content without what the agreement and the database add. */
export type Draft = Pick<
  Content,
  "validFrom" | "validTo" | "quota" | "verification" | "onDenied" | "addresses" | "documents" | "armed" | "limits" | "grants"
> & { readonly rowScope: WrittenScope };

const EMPTY: Omit<Draft, "validFrom" | "validTo"> = {
  rowScope: { regions: [], programs: null, decileMax: null },
  quota: 10_000,
  verification: { floor: 80, attemptsOnSubject: 5, attemptsOfClient: 20_000 },
  onDenied: "null",
  addresses: [],
  documents: "open",
  armed: null,
  grants: [],
};

/** A draft as it was sent in, over the content it is based on. Pure; draftFaults judges it. */
export function draftOf(input: DraftVersionInput, base: Content | null, catalogue: Catalogue): Draft {
  const from = base ? { ...base, rowScope: base.rowScope as WrittenScope } : EMPTY;
  const { validFrom, validTo, regions, programs, decileMax, quota, verification, onDenied, documents, armed, ...more } = input;
  const limits = more.limits === undefined ? from.limits : ownLimits(more.limits);
  return {
    validFrom,
    validTo,
    rowScope: {
      regions: regions?.map(codeOf) ?? from.rowScope.regions,
      programs: programs === undefined ? from.rowScope.programs : programs,
      decileMax: decileMax === undefined ? from.rowScope.decileMax : decileMax,
    },
    quota: quota === undefined ? from.quota : quota,
    verification: { ...from.verification, ...verification },
    onDenied: onDenied ? lower(onDenied) : from.onDenied,
    addresses: more.addresses ?? from.addresses,
    documents: documents ? (lower(documents) as DocumentRule) : from.documents,
    armed: armed === undefined ? from.armed : armed,
    ...(limits && { limits }),
    grants: more.grants?.map((grant) => grantOf(grant, catalogue)) ?? from.grants,
  };
}

/** Those that are said; undefined: none is. */
function ownLimits(said: DraftVersionInput["limits"]): QuestionLimits | undefined {
  const own = LIMIT_NAMES.flatMap((name) => (said?.[name] == null ? [] : [[name, said[name]]]));
  return own.length === 0 ? undefined : Object.fromEntries(own);
}

const CLASSES: ReadonlySet<string> = new Set(DATA_CLASSES);
export const isClass = (selector: string): boolean => CLASSES.has(selector);

function grantOf({ selector, topic, use, effect, mask, thresholds, ...said }: GrantInput, catalogue: Catalogue): Grant {
  return {
    kind: isClass(selector) ? "class" : "coordinate",
    selector,
    topic: topic ?? null, // judged by grantFaults, as all words that are sent as text
    use: (use ?? "OUTPUT") as Use,
    effect: lower(effect) as Effect,
    maskFn: mask ?? null,
    params: thresholds
      ? Object.fromEntries(
          thresholds.map(({ argument, values }) => [
            argument,
            values.map((value) => typed(value, claimArguments(selector, catalogue).get(argument))),
          ]),
        )
      : null,
    clause: said.clause.trim(),
    widenReason: said.widenReason?.trim() || null,
    home: said.home?.map(codeOf) ?? null,
    elsewhere: said.elsewhere ?? null,
    condition: null,
  };
}

/** Arguments of the claims about a field, with their types. */
export function claimArguments(selector: string, { entries }: Catalogue): ReadonlyMap<string, string> {
  const all = [...entries.values()];
  const claims = new Set(all.filter(({ claimOf }) => claimOf === selector).map(({ coordinate }) => coordinate));
  return new Map(
    all
      .filter(({ kind, carrier }) => kind === "argument" && carrier !== null && claims.has(carrier))
      .map(({ coordinate, type }) => [coordinate.slice(coordinate.indexOf("(") + 1, -2), type]),
  );
}

/** Whole numbers as numbers, for the gateway compares what GraphQL has read. */
const typed = (value: string, type: string | undefined): string | number =>
  type === "Int" && /^-?\d{1,9}$/.test(value) ? Number(value) : value;

const codeOf = (text: string): string => parseRegionCode(text) ?? text;
const lower = <Word extends string>(word: Word) => word.toLowerCase() as Lowercase<Word>;
