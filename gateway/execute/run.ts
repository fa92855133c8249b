import type { Fault, Planned } from "../types/chain.ts";
import type { Entities, EntityGroup, Fetch, RootFields } from "../types/plan.ts";
import type { SourceAnswer, SourceFact, Transport } from "../types/sources.ts";
import { createFaultWriter, type FaultWriter } from "./faults.ts";
import { applyRenames } from "./renames.ts";
import { representationsOf } from "./representation.ts";
import { collect, copy, isTree, merge, type Tree } from "./tree.ts";

/** Aborted by nobody: a mutation finishes even when its client has left. */
const NEVER = new AbortController().signal;

/** Representations of one variable: each text once. */
interface Representations {
  readonly positions: Map<string, number>;
  readonly texts: string[];
}

/** The entities that wait for each representation of one group. */
export interface Waiting {
  readonly group: EntityGroup;
  readonly entities: Tree[][];
}

/** One question on its way through the sources. Holds the only mutable state of the stage. */
export class Run {
  readonly tree: Tree = {};
  readonly faults: Fault[] = [];
  readonly fetches: SourceFact[] = [];
  private readonly planned: Planned;
  private readonly transport: Transport;
  private readonly signal: AbortSignal;
  private readonly isAct: boolean;
  private writer: FaultWriter | null = null;

  constructor(planned: Planned, transport: Transport) {
    this.planned = planned;
    this.transport = transport;
    this.isAct = planned.reading.operation.operation === "mutation";
    this.signal = this.isAct ? NEVER : (planned.signal ?? NEVER);
  }

  /** Each as soon as those it waits for have been answered. */
  async all(fetches: readonly Fetch[]): Promise<void> {
    const done: Promise<void>[] = [];
    for (const fetch of fetches) {
      const waits = fetch.waits.map((at) => done[at]);
      done.push(waits.length === 0 ? this.fetch(fetch) : Promise.all(waits).then(() => this.fetch(fetch)));
    }
    await Promise.all(done);
  }

  private fetch(fetch: Fetch): Promise<void> {
    return fetch.what.kind === "root" ? this.root(fetch, fetch.what) : this.entities(fetch, fetch.what);
  }

  private async root(fetch: Fetch, { path, keys, renames }: RootFields): Promise<void> {
    const targets = collect(this.tree, path);
    if (targets.length === 0) return;
    const answer = await this.send(fetch, this.variables(fetch));
    const data = "failed" in answer ? null : answer.data;
    if (isTree(data)) {
      forget(data, answer);
      applyRenames(data, renames);
      mergeInto(targets, data);
    }
    const isReadable = isTree(data) || (data == null && hasErrors(answer));
    this.report({ fetch, answer, isReadable }, (write) => write.root({ path, keys, renames }));
  }

  private async entities(fetch: Fetch, { groups }: Entities): Promise<void> {
    const lists = new Map<string, Representations>();
    const waiting = groups.map((group) => this.gather(group, lists));
    const filled = [...lists].map(([name, { texts }]) => `${JSON.stringify(name)}:[${texts.join()}]`);
    if ([...lists.values()].every(({ texts }) => texts.length === 0)) return;
    const answer = await this.send(fetch, [...this.variables(fetch, lists), ...filled]);
    const data = "failed" in answer ? null : answer.data;
    if (isTree(data)) {
      forget(data, answer);
      for (const one of waiting) deliver(data, one);
    }
    const isWhole = isTree(data) && groups.every(({ alias }) => Array.isArray(data[alias]));
    this.report({ fetch, answer, isReadable: isWhole || hasErrors(answer) }, (write) => write.entities(waiting, this.tree));
  }

  private gather(group: EntityGroup, lists: Map<string, Representations>): Waiting {
    const list = lists.get(group.variable) ?? { positions: new Map<string, number>(), texts: [] };
    lists.set(group.variable, list);
    const entities: Tree[][] = [];
    const written = representationsOf(group);
    for (const entity of group.paths.flatMap((path) => collect(this.tree, path))) {
      const text = written(entity);
      if (text === null) continue;
      const position = positionOf(text, list);
      const waiting = entities[position];
      if (waiting) waiting.push(entity);
      else entities[position] = [entity];
    }
    return { group, entities };
  }

