import { transformSupergraphToPublicSchema } from "@theguild/federation-composition";
import { buildASTSchema, execute, type GraphQLFieldResolver, type GraphQLSchema, type GraphQLTypeResolver, parse } from "graphql";
import { createSupergraphRuntime } from "../../../../gateway/answer.ts";
import { authorize } from "../../../../gateway/authorize/authorize.ts";
import { planOf } from "../../../../gateway/plan/plan.ts";
import { NO_LIMITS } from "../../../../gateway/plan/supergraph.ts";
import { DENY, decide, supergraphOf } from "../../runtime/hubOf.ts";
import { asked } from "../question/question.ts";
import { type Args, type Data, dataOf, type Row } from "../world/data.ts";
import { requirementsIn, standsIn } from "../world/denials.ts";
import { sdlOf } from "../world/sdl.ts";
import { serve, Waves } from "../world/served.ts";
import type { World } from "../world/world.ts";
import { isLenient, isOpenedBy, type Open, Openings } from "./leniency.ts";

/** The same world twice: behind the gateway, and as one schema. */
export interface Twin {
  readonly sdl: string;
  /** What clients may ask. */
  readonly schema: GraphQLSchema;
  /** Round trips and fetches of the last question. */
  readonly waves: Waves;
  readonly coordinates: readonly string[];
  /** What each document that the gateway plans for a question takes, by its plan. Empty where it refuses the question. */
  planned(document: string): readonly Planned[];
  whole(document: string, denied?: readonly string[]): Answer;
  hub(document: string, denied?: readonly string[]): Promise<Answer & { readonly faults: readonly string[] }>;
}

export interface Planned {
  readonly document: string;
  /** Fetches one after the other, and all of them. */
  readonly rounds: number;
  readonly fetches: number;
}

export interface Answer {
  /** As JSON text: the order counts, too. */
  readonly data: string;
  readonly hasErrors: boolean;
  /** Where the hub may answer otherwise. */
  readonly open?: Open;
}

/** The supergraph of a world. Throws what the composer says of one that it refuses. */
export type Compose = (world: World) => string;
export const composed: Compose = ({ parts }) => supergraphOf(parts.map((part) => [part.name, sdlOf(part), {}]));

export function twinOf(world: World, compose: Compose = composed): Twin {
  const sdl = compose(world);
  const data = dataOf(world);
  const waves = new Waves(new Map(world.parts.map((part) => [part.name, serve(part, data)])));
  const faults: string[] = [];
  const onFault = (error: unknown) => void faults.push(error instanceof Error ? `${error.stack}` : String(error));
  const runtime = createSupergraphRuntime({ supergraphSdl: sdl, transport: waves, limits: NO_LIMITS, onFault });
  return {
    sdl,
    schema: runtime.schema,
    waves,
    coordinates: [...coordinatesOf(runtime.schema), ...new Set([...standsIn(world.parts, data.below).values()].flat())],
    planned(document) {
      try {
        const question = { ...asked(document), decisions: decide({}), deadline: performance.now() + 30_000 };
        const { rewrite } = authorize(question, runtime.supergraph);
        const { steps } = planOf(rewrite, runtime.supergraph);
        return steps.map((fetches, at) => ({
          document: rewrite.documents[at] as string,
          rounds: Math.max(0, ...fetches.map(({ round }) => round)),
          fetches: fetches.length,
        }));
      } catch {
        return [];
      }
    },
    whole: wholeOf(sdl, data, requirementsIn(world, data)),
    async hub(document, denied = []) {
      data.count = 0;
      faults.length = 0;
      waves.begin();
      const decisions = decide(Object.fromEntries(denied.map((coordinate) => [coordinate, DENY])));
      const outcome = await runtime.execute({ ...asked(document), decisions, deadline: performance.now() + 30_000 });
      const errors = outcome.errors.map((error) => JSON.stringify(error));
      const leaked = waves.calls.flatMap(({ coordinates }) => coordinates.output).filter((one) => denied.includes(one));
      if (leaked.length > 0) return { data: `asked of a source although denied: ${leaked}`, hasErrors: true, faults: errors };
      if (outcome.kind === "refused") return { data: `refused: ${errors.join(" ")}`, hasErrors: true, faults };
      return { data: JSON.stringify(outcome.data), hasErrors: errors.length > 0, faults: errors };
    },
  };
}

