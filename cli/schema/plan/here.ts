import { Kind, type OperationDefinitionNode } from "graphql";
import { authorize, prepare } from "../../../gateway/authorize/authorize.ts";
import { read } from "../../../gateway/authorize/read.ts";
import { outlineOf } from "../../../gateway/plan/outline/outline.ts";
import { planOf } from "../../../gateway/plan/plan.ts";
import { loadSupergraph } from "../../../gateway/plan/supergraph.ts";
import type { Decisions } from "../../../gateway/types/policy.ts";
import type { Supergraph } from "../../../gateway/types/supergraph.ts";
import { errorEntry, Refusal } from "../../../schema/errors.ts";
import { Misuse, Refused } from "../../remote/faults.ts";
import type { Told } from "./tree.ts";

export interface Asked {
  readonly document: string;
  readonly operationName: string | null;
  /** Null: none were given. */
  readonly variables: Readonly<Record<string, unknown>> | null;
}

/** For plans only: nothing here is ever fetched. */
const everythingGranted: Decisions = {
  key: "everythingGranted",
  hidden: new Set(),
  verdict: () => ({ effect: "allow" }),
  transform: (_, value) => value,
};

/** The plan as the gateway makes it over a supergraph, everything granted. Throws Misuse and Refused. */
export function planHere(asked: Asked, sdl: string): Told {
  const supergraph = loaded(sdl);
  try {
    const judged = judgedOver(asked, supergraph);
    const question = { ...judged, plan: planOf(judged.rewrite, supergraph) };
    return outlineOf(question, { supergraph, seen: supergraph.full, language: "en" });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const cause = error.cause instanceof Error ? ` (${error.cause.message})` : "";
    throw new Refused(
      error.failures.map((failure) => `${errorEntry(failure, "en").message}${placeOf(failure)}${cause}`).join("\n"),
    );
  }
}

function loaded(sdl: string): Supergraph {
  try {
    return loadSupergraph(sdl);
  } catch (error) {
    throw new Misuse((error as Error).message);
  }
}

/** With variables as a request is judged; without, as a document is that is read ahead. */
function judgedOver({ variables, ...text }: Asked, supergraph: Supergraph) {
  const question = { ...text, decisions: everythingGranted, deadline: Number.POSITIVE_INFINITY };
  if (variables !== null) return authorize({ ...question, variables }, supergraph);
  const reading = read(question, supergraph);
  return { reading, rewrite: prepare(question, shownIn(reading.operation), supergraph), coerced: {} };
}

/** What @skip and @include read, where nothing is given. */
const shownIn = ({ variableDefinitions = [] }: OperationDefinitionNode): Record<string, boolean> =>
  Object.fromEntries(
    variableDefinitions.map(({ variable, defaultValue }) => [
      variable.name.value,
      defaultValue?.kind === Kind.BOOLEAN && defaultValue.value,
    ]),
  );

const placeOf = ({ locations: [at] = [] }: Refusal["failures"][number]): string =>
  at ? ` (line ${at.line}, column ${at.column})` : "";