  /** Members of the JSON object of variables: only what this fetch uses, only what has a value. */
  private variables({ variables }: Fetch, own?: ReadonlyMap<string, unknown>): string[] {
    return variables.flatMap((name) => {
      const { coerced } = this.planned;
      const value = own?.has(name) || !Object.hasOwn(coerced, name) ? undefined : coerced[name];
      return value === undefined ? [] : [`${JSON.stringify(name)}:${JSON.stringify(value)}`];
    });
  }

  private async send(fetch: Fetch, members: readonly string[]): Promise<SourceAnswer> {
    const { deadline, context, coerced, trail } = this.planned;
    const { service, url } = fetch.source;
    const coordinates = fetch.coordinates(coerced);
    const body = members.length > 0 ? `${fetch.prefix},"variables":{${members.join()}}}` : `${fetch.prefix}}`;
    const from = performance.now();
    const { isAct: isFresh, signal } = this;
    const leg = trail?.leg(service);
    const traceparent = leg?.traceparent;
    const call = {
      service,
      url,
      body,
      idempotent: fetch.idempotent,
      isFresh,
      coordinates,
      deadline,
      context,
      traceparent,
      signal,
    };
    // A transport never rejects; one that does must cost its own part of the answer only.
    const answer = await this.transport
      .send(call)
      .catch((): SourceAnswer => ({ failed: "SUBGRAPH_UNAVAILABLE", detail: "transport" }));
    const outcome = "failed" in answer ? answer.failed : hasErrors(answer) ? "errors" : "ok";
    leg?.end(outcome);
    const isUnsent = "failed" in answer && answer.isUnsent === true;
    this.fetches.push({ service, coordinates, outcome, ms: performance.now() - from, ...(isUnsent && { isUnsent }) });
    return answer;
  }

  private report(
    { fetch, answer, isReadable }: { fetch: Fetch; answer: SourceAnswer; isReadable: boolean },
    placed: (writer: FaultWriter) => ReturnType<FaultWriter["root"]>,
  ): void {
    if (isReadable && !hasErrors(answer)) return;
    this.writer ??= createFaultWriter(this.planned);
    const places = placed(this.writer);
    this.faults.push(...places.faults(fetch.source.service, isReadable ? answer : unreadable(answer)));
  }
}

function positionOf(text: string, { positions, texts }: Representations): number {
  const known = positions.get(text);
  if (known !== undefined) return known;
  const position = texts.push(text) - 1;
  positions.set(text, position);
  return position;
}

const hasErrors = (answer: SourceAnswer): boolean =>
  !("failed" in answer) && Array.isArray(answer.errors) && answer.errors.length > 0;

/** A null that stands for an error is no value: whoever computes from it would be told that there is none. */
function forget(data: Tree, answer: SourceAnswer): void {
  for (const error of ("failed" in answer ? null : answer.errors) ?? [])
    if (isTree(error) && Array.isArray(error["path"])) forgetAt(data, error["path"]);
}

function forgetAt(data: unknown, [key, ...below]: readonly unknown[]): void {
  if (typeof key === "number" && Array.isArray(data)) forgetAt(data[key], below);
  else if (typeof key !== "string" || !isTree(data) || !Object.hasOwn(data, key)) return;
  else if (data[key] === null) delete data[key];
  else forgetAt(data[key], below);
}

const unreadable = (answer: SourceAnswer): SourceAnswer =>
  "failed" in answer ? answer : { failed: "SUBGRAPH_INVALID_RESPONSE", detail: "neither data nor errors" };

function deliver(data: Tree, { group, entities }: Waiting): void {
  const found = data[group.alias];
  if (!Array.isArray(found)) return;
  applyRenames(found, group.renames);
  entities.forEach((waiting, position) => {
    const entity: unknown = found[position];
    if (isTree(entity)) mergeInto(waiting, entity);
  });
}

/** Copies first: merging hands over what hangs below by reference. */
function mergeInto(targets: readonly Tree[], data: Tree): void {
  const copies = targets.map((_, index) => (index === 0 ? data : copy(data)));
  targets.forEach((target, index) => void merge(target, copies[index] ?? {}));
}