/** What the one schema answers; what is denied, or needs by @requires what is denied, is null. */
function wholeOf(sdl: string, data: Data, requirements: ReadonlyMap<string, ReadonlySet<string>>): Twin["whole"] {
  const document = transformSupergraphToPublicSchema(parse(sdl, { noLocation: true }));
  const schema = buildASTSchema(document, { assumeValid: true, assumeValidSDL: true });
  const typeResolver: GraphQLTypeResolver<Row, unknown> = ({ t }) => t;
  return (document, denied = []) => {
    const closed = new Set(denied);
    const isClosed = (coordinate: string) =>
      closed.has(coordinate) || denied.some((each) => requirements.get(coordinate)?.has(each));
    const openings = new Openings(data);
    const fieldResolver: GraphQLFieldResolver<Row | undefined, unknown, Args> = (
      source,
      args,
      _,
      { parentType, fieldName, path },
    ) => {
      if (denied.length > 0 && isClosed(`${parentType.name}.${fieldName}`)) return null;
      if (parentType.name === "Mutation") data.count += 1;
      const row = source ?? { t: parentType.name, n: 0 };
      openings.note(row, fieldName, path);
      return data.value(row, fieldName, args);
    };
    data.count = 0;
    const { variables: variableValues, ...rest } = asked(document);
    const result = execute({ ...rest, schema, document: parse(document), variableValues, fieldResolver, typeResolver });
    if (result instanceof Promise) throw new Error("the one schema answers at once");
    const errors = result.errors ?? [];
    return { data: JSON.stringify(result.data ?? null), hasErrors: errors.length > 0, open: openings.of(errors) };
  };
}

/** Output fields of object types, as a policy names them. A mutation that is denied refuses the whole question: not for here. */
function coordinatesOf(schema: GraphQLSchema): string[] {
  return Object.values(schema.getTypeMap()).flatMap((type) =>
    !/^__|^Mutation$/.test(type.name) && "getFields" in type && "getInterfaces" in type && "isTypeOf" in type
      ? Object.keys(type.getFields()).map((name) => `${type.name}.${name}`)
      : [],
  );
}

export interface Difference {
  readonly document: string;
  readonly denied: readonly string[];
  readonly wanted: Answer;
  readonly received: Answer & { readonly faults: readonly string[] };
}

/** So that a wrong answer is not made smaller into none. */
export const kindOf = ({ received, wanted }: Difference): string =>
  /^(refused|thrown)/.exec(received.data)?.[0] ?? `${received.data === wanted.data} ${received.hasErrors}`;

/** Asks both the same. A thrown error is a difference, too. */
export async function compare(
  twin: Twin,
  document: string,
  denied: readonly string[] = [],
): Promise<Difference & { isSame: boolean }> {
  const wanted = twin.whole(document, denied);
  const thrown = (error: unknown) => ({ data: `thrown: ${(error as Error).stack}`, hasErrors: true, faults: [] as string[] });
  const received = await twin.hub(document, denied).catch(thrown);
  // A denial is an error of its own.
  const errs = denied.length === 0 ? wanted.hasErrors === received.hasErrors : !wanted.hasErrors || received.hasErrors;
  const isSame = wanted.data === received.data || isOpenedBy(wanted, received);
  return { document, denied, wanted, received, isSame: isSame && (errs || isLenient(wanted)) };
}

/** Undefined where both agree. */
export async function differ(twin: Twin, document: string, denied: readonly string[] = []): Promise<Difference | undefined> {
  const { isSame, ...difference } = await compare(twin, document, denied);
  return isSame ? undefined : difference;
}
