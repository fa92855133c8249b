import type { Hub } from "../../remote/hub.ts";
import type { KnownDocument, Party } from "./touched.ts";

const OWN = "query OwnAgreements { me { agreement { number } } agreements { number } }";
const DOCUMENTS = "query DocumentsOf($agreement: ID!) { trustedDocuments(agreement: $agreement) { id name document retiredAt } }";
const MATRIX = `query OpenedTo { accessMatrix { coordinates { coordinate }
  agreements { agreement { number } groups { effect positions } } } }`;

/** Agreements with their registered documents: the asking agency's own, or, for a steward, all there are with what each opens. */
export async function partiesOf(hub: Hub, { isSteward }: { readonly isSteward: boolean }): Promise<Party[]> {
  const opened = isSteward ? await openedTo(hub) : await ownAgreements(hub);
  const parties: Party[] = [];
  for (const [name, coordinates] of opened) parties.push({ name, opened: coordinates, documents: await documentsOf(hub, name) });
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
