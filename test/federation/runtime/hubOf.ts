import { buildSubgraphSchema } from "@apollo/subgraph";
import { composeServices, compositionHasErrors } from "@theguild/federation-composition";
import { execute, type GraphQLSchema, parse } from "graphql";
import { createSupergraphRuntime } from "../../../gateway/answer.ts";
import { NO_LIMITS, type SupergraphOptions } from "../../../gateway/plan/supergraph.ts";
import type { Outcome, Question } from "../../../gateway/types/chain.ts";
import type { Decisions, Verdict } from "../../../gateway/types/policy.ts";
import type { SourceAnswer, SourceCall, Transport } from "../../../gateway/types/sources.ts";

/** A subgraph in process: name, SDL without its head, resolvers. */
export type TestSubgraph = readonly [name: string, sdl: string, resolvers: Resolvers];
export type Resolvers = Record<string, Record<string, any>>;

const LINK = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires", "@provides", "@shareable", "@inaccessible", "@override", "@interfaceObject", "@composeDirective"])
  @link(url: "https://hub.example/policy/v1.0", import: ["@data", "@subject", "@statistics"])
  @composeDirective(name: "@data") @composeDirective(name: "@subject") @composeDirective(name: "@statistics")
directive @data(class: DataClass!) on FIELD_DEFINITION
directive @subject on OBJECT
directive @statistics on OBJECT
enum DataClass { PUBLIC GENERAL DERIVED }
`;

export type Send = (call: SourceCall) => Promise<SourceAnswer> | SourceAnswer;

export interface TestHub {
  /** Everything that was sent, in order of sending. */
  readonly calls: SourceCall[];
  readonly runtime: ReturnType<typeof createSupergraphRuntime>;
  /** Behaves in place of a subgraph until the next `heal`. */
  breakSource(name: string, send: Send): void;
  heal(): void;
  ask(document: string, options?: AskOptions): Promise<Outcome>;
}

export interface AskOptions extends Partial<Omit<Question, "document" | "decisions">> {
  readonly decisions?: Decisions;
  readonly denied?: readonly string[];
}

/** A hub over in-process subgraphs that answer as if over the wire. Limits are off unless given. */
export function hubOf(subgraphs: readonly TestSubgraph[], options: SupergraphOptions = {}): TestHub {
  const calls: SourceCall[] = [];
  const broken = new Map<string, Send>();
  const schemas = new Map(
    subgraphs.map(([name, sdl, resolvers]) => [name, buildSubgraphSchema([{ typeDefs: parse(LINK + sdl), resolvers }])]),
  );
  const transport: Transport = {
    send: async (call) => {
      calls.push(call);
      const send = broken.get(call.service);
      return send ? send(call) : answerOf(schemas.get(call.service) as GraphQLSchema, call.body);
    },
    close: async () => undefined,
  };
  const supergraphSdl = supergraphOf(subgraphs);
  const faults: unknown[] = [];
  const runtime = createSupergraphRuntime({
    supergraphSdl,
    transport,
    limits: NO_LIMITS,
    ...options,
    onFault: (error) => void faults.push(error),
  });
  return {
    calls,
    runtime,
    breakSource: (name, send) => void broken.set(name, send),
    heal: () => broken.clear(),
    async ask(
      document,
      { denied = [], decisions = decide(Object.fromEntries(denied.map((coordinate) => [coordinate, DENY]))), ...rest } = {},
    ) {
      calls.length = 0;
      const outcome = await runtime.execute({ document, decisions, deadline: performance.now() + 5000, ...rest });
      if (faults.length > 0) throw faults.pop();
      return outcome;
    },
  };
}

/** In-process execution, through JSON both ways. */
export async function answerOf(schema: GraphQLSchema, body: string): Promise<SourceAnswer> {
  const { query, variables } = JSON.parse(body);
  const result = await execute({ schema, document: parse(query), variableValues: variables });
  return JSON.parse(JSON.stringify(result)) as SourceAnswer;
}

export function supergraphOf(subgraphs: readonly TestSubgraph[]): string {
  const composed = composeServices(
    subgraphs.map(([name, sdl]) => ({ name, url: `http://${name}.test/graphql`, typeDefs: parse(LINK + sdl) })),
  );
  if (compositionHasErrors(composed)) throw new Error(composed.errors.map((error) => error.message).join("\n"));
  return composed.supergraphSdl;
}

export const DENY: Verdict = { effect: "deny", code: "FIELD_NOT_GRANTED" };
const ALLOW: Verdict = { effect: "allow" };

/** Decisions that allow whatever is not named. */
export function decide(verdicts: Readonly<Record<string, Verdict>>, hidden: readonly string[] = []): Decisions {
  return {
    key: JSON.stringify([verdicts, hidden]),
    hidden: new Set(hidden),
    verdict: (coordinate) => verdicts[coordinate] ?? ALLOW,
    transform: (kind, value) => `${kind}:${String(value)}`,
  };
}

/** The answer of an outcome that must be one. */
export function answered(outcome: Outcome): Extract<Outcome, { kind: "answered" }> {
  if (outcome.kind !== "answered") throw new Error(`refused: ${JSON.stringify(outcome.errors)}`);
  return outcome;
}
