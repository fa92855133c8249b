import type { Published } from "../../../drizzle/policy/ground.ts";
import { controllersOf } from "../../../schema/policy/insight/ground.ts";
import type { FileSubjectRequestInput, SubjectRequestKind } from "../generated.ts";

const MAX_TEXT = 2000;

/** What a data subject asks for, in one form. */
export interface Wish {
  readonly kind: SubjectRequestKind;
  readonly statement: string;
  readonly coordinate: string | null;
  readonly correction: string | null;
  readonly purposeCode: string | null;
}

export const wishOf = ({ kind, statement, coordinate, correction, purpose }: FileSubjectRequestInput): Wish => ({
  kind,
  statement: statement.trim(),
  coordinate: coordinate ?? null,
  correction: correction?.trim() ?? null,
  purposeCode: purpose ?? null,
});

/** Every fault of a wish, each naming its field and never repeating what it says. Its purpose is looked up by who knows purposes. */
export function faultsOf({ kind, statement, coordinate, correction, purposeCode }: Wish, { catalogue }: Published): string[] {
  const entry = catalogue.entries.get(coordinate ?? "");
  const isUnknown = entry?.kind !== "output" || entry.classes.some((data) => data.class === "ADMINISTRATION");
  return [
    ...textFaults("statement", statement),
    ...(coordinate !== null && isUnknown ? ["coordinate: there is no such output"] : []),
    ...pairFaults("correction", correction, kind === "CORRECTION"),
    ...(correction === null ? [] : textFaults("correction", correction)),
    ...pairFaults("purpose", purposeCode, kind === "WITHDRAWAL"),
  ];
}

// A NIK may stand in them: it may be what is wrong.
const textFaults = (field: string, { length }: string): string[] =>
  length < 1 || length > MAX_TEXT ? [`${field}: must have 1 to ${MAX_TEXT} characters`] : [];

function pairFaults(field: string, value: string | null, isNeeded: boolean): string[] {
  if (isNeeded === (value !== null)) return [];
  return [isNeeded ? `${field}: is needed for this kind of request` : `${field}: does not belong to this kind of request`];
}

/**
 * The agency that must answer: the controller of the coordinate. Where none is named, or several control it: for a CORRECTION who controls the
 * population register, else who controls the welfare registry.
 */
export function controllerOf({ kind, coordinate }: Pick<Wish, "kind" | "coordinate">, published: Published): string {
  const owners = coordinate === null ? [] : controllersOf(published, coordinate).sort();
  const usual = published.controllers[kind === "CORRECTION" ? "population" : "welfare"];
  const chosen = usual !== undefined && (owners.length === 0 || owners.includes(usual)) ? usual : owners[0];
  if (chosen === undefined)
    throw new Error("no agency controls population and welfare: the schema is published without its controllers");
  return chosen;
}
