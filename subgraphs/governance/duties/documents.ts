import type { Db } from "../../../drizzle/client.ts";
import { contentOf } from "../../../drizzle/policy/compile.ts";
import { ceilingRules, newestSupergraph } from "../../../drizzle/policy/ground.ts";
import { holdsNik } from "../../../schema/errors.ts";
import { readContent, sha256Hex } from "../../../schema/policy/content.ts";
import { badInput } from "../../kit/errors.ts";
import type { Asking } from "../../kit/serve/context.ts";
import { agreementsByNumber } from "../data.ts";
import { ruled } from "../faults.ts";
import { stateAt } from "../state.ts";
import { refused } from "../steward.ts";
import { type DocumentRow, documentsById, documentsOf, insertDocuments, retire } from "./data.ts";
import { type DocumentFault, proverOf } from "./proof.ts";
import { conflict } from "./words.ts";

export interface Offered {
  readonly document: string;
  readonly name?: string | null | undefined;
}
export interface Rejected {
  readonly id: string;
  readonly name: string | null;
  readonly faults: readonly DocumentFault[];
}
interface Registration {
  /** Empty when any is rejected. */
  readonly registered: readonly DocumentRow[];
  readonly rejected: readonly Rejected[];
}

const MAX_OFFERED = 500;
const MAX_NAME = 100;

/** Trusted documents of the asking agency's agreements. */
export const documents = ({ db, write, caller, now }: Asking) => ({
  async list(number: string): Promise<readonly DocumentRow[] | null> {
    const [agreement] = await agreementsByNumber(db, [number], now);
    return agreement ? documentsOf(db, number) : null;
  },
  register: (number: string, offered: readonly Offered[]): Promise<Registration> =>
    ruled(
      write(async (to) => {
        const faults = faultsOf(offered);
        if (faults.length > 0) throw badInput(faults.join("; "));
        const texts = new Map(offered.map(({ document, name }) => [sha256Hex(document), { document, name: name ?? null }]));
        const prove = await proverIn(to, { number, agency: caller.agency, now });
        const known = new Map((await documentsById(to, number, [...texts.keys()])).map((row) => [row.id, row]));
        const rejected = [...texts].flatMap(([id, { document, name }]): Rejected[] => {
          const found = known.get(id)?.retiredAt ? [RETIRED] : prove(document);
          return found.length > 0 ? [{ id, name, faults: found }] : [];
        });
        if (rejected.length > 0) return { registered: [], rejected };
        const by = { registeredBy: caller.officer ?? caller.analyst ?? caller.client, registeredAt: now.toISOString() };
        await insertDocuments(
          to,
          [...texts].map(([id, text]) => ({ agreementNumber: number, id, ...text, ...by })),
        );
        return { registered: await documentsById(to, number, [...texts.keys()]), rejected: [] };
      }),
    ),
  /** Null: no such document. */
  retire: (number: string, id: string): Promise<DocumentRow | null> =>
    ruled(
      write(async (to) => {
        await consumed(to, { number, agency: caller.agency, now });
        await retire(to, number, { id, at: now.toISOString() });
        return (await documentsById(to, number, [id]))[0] ?? null;
      }),
    ),
});

const RETIRED: DocumentFault = {
  coordinate: null,
  reason: "RETIRED",
  detail: "It was retired, and a retired text does not come back.",
};

function faultsOf(offered: readonly Offered[]): string[] {
  const size = offered.length < 1 || offered.length > MAX_OFFERED ? [`documents: must be 1 to ${MAX_OFFERED}`] : [];
  const each = offered.flatMap(({ document, name }, at) => [
    ...((name?.length ?? 0) > MAX_NAME ? [`documents[${at}].name: must have at most ${MAX_NAME} characters`] : []),
    ...(holdsNik(name ?? "") ? [`documents[${at}].name: must hold no NIK`] : []),
    ...(holdsNik(document) ? [`documents[${at}].document: must hold no NIK: variables do`] : []),
  ]);
  return [...size, ...each];
}

interface Whose extends Pick<Asking, "now"> {
  readonly number: string;
  readonly agency: string;
}

/** The agreement, of the asking agency only: a steward sees others', and registers nothing for them. */
async function consumed(db: Db, { number, agency, now }: Whose) {
  const [agreement] = await agreementsByNumber(db, [number], now);
  if (agreement?.consumerAgency !== agency) throw refused(`${agency} has no agreement ${number}`);
  return agreement;
}

/** Proves documents against the version in force. Refusal CONFLICT when none is. */
async function proverIn(db: Db, whose: Whose): Promise<(document: string) => readonly DocumentFault[]> {
  const { number, current } = await consumed(db, whose);
  if (stateAt(current, whose.now) !== "ACTIVE" || Date.parse(current.validFrom) > whose.now.getTime())
    throw conflict(`no version of ${number} is in force: documents are proved against one`);
  const published = await newestSupergraph(db);
  const content = readContent(await contentOf(db, { agreement: number, version: current.version }));
  const ceilings = await ceilingRules(db);
  return proverOf(content, { published, ceilings });
}
