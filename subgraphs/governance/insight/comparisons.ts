import type { Content } from "../../../schema/policy/content.ts";
import { isInForce } from "../../../schema/policy/inForce.ts";
import { type Change, diffOf } from "../../../schema/policy/insight/diff/diff.ts";
import { type Replayed, replay } from "../../../schema/policy/insight/diff/replay.ts";
import { tableOf } from "../../../schema/policy/insight/ground.ts";
import { type Sentence, sentencesOf } from "../../../schema/policy/insight/words/sentences.ts";
import { scopeOfContent } from "../../../schema/policy/insight/words/termWords.ts";
import { printScope, type Scoped } from "../../../schema/policy/scopeText.ts";
import { badInput } from "../../kit/errors.ts";
import type { Asking } from "../../kit/serve/context.ts";
import { agenciesByCode, purposesByCode } from "../data.ts";
import { validityOf } from "../state.ts";
import { stewardAsking } from "../steward.ts";
import { shapesOf } from "./data.ts";
import { seenBy } from "./seen.ts";

/** Changes from one version to another. */
export interface Compared {
  readonly from: number | null;
  readonly to: number;
  readonly widens: boolean;
  readonly changes: readonly Change[];
}

export interface Simulated {
  readonly since: string;
  readonly requests: number;
  readonly changes: readonly Change[];
  readonly operations: readonly Replayed[];
  /** Scopes whose rows the slices count; null: there is none, or no draft with it could be submitted. */
  readonly reachBefore: Scoped | null;
  readonly reachAfter: Scoped | null;
}

interface Between {
  readonly agreement: string;
  readonly from: number | null;
  readonly to: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const MAX_DAYS = 366;

/** Versions in sentences, beside one another, and against the record. */
export const comparisons = (asking: Asking) => {
  const { db, caller, now } = asking;
  const seen = seenBy(asking);
  const contentInForce = async (agreement: string): Promise<Content | null> => {
    const row = await seen.agreement(agreement);
    if (!row || !isInForce(validityOf(row.current), now.getTime())) return null;
    return (await seen.version(agreement, row.current.version))?.content ?? null;
  };
  const compare = async ({ agreement, from, to }: Between): Promise<Compared | null> => {
    await stewardAsking(db, caller);
    const after = (await seen.version(agreement, to))?.content;
    const before = from === null ? await contentInForce(agreement) : (await seen.version(agreement, from))?.content;
    if (!after || before === undefined) return null;
    const changes = diffOf(before, after, await seen.ground());
    return { from: before?.version ?? null, to, widens: changes.some(({ kind }) => kind === "WIDENED"), changes };
  };
  return {
    compare,

    async sentences(agreement: string, number: number | null): Promise<Sentence[] | null> {
      const version = number ?? (await seen.agreement(agreement))?.current.version;
      const found = version === undefined ? null : await seen.version(agreement, version);
      if (!found) return null;
      const { content } = found;
      const [[consumer], [purpose]] = [await agenciesByCode(db, [content.consumer]), await purposesByCode(db, [content.purpose])];
      const named = { purposeName: purpose?.name ?? content.purpose, citation: purpose?.citation ?? "" };
      return sentencesOf(content, await seen.ground(), { ...named, consumerName: consumer?.name ?? content.consumer });
    },

    async simulate(agreement: string, version: number, days: number): Promise<Simulated | null> {
      if (days < 1 || days > MAX_DAYS) throw badInput(`days must be from 1 to ${MAX_DAYS}`);
      const compared = await compare({ agreement, from: null, to: version });
      const after = compared && (await seen.version(agreement, version));
      if (!after) return null;
      const since = new Date(now.getTime() - days * DAY_MS);
      const shapes = await shapesOf(db, agreement, since);
      const [ground, before] = [await seen.ground(), await contentInForce(agreement)];
      const operations = replay(shapes, { before: before && tableOf(before, ground), after: tableOf(after.content, ground) });
      const requests = shapes.reduce((sum, shape) => sum + shape.requests, 0);
      const reach = { reachBefore: before && scopedBy(before), reachAfter: scopedBy(after.content) };
      return { since: since.toISOString(), requests, changes: compared.changes, operations, ...reach };
    },
  };
};

function scopedBy(content: Content): Scoped | null {
  const scope = printScope(scopeOfContent(content));
  return scope === null ? null : { scope };
}
