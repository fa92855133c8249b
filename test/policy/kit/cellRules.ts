import type { DecisionTable } from "../../../schema/policy/decisionTable.ts";
import type { Use } from "../../../schema/policy/words.ts";
import type { Catalogue, CatalogueEntry } from "../../../schema/sdl/catalogue.ts";
import { type Cell, rowsAbout } from "./cells.ts";
import type { SeededAgreement } from "./seeded.ts";

/** What rules look at beside the cell. */
export interface Context {
  readonly agreement: SeededAgreement;
  readonly table: DecisionTable;
  readonly catalogue: Catalogue;
}
/** A sentence about cells: where it applies, and whether it is kept. */
interface Rule {
  readonly applies: (cell: Cell, context: Context) => boolean;
  readonly holds: (cell: Cell, context: Context) => boolean;
}

const NEEDING_THE_VALUE: ReadonlySet<Use> = new Set(["FILTER", "SORT", "GROUP"]);
const AGGREGATES_ONLY = new Set(["HEALTH", "BIOMETRIC", "GENETIC", "CRIME"]);

const isField = ({ entry, use }: Cell) => entry.kind === "output" && use === "OUTPUT";
const isUse = ({ entry, use }: Cell) => entry.kind === "output" && use !== "OUTPUT";
const isOpen = ({ verdict }: Cell) => verdict.effect === "allow";
const isShut = ({ verdict }: Cell) => verdict.effect === "deny";
const sourceOf = ({ bandOf, claimOf }: CatalogueEntry, { catalogue }: Context) => catalogue.entries.get(bandOf ?? claimOf ?? "");
const about = ({ entry, use }: Cell, { agreement }: Context) => rowsAbout(agreement.rows, entry, use);
const isDenied = (cell: Cell, context: Context) => about(cell, context).some(({ effect }) => effect === "deny");
const isPinned = ({ entry }: Cell, { agreement }: Context) => agreement.pinned.has(entry.coordinate);
const hasClass = ({ entry }: Cell, test: (data: CatalogueEntry["classes"][number]) => boolean) => entry.classes.some(test);
const isSensitive = (cell: Cell) =>
  hasClass(cell, ({ class: name, topic }) => name === "ADMINDUK_84" || AGGREGATES_ONLY.has(topic ?? ""));

/** As what a subject with a flag is judged: a child, and somebody with a disability or in need that is a stigma. */
const RISEN = [
  { class: "SPECIFIC", topic: "CHILD" },
  { class: "SPECIFIC", topic: null },
] as const;

/** Whether the rows show the field plain of every subject: also where the subject makes it specific, and wherever the row lies. */
function isPlainOfAll(entry: CatalogueEntry, context: Context): boolean {
  const { agreement, table, catalogue } = context;
  const [type = ""] = entry.coordinate.split(".");
  const hasFlags = catalogue.rowPlaces.get(type)?.flags != null && !entry.isStatistics;
  const isRising = hasFlags && entry.classes.some((data) => data.class !== "PUBLIC");
  const source = sourceOf(entry, context) ?? entry;
  const openers = source === entry ? ["allow"] : ["allow", entry.bandOf === null ? "claim" : "band"];
  const ofFlagged = (isRising ? RISEN : []).map((data) => rowsAbout(agreement.rows, { ...source, classes: [data] }, "OUTPUT"));
  const isEverywhere = [rowsAbout(agreement.rows, source, "OUTPUT"), ...ofFlagged].flat().every(({ home }) => home === null);
  const isOfFlagged = ofFlagged.every((rows) => rows.length > 0 && rows.every(({ effect }) => openers.includes(effect)));
  return table.verdict(entry.coordinate).effect === "allow" && isEverywhere && isOfFlagged;
}

/** Whether a use of a field is open, from the rows and what the field shows. */
function mayUse(field: string, use: Use, context: Context): boolean {
  const entry = context.catalogue.entries.get(field);
  if (!entry || !context.agreement.pinned.has(field)) return false;
  const rows = rowsAbout(context.agreement.rows, entry, use);
  const isGranted = rows.length > 0 && rows.every(({ effect }) => effect === "allow");
  return isGranted && (!NEEDING_THE_VALUE.has(use) || isPlainOfAll(entry, context));
}

