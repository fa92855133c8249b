import type { GraphQLSchema } from "graphql";
import type { Language } from "../../../schema/errors.ts";
import type { Permitted } from "../../types/chain.ts";
import type { Fetch, Plan } from "../../types/plan.ts";
import type { Supergraph } from "../../types/supergraph.ts";
import { FieldTeller, type FieldTold, type Naming, pathTeller } from "./fields.ts";
import { mermaidOf } from "./mermaid.ts";
import { type Finding, findingOf, type Numbered, type Reasoning, reasonsOf, wantedOf } from "./reasons.ts";
import { sentBy } from "./sent.ts";
import { type Sight, sightOf } from "./sight.ts";

/** A plan for people: what is asked of whom, in which order and why. Holds no address, no value and no coordinate its reader does not see in the schema. */
export interface Outline {
  /** Fetches one after the other. */
  readonly rounds: number;
  readonly fetches: readonly FetchTold[];
  /** The same as a flowchart in Mermaid's words. */
  readonly mermaid: string;
}

export interface FetchTold {
  readonly id: number;
  readonly round: number;
  readonly service: string;
  readonly kind: "query" | "mutation" | "entities";
  /** Ids of those it waits for. */
  readonly waits: readonly number[];
  readonly finds: readonly Finding[];
  /** `at`: where its objects stand in the answer; empty: at its root. */
  readonly asks: readonly { readonly type: string; readonly at: readonly string[]; readonly fields: readonly FieldTold[] }[];
  /** Coordinates by the verbs of its envelope. */
  readonly output: readonly string[];
  readonly internal: readonly string[];
  readonly arguments: readonly string[];
  /** Fields the hub needs itself and the reader sees in no schema. */
  readonly unseen: number;
  readonly reasons: readonly string[];
}

export interface Reader {
  readonly supergraph: Pick<Supergraph, "full" | "planner" | "requires">;
  /** The schema as the reader sees it. */
  readonly seen: GraphQLSchema;
  readonly language: Language;
}

type Question = Pick<Permitted, "rewrite" | "coerced"> & { readonly reading: Pick<Permitted["reading"], "operation"> } & {
  readonly plan: Plan;
};

/** Told from the fetches themselves, as they would be sent. */
export function outlineOf({ plan, rewrite, coerced, reading }: Question, { supergraph, seen, language }: Reader): Outline {
  const { full, planner, requires } = supergraph;
  const sight = sightOf(seen, full);
  const naming: Naming = { full, sight, aliases: new Map([...rewrite.aliases].map(([alias, key]) => [key, alias])) };
  const reasoning = {
    sight,
    language,
    answering: planner.answering,
    isComputed: (coordinate: string) => requires.has(coordinate),
  };
  const numbered = numberedIn(plan, full);
  const root = full.getRootType(reading.operation.operation)?.name ?? "";
  const pathOf = pathTeller(
    numbered.map(({ sent }) => sent),
    naming,
    root,
  );
  const findings = new Map(
    numbered.map((one) => [one.id, one.sent.parts.flatMap((part) => findingOf(part, one, reasoning) ?? [])]),
  );
  const fetches = numbered.map((one) => fetchTold(one, { naming, reasoning, pathOf, coerced, sight, findings }));
  return { rounds: Math.max(0, ...fetches.map(({ round }) => round)), fetches, mermaid: mermaidOf(fetches, language) };
}

interface Step extends Numbered {
  readonly after: number | null;
}

/** Fetches of all steps, numbered on; a step begins when the one before is done. */
function numberedIn({ steps }: Plan, full: GraphQLSchema): readonly Step[] {
  const all: Step[] = [];
  for (const [at, fetches] of steps.entries()) {
    const first = all.length;
    const last = Math.max(0, ...all.map(({ round }) => round));
    for (const fetch of fetches) {
      const waits = fetch.waits.flatMap((position) => all[first + position] ?? []);
      all.push({
        id: all.length + 1,
        round: last + fetch.round,
        fetch,
        sent: sentBy(fetch, full),
        waits,
        after: at > 0 ? at : null,
      });
    }
  }
  return all;
}

interface Telling {
  readonly naming: Naming;
  readonly reasoning: Reasoning;
  readonly sight: Sight;
  readonly findings: ReadonlyMap<number, readonly Finding[]>;
  readonly pathOf: ReturnType<typeof pathTeller>;
  readonly coerced: Parameters<Fetch["coordinates"]>[0];
}

function fetchTold(numbered: Step, { naming, reasoning, sight, pathOf, coerced, findings }: Telling): FetchTold {
  const { id, round, fetch, sent, waits, after } = numbered;
  const verbs = fetch.coordinates(coerced);
  const teller = new FieldTeller(naming, verbs);
  const asks = sent.parts.flatMap(({ type, paths, selections }) => {
    const fields = teller.fields(selections, type);
    return sight.isType(type) ? [{ type, at: paths.map(pathOf).filter(Boolean), fields }] : [];
  });
  const finds = findings.get(id) ?? [];
  const wanted = wantedOf(id, findings, naming.full);
  const { coordinates, unseen } = teller;
  return {
    ...{ id, round, service: fetch.source.service, kind: sent.kind, waits: waits.map((one) => one.id), finds, asks },
    output: verbs.output.filter(sight.isCoordinate),
    internal: verbs.internal.filter(sight.isCoordinate),
    arguments: verbs.arguments.filter(sight.isCoordinate),
    unseen,
    reasons: reasonsOf({ numbered, findings: finds, coordinates, unseen, wanted, after }, reasoning),
  };
}
