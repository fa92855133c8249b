import { dayInWib } from "../../../schema/values/wib.ts";
import type { Hub } from "../../remote/hub.ts";
import type { KnownDocument, Party } from "./touched.ts";

const OWN = "query OwnAgreements { me { agreement { number } } agreements { number } }";
const DOCUMENTS = "query DocumentsOf($agreement: ID!) { trustedDocuments(agreement: $agreement) { id name document retiredAt } }";
const MATRIX = `query OpenedTo { accessMatrix { coordinates { coordinate }
  agreements { agreement { number } groups { effect positions } } } }`;

const ASKED = `query AskedUnder($agreement: ID!, $from: Date!, $to: Date!) {
  semesterReport(agreement: $agreement, from: $from, to: $to) { requests coordinates { coordinate } } }`;

/** Agreements with their registered documents: the asking agency's own, or, for a steward, all there are with what each opens and what it asked of late. */
export async function partiesOf(hub: Hub, { isSteward }: { readonly isSteward: boolean }): Promise<Party[]> {
  const opened = isSteward ? await openedTo(hub) : await ownAgreements(hub);
  const parties: Party[] = [];
  for (const [name, coordinates] of opened) {
    const [asked, documents] = await Promise.all([isSteward ? askedUnder(hub, name) : null, documentsOf(hub, name)]);
    parties.push({ name, opened: coordinates, asked, documents });
  }
  return parties;
}

type Opened = ReadonlyMap<string, ReadonlySet<string>>;

async function ownAgreements(hub: Hub): Promise<Opened> {
  interface Answer {
    readonly me: { readonly agreement: { readonly number: string } | null } | null;
    readonly agreements: readonly { readonly number: string }[] | null;
  }
  const { me, agreements } = await hub.ask<Answer>(OWN);
  const numbers = [...(agreements ?? []), ...(me?.agreement ? [me.agreement] : [])].map(({ number }) => number);
  return new Map([...new Set(numbers)].sort().map((number) => [number, new Set<string>()]));
}

async function openedTo(hub: Hub): Promise<Opened> {
  interface Answer {
    readonly accessMatrix: {
      readonly coordinates: readonly { readonly coordinate: string }[];
      readonly agreements: readonly {
        readonly agreement: { readonly number: string };
        readonly groups: readonly { readonly effect: string; readonly positions: readonly number[] }[];
      }[];
    };
  }
  const { accessMatrix } = await hub.ask<Answer>(MATRIX);
  const nameAt = (position: number) => accessMatrix.coordinates[position]?.coordinate ?? "";
  return new Map(
    accessMatrix.agreements.map(({ agreement, groups }) => [
      agreement.number,
      new Set(groups.filter(({ effect }) => effect !== "DENY").flatMap(({ positions }) => positions.map(nameAt))),
    ]),
  );
}

async function documentsOf(hub: Hub, agreement: string): Promise<KnownDocument[]> {
  interface Answer {
    readonly trustedDocuments: readonly (KnownDocument & { readonly retiredAt: string | null })[] | null;
  }
  const { trustedDocuments } = await hub.ask<Answer>(DOCUMENTS, { agreement });
  return (trustedDocuments ?? []).filter(({ retiredAt }) => retiredAt === null);
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** What was not asked for so long is told only where it breaks. */
const LATE_DAYS = 90;

/** Coordinates an agreement was shown of late; null: it asked nothing, or the asker may not know. */
async function askedUnder(hub: Hub, agreement: string): Promise<ReadonlySet<string> | null> {
  interface Answer {
    readonly semesterReport: {
      readonly requests: number | null;
      readonly coordinates: readonly { readonly coordinate: string }[] | null;
    } | null;
  }
  const now = new Date();
  const days = { from: dayInWib(new Date(now.getTime() - LATE_DAYS * DAY_MS)), to: dayInWib(now) };
  const told = await hub.ask<Answer>(ASKED, { agreement, ...days }).catch(() => null);
  const { requests, coordinates } = told?.semesterReport ?? {};
  return requests && coordinates ? new Set(coordinates.map(({ coordinate }) => coordinate)) : null;
}
