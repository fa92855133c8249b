import { type Code, type Failure, isDailyLimit, limitReached } from "../../schema/errors.ts";
import type { Fault, Planned } from "../types/chain.ts";
import type { PathPart, RootFields } from "../types/plan.ts";
import type { SourceAnswer } from "../types/sources.ts";
import { createClientPaths, type Path } from "./clientPaths.ts";
import type { Waiting } from "./run.ts";
import { isTree, locate, type Tree } from "./tree.ts";

/** Where in the answer the faults of one fetch belong. */
export interface Places {
  faults(service: string, answer: SourceAnswer): Fault[];
}

export interface FaultWriter {
  root(fields: Omit<RootFields, "kind">): Places;
  entities(waiting: readonly Waiting[], tree: Tree): Places;
}

/** Turns what sources report into faults with paths as the client wrote its keys. Only made when something has failed. */
export function createFaultWriter(planned: Planned): FaultWriter {
  const toClient = createClientPaths(planned);
  return {
    root({ path: above, keys, renames }) {
      const at = fieldsOf(above);
      const covers = keys.map((key) => toClient([...at, key], [])).filter((path) => path.length > 0);
      const whole = { covers, everyItem: at.length > 0 };
      const placeOf = (path: Path) => {
        const place = toClient([...at, ...path], renames);
        return place.length > 0 ? { covers: [place], everyItem: at.length > 0 } : whole;
      };
      return { faults: (service, answer) => faultsOf({ service, whole, placeOf }, answer) };
    },
    entities(waiting, tree) {
      const covers = waiting.flatMap(({ group }) => group.paths.map((path) => toClient(fieldsOf(path), [])));
      const whole = { covers, everyItem: true };
      const placeOf = ([alias, position, ...rest]: Path) => {
        const one = waiting.find(({ group }) => group.alias === alias);
        const targets = one && typeof position === "number" ? (one.entities[position] ?? []) : [];
        const places = targets.flatMap((entity) => {
          const at = one?.group.paths.map((path) => locate(tree, path, entity)).find((found) => found !== null);
          return at ? [toClient([...at, ...rest], one?.group.renames ?? [])] : [];
        });
        return places.length > 0 ? { covers: places, everyItem: false } : whole;
      };
      return { faults: (service, answer) => faultsOf({ service, whole, placeOf }, answer) };
    },
  };
}

const fieldsOf = (path: readonly PathPart[]): string[] => path.flatMap((part) => ("field" in part ? [part.field] : []));

type Place = Pick<Fault, "covers" | "everyItem">;
interface Placing {
  readonly service: string;
  readonly whole: Place;
  placeOf(path: Path): Place;
}

/** One fault an error with a path; one in all for those that say no place, or for a fetch that failed as a whole. */
function faultsOf({ service, whole, placeOf }: Placing, answer: SourceAnswer): Fault[] {
  if ("failed" in answer) return [fault({ code: answer.failed, service }, whole)];
  const faults: Fault[] = [];
  let isWholeTold = false;
  for (const error of answer.errors ?? []) {
    const path = isTree(error) && isPath(error["path"]) ? error["path"] : [];
    const place = placeOf(path);
    if (place === whole && isWholeTold) continue;
    isWholeTold ||= place === whole;
    faults.push(fault(failureOf(error, service), place));
  }
  return faults;
}

const fault = (failure: Failure, place: Place): Fault => {
  const [path] = place.covers;
  return { ...place, failure: path && path.length > 0 ? { ...failure, path } : failure };
};

const isPath = (value: unknown): value is Path =>
  Array.isArray(value) && value.every((part) => typeof part === "string" || typeof part === "number");

/** Codes of ours that a source may raise about a single field. */
const PASSED: ReadonlySet<unknown> = new Set<Code>([
  "BAD_USER_INPUT",
  "CONFLICT",
  "FORBIDDEN",
  "FIELD_NOT_GRANTED",
  "FIELD_PROHIBITED",
  "USE_NOT_GRANTED",
  "SUBGRAPH_TIMEOUT",
  "SUBGRAPH_UNAVAILABLE",
  "SUBGRAPH_INVALID_RESPONSE",
]);
/** What the asker can mend, or ask somebody else for. */
const EXPLAINED: ReadonlySet<unknown> = new Set<Code>(["BAD_USER_INPUT", "CONFLICT", "FORBIDDEN"]);
const COORDINATE = /^\w+\.\w+(\(\w+:\))?$/;

/** A source's own words never reach the client: a code of ours, our words for a daily limit, and for what the asker can mend the detail it declares safe. */
export function failureOf(error: unknown, service: string): Failure {
  const extensions = isTree(error) && isTree(error["extensions"]) ? error["extensions"] : {};
  const { code, detail, coordinate: named, limit } = extensions;
  const coordinate = typeof named === "string" && COORDINATE.test(named) ? { coordinate: named } : {};
  if (code === "QUOTA_EXCEEDED" && isDailyLimit(limit)) return limitReached(limit, { service, ...coordinate });
  if (!PASSED.has(code)) return { code: "SUBGRAPH_ERROR", service };
  return {
    code: code as Code,
    service,
    ...(EXPLAINED.has(code) && typeof detail === "string" && { detail }),
    ...coordinate,
  };
}