/** The model in sentences, each said of the rows alone. */
export const RULES: Readonly<Record<string, Rule>> = {
  "no row → not granted": {
    applies: (cell, context) => isField(cell) && !sourceOf(cell.entry, context) && about(cell, context).length === 0,
    holds: ({ verdict }) => verdict.effect === "deny" && verdict.code === "FIELD_NOT_GRANTED",
  },
  "not pinned when it was submitted → not granted": {
    applies: (cell, context) => isField(cell) && !isPinned(cell, context),
    holds: ({ verdict }) => verdict.effect === "deny" && verdict.code === "FIELD_NOT_GRANTED",
  },
  "one prohibition → prohibited, whatever else is granted": {
    applies: (cell, context) => isField(cell) && isPinned(cell, context) && isDenied(cell, context),
    holds: ({ verdict }) => verdict.effect === "deny" && verdict.code === "FIELD_PROHIBITED",
  },
  "art. 84 of UU 24/2013 and health are never shown, masked or as pseudonym": {
    applies: (cell) => isField(cell) && isSensitive(cell) && !cell.entry.isStatistics,
    holds: isShut,
  },
  "every row allows, and the law lets its classes → plain": {
    applies: (cell, context) =>
      isField(cell) &&
      isPinned(cell, context) &&
      !sourceOf(cell.entry, context) &&
      !isSensitive(cell) &&
      about(cell, context).length > 0 &&
      about(cell, context).every(({ effect }) => effect === "allow"),
    holds: isOpen,
  },
  "a row less than plain → not plain, unless a reason widens past it": {
    applies: (cell, context) =>
      isField(cell) &&
      !cell.entry.isStatistics &&
      about(cell, context).some(({ effect }) => effect !== "allow") &&
      !about(cell, context).some(({ widenReason }) => widenReason !== null),
    holds: (cell) => !isOpen(cell),
  },
  "figures are plain wherever anything of them is granted": {
    applies: (cell, context) =>
      isField(cell) &&
      cell.entry.isStatistics &&
      isPinned(cell, context) &&
      about(cell, context).length > 0 &&
      !isDenied(cell, context),
    holds: isOpen,
  },
  "what is masked or a pseudonym is text": {
    applies: (cell) => cell.verdict.effect === "transform",
    holds: ({ entry }) => ["String", "ID"].includes(entry.type),
  },
  "a band or claim is open exactly where its source is plain or closed by just that": {
    applies: (cell, context) => isField(cell) && sourceOf(cell.entry, context) !== undefined,
    holds: (cell, context) => {
      const source = sourceOf(cell.entry, context);
      const opener = cell.entry.bandOf === null ? "claim" : "band";
      const rows = source ? rowsAbout(context.agreement.rows, source, "OUTPUT") : [];
      const isPlain = context.table.verdict(source?.coordinate ?? "").effect === "allow";
      return (
        isOpen(cell) ===
        (isPlain || (rows.some(({ effect }) => effect === opener) && !rows.some(({ effect }) => effect === "deny")))
      );
    },
  },
  "a use of a field is open exactly with its own row, pinned, and to filter, sort or group only where it is plain of all": {
    applies: isUse,
    holds: (cell, context) => isOpen(cell) === mayUse(cell.entry.coordinate, cell.use, context),
  },
  "an input is open exactly when every use it stands for is, and it was pinned": {
    applies: ({ entry, use }) => entry.kind !== "output" && use === "OUTPUT" && entry.guards.length > 0,
    holds: (cell, context) =>
      isOpen(cell) === (isPinned(cell, context) && cell.entry.guards.every(({ field, use }) => mayUse(field, use, context))),
  },
  "of an input each use is judged alone": {
    applies: ({ entry, use }) => entry.kind !== "output" && use !== "OUTPUT",
    holds: (cell, context) =>
      isOpen(cell) === cell.entry.guards.every(({ field, use }) => use !== cell.use || mayUse(field, use, context)),
  },
  "an input that guards nothing follows its field": {
    applies: ({ entry }) => entry.kind !== "output" && entry.guards.length === 0,
    holds: isOpen,
  },
};
