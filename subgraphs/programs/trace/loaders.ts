import type { TraceStep } from "../../../schema/aid/trace.ts";
import { byKey } from "../../kit/byKey.ts";
import type { Asking } from "../../kit/serve/context.ts";
import type { Inbox } from "../held.ts";
import { type AskedFor, factsOf, traceWords, type WordsRow } from "./data.ts";
import { type Vocabulary, type Walk, walkOf } from "./explain.ts";
import { daysOf } from "./period.ts";
import type { Standing } from "./standing.ts";

export interface TraceRow extends Walk {
  readonly id: string;
  readonly personId: string;
  readonly standing: Standing | null;
}

const OF = "paymentTrace";

export const trace = ({ db, cursors, now }: Asking, _inbox: Inbox) => {
  const facts = new Map<string, ReturnType<typeof factsAbout>>();
  const factsAbout = (asked: AskedFor) =>
    byKey(
      (persons: readonly string[]) => factsOf(db, { ...asked, ...daysOf(asked.period), now }, persons),
      (row) => row.person,
    );
  const about = (asked: AskedFor) => {
    const key = `${asked.program}|${asked.period}`;
    const loader = facts.get(key) ?? factsAbout(asked);
    facts.set(key, loader);
    return loader;
  };
  const of = async (personId: string, { program, period }: AskedFor): Promise<TraceRow | null> => {
    const { ends } = daysOf(period);
    const found = await about({ program, period }).load(personId);
    const id = cursors.seal(OF, [personId, program, period]);
    return found && { ...walkOf({ program, period, ends }, found), id, personId, standing: null };
  };
  let words: Promise<Vocabulary> | undefined;
  return {
    of,
    /** By an id that was given out under the same agreement. */
    byId: (id: string) => {
      const [personId, program, period] = cursors.open(OF, id).map(String);
      return of(personId ?? "", { program: program ?? "", period: period ?? "" });
    },
    words: (): Promise<Vocabulary> => {
      words ??= traceWords(db).then(vocabularyOf);
      return words;
    },
  };
};

/** A step without words would be a fault of the migration that wrote them. */
function vocabularyOf(rows: readonly WordsRow[]): Vocabulary {
  const known = new Map(rows.map((row) => [`${row.step}|${row.reason}`, row]));
  return (step: TraceStep, reason = "") => {
    const found = known.get(`${step}|${reason}`) ?? known.get(`${step}|`);
    if (!found) throw new Error(`nothing is said of the step ${step}`);
    return found;
  };
}
