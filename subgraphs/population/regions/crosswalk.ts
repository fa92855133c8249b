import { HISTORY_FROM } from "../../../schema/values/crosswalk/changes.ts";
import {
  CROSSWALK,
  codeOfToday,
  crosswalkOn,
  predecessorsOf,
  type RegionScheme,
  type RegionSpan,
  spanOf,
  spanOn,
  successorsOf,
} from "../../../schema/values/crosswalk/crosswalk.ts";
import { levelOf, parseRegionCode } from "../../../schema/values/regionCode.ts";
import { dayInWib } from "../../../schema/values/wib.ts";
import { badInput } from "../../kit/errors.ts";
import { type Page, type Paging, pageOf } from "../../kit/page.ts";
import type { Asking } from "../../kit/serve/context.ts";
import type { Resolvers } from "../generated.ts";

export type CrosswalkPage = Page<RegionSpan>;

interface CrosswalkAsked extends Paging {
  readonly asOf?: string | null;
  readonly history?: boolean | null;
  readonly scheme?: RegionScheme | null;
  readonly code?: string | null;
}

/** All of the history are 601 spans: they fit on one page. */
const LARGEST = 700;

export const crosswalk = ({ now, cursors }: Pick<Asking, "now" | "cursors">) => ({
  crosswalk(asked: CrosswalkAsked): CrosswalkPage {
    const spans = spansAsked(asked, dayInWib(now));
    const position = ({ kemendagri, validFrom }: RegionSpan) => `${kemendagri} ${validFrom ?? ""}`;
    return pageOf(asked, {
      of: asked.history ? "regionCrosswalk:history" : "regionCrosswalk",
      cursors,
      largest: LARGEST,
      positionOf: (span) => [position(span)],
      rows: async ({ limit, after }) => spans.filter((span) => position(span) > String(after?.[0] ?? "")).slice(0, limit),
      count: async () => spans.length,
    });
  },
});

function spansAsked({ asOf, history, scheme, code }: CrosswalkAsked, today: string): readonly RegionSpan[] {
  if (history) {
    if (asOf != null || code != null) throw badInput("history takes no asOf and no code");
    return CROSSWALK;
  }
  const day = dayAsked("asOf", asOf ?? today, today);
  return code == null ? crosswalkOn(day) : [spanAsked(scheme ?? "KEMENDAGRI", code, day)];
}

function dayAsked(name: string, day: string, today: string): string {
  if (day < HISTORY_FROM || day > today) throw badInput(`${name} must be a day from ${HISTORY_FROM} to today`);
  return day;
}

function spanAsked(scheme: RegionScheme, code: string, day: string): RegionSpan {
  const digits = scheme === "KEMENDAGRI" ? parseRegionCode(code) : code;
  if (digits === null || !/^\d{2}(\d{2})?$/.test(digits))
    throw badInput("code must have 2 or 4 digits: districts and villages are not in the crosswalk");
  const span = spanOf(scheme, digits, day);
  if (!span) throw badInput(`code is no number of ${scheme} of a ${levelOf(digits)?.toLowerCase()} on ${day}`);
  return span;
}

export const crosswalkResolvers: Resolvers = {
  Query: { regionCrosswalk: (_, asked, { load }) => load.crosswalk(asked) },
  RegionCrosswalk: {
    name: async (span, _, { load }) => (await load.region.load(codeOfToday(span)))?.name ?? null,
    kemendagriCode: ({ kemendagri }) => kemendagri,
    bpsCode: ({ bps }) => bps,
    predecessors: predecessorsOf,
    successors: successorsOf,
    on: (span, { day }, { now }) => spanOn(span, dayAsked("day", day, dayInWib(now))),
  },
};
