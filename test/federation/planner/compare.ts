import { buildSchema, execute, type GraphQLFieldResolver, type GraphQLSchema, type GraphQLTypeResolver, parse } from "graphql";
import { createSupergraphRuntime } from "../../../gateway/answer.ts";
import { authorize } from "../../../gateway/authorize/authorize.ts";
import { planOf } from "../../../gateway/plan/plan.ts";
import { NO_LIMITS } from "../../../gateway/plan/supergraph.ts";
import { DENY, decide, supergraphOf } from "../hubOf.ts";
import { requirementsIn } from "./denials.ts";
import { VARIABLES } from "./question.ts";
import { type Args, type Data, dataOf, type Row } from "./world/data.ts";
import { serve, Waves } from "./world/served.ts";
import { sdlOf, type World } from "./world/world.ts";

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
}

/** Throws what the composer says of a world that it refuses. */
export function twinOf(world: World): Twin {
  const sdl = supergraphOf(world.parts.map((part) => [part.name, sdlOf(part), {}]));
  const data = dataOf(world);
  const waves = new Waves(new Map(world.parts.map((part) => [part.name, serve(part, data)])));
  const faults: string[] = [];
  const onFault = (error: unknown) => void faults.push(error instanceof Error ? `${error.stack}` : String(error));
  const runtime = createSupergraphRuntime({ supergraphSdl: sdl, transport: waves, limits: NO_LIMITS, onFault });
  return {
    sdl,
    schema: runtime.schema,
    waves,
    coordinates: coordinatesOf(runtime.schema),
    planned(document) {
      try {
        const question = { document, variables: VARIABLES, decisions: decide({}), deadline: performance.now() + 30_000 };
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
      const outcome = await runtime.execute({ document, variables: VARIABLES, decisions, deadline: performance.now() + 30_000 });
      const errors = outcome.errors.map((error) => JSON.stringify(error));
      if (outcome.kind === "refused") return { data: `refused: ${errors.join(" ")}`, hasErrors: true, faults };
      return { data: JSON.stringify(outcome.data), hasErrors: errors.length > 0, faults: errors };
    },
  };
}

/** What the one schema answers; what is denied, or needs by @requires what is denied, is null. */
function wholeOf(sdl: string, data: Data, requirements: ReadonlyMap<string, ReadonlySet<string>>): Twin["whole"] {
  const schema = buildSchema(sdl, { assumeValid: true, assumeValidSDL: true, noLocation: true });
  const typeResolver: GraphQLTypeResolver<Row, unknown> = ({ t }) => t;
  return (document, denied = []) => {
    const closed = new Set(denied);
    const isClosed = (coordinate: string) =>
      closed.has(coordinate) || denied.some((each) => requirements.get(coordinate)?.has(each));
    const fieldResolver: GraphQLFieldResolver<Row | undefined, unknown, Args> = (source, args, _, { parentType, fieldName }) => {
      if (denied.length > 0 && isClosed(`${parentType.name}.${fieldName}`)) return null;
      if (parentType.name === "Mutation") data.count += 1;
      return data.value(source ?? { t: parentType.name, n: 0 }, fieldName, args);
    };
    data.count = 0;
    const result = execute({ schema, document: parse(document), variableValues: VARIABLES, fieldResolver, typeResolver });
    if (result instanceof Promise) throw new Error("the one schema answers at once");
    return { data: JSON.stringify(result.data ?? null), hasErrors: (result.errors ?? []).length > 0 };
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
  return { document, denied, wanted, received, isSame: wanted.data === received.data && errs };
}

/** Undefined where both agree. */
export async function differ(twin: Twin, document: string, denied: readonly string[] = []): Promise<Difference | undefined> {
  const { isSame, ...difference } = await compare(twin, document, denied);
  return isSame ? undefined : difference;
}
