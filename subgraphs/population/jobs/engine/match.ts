import type { CsvReject } from "../../matching/csv/read.ts";
import { readCsv } from "../../matching/csv/read.ts";
import type { CsvRow } from "../../matching/csv/row.ts";
import type { Opened } from "../../matching/linkage/linkage.ts";
import { NOBODY, PLAIN_SEARCH, RowLinker, type Search } from "../../matching/linkage/rowLinker.ts";
import type { Model } from "../../matching/model/model.ts";
import { once } from "../upload/head.ts";
import type { Mapping } from "../upload/mapping.ts";
import { CopyLines } from "./copyLines.ts";
import { type ReadRow, rowReader } from "./reading.ts";
import { bitOf, Reasons } from "./reasons.ts";
import { PERSON_STATES, type Snapshot } from "./register.ts";

/** Everything that decides about a row of one job. */
export interface Judging {
  /** See Job: whether it may be told that a number is somebody's whom the row does not know otherwise. */
  readonly tellsExistence: boolean;
  readonly mapping: Mapping;
  readonly model: Model;
  /** Bits an automatic match needs. */
  readonly threshold: number;
}

export interface Part {
  readonly bytes: Uint8Array;
  readonly firstLine: number;
  /** The part begins with the file's header. */
  readonly hasHeader: boolean;
}

/** A line that is no row, as it is stored. */
export interface Reject {
  readonly line: number;
  readonly reason: string;
  readonly column: string | null;
  /** The line's beginning, 200 bytes at most; what is no text in it is U+FFFD. */
  readonly raw: string;
}

export interface Matched {
  /** For COPY into RESULT_COLUMNS without the job; a line a row. */
  readonly lines: Uint8Array;
  readonly rejects: readonly Reject[];
  readonly rows: number;
}

/**
 * Levels of the name, or of the birth date, without which nothing is automatic: a number alone proves nothing (matching.md §2), and a model
 * learned from a file whose name column has slipped would believe that it does.
 */
const LEAST_NAME = 3;
const LEAST_BIRTH = 4;
/** Levels from which a mother's name, or a family card, is the person's. */
const KNOWN_MOTHER = 6;
const KNOWN_CARD = 3;
const RAW_BYTES = 200;
const ALONE = 99;

/** Matches the rows of a part of a file; one object a thread and job. What it says of a row depends on that row and the job alone. */
export class Matcher {
  readonly #snapshot: Snapshot;
  readonly #opened: Opened;
  readonly #judging: Judging;
  readonly #linker: RowLinker;
  readonly #read: ReadRow;
  readonly #reasons: Reasons;
  readonly #cells: Int32Array;
  readonly #nikFields: readonly number[];
  readonly #idField: number;
  /** Positions of comparisons. */
  readonly #at: Readonly<Record<"name" | "birth" | "mother" | "familyCard", number>>;
  readonly #search: Search;
  readonly #lines = new CopyLines();

  constructor(snapshot: Snapshot, opened: Opened, judging: Judging) {
    const { mapping, model } = judging;
    this.#snapshot = snapshot;
    this.#opened = opened;
    this.#judging = judging;
    this.#linker = new RowLinker({ ...snapshot.register, model }, opened);
    this.#read = rowReader(opened, mapping);
    this.#reasons = new Reasons(snapshot.register, opened);
    this.#cells = new Int32Array(opened.frame.layout.width);
    const position = (column: string) => opened.functions.comparisons.findIndex(({ name }) => name === column);
    this.#at = {
      name: position("name"),
      birth: position("birth"),
      mother: position("mother"),
      familyCard: position("familyCard"),
    };
    this.#search = judging.tellsExistence ? PLAIN_SEARCH : { ...PLAIN_SEARCH, isAbsent: (levels) => !this.#isKnown(levels) };
    const nik = mapping.columns.find(({ column }) => column === "nik")?.headers ?? [];
    this.#nikFields = nik.map((header) => mapping.header.indexOf(header));
    this.#idField = mapping.rowId === null ? -1 : mapping.header.indexOf(mapping.rowId);
  }

  async match(part: Part): Promise<Matched> {
    let rows = 0;
    const rejects: Reject[] = [];
    const { header, delimiter } = this.#judging.mapping;
    const whole = part.hasHeader ? {} : { part: { columns: header, firstLine: part.firstLine } };
    const onReject = ({ line, reason, column, raw }: CsvReject) =>
      void rejects.push({ line, reason, column, raw: beginningOf(raw) });
    await readCsv(once(part.bytes), { delimiter, onReject, ...whole }, (row) => {
      makeRoom(this.#opened);
      this.#judge(row);
      this.#lines.endRow();
      rows += 1;
    });
    return { lines: this.#lines.take(), rejects, rows };
  }

  #judge(row: CsvRow): void {
    const cells = this.#cells;
    this.#read(row, cells, 0);
    const [nik] = this.#nikFields;
    const isGiven = nik !== undefined && (row.starts[nik] as number) < (row.ends[nik] as number);
    const reasons = this.#reasons.ofNik(cells, 0, isGiven);
    const id = this.#idField;
    this.#lines.fixed(row.line, 0);
    if (id < 0) this.#lines.fixed(row.line, 0);
    else this.#lines.text(row.bytes, row.starts[id] as number, row.ends[id] as number);
    const exact = this.#linker.exact(cells, 0);
    if (exact === NOBODY) this.#fuzzy(reasons);
    else this.#exact(exact, reasons);
  }

  #exact(person: number, reasons: number): void {
    const { levels, scorer } = this.#linker;
    const explained = reasons | this.#reasons.ofPerson(person, this.#cells, { at: 0, of: levels, isExact: true });
    const weight = scorer.weight(levels, 0, person);
    this.#write(this.#statusOf(person), person, { weight, margin: ALONE, reasons: explained });
  }

  #fuzzy(reasons: number): void {
    const cells = this.#cells;
    const { row, weight, margin, capped } = this.#linker.search(cells, 0, this.#search);
    const { review, margin: least } = this.#opened.frame.spec.decision;
    const holder = this.#judging.tellsExistence ? this.#reasons.holder(cells, 0) : NOBODY;
    const isLikely = row !== NOBODY && probabilityOf(weight) >= review && !this.#isContradicted(row === holder);
    let bits = reasons | (capped === 0 ? 0 : bitOf("BLOCK_CAPPED"));
    if (holder !== NOBODY && (!isLikely || holder !== row)) bits |= bitOf("NIK_OF_OTHER_PERSON");
    if (!isLikely) {
      this.#write(holder === NOBODY ? "NOT_FOUND" : "ANOMALY", NOBODY, { weight, margin, reasons: bits });
      return;
    }
    bits |= this.#reasons.ofPerson(row, cells, { at: 0, of: this.#linker.levels, isExact: false });
    if (margin < least) bits |= bitOf("SEVERAL_CANDIDATES");
    const isAutomatic = weight >= this.#judging.threshold && margin >= least && this.#isBorneOut();
    this.#write(isAutomatic ? this.#statusOf(row) : "NOT_YET_MATCHED", row, { weight, margin, reasons: bits });
  }

  /** Whether name or birth date of the best candidate fit. */
  #isBorneOut(): boolean {
    const { levels } = this.#linker;
    return (levels[this.#at.name] as number) >= LEAST_NAME || (levels[this.#at.birth] as number) >= LEAST_BIRTH;
  }

  /** Whether the best candidate only holds the row's number, and name or birth date are given and do not fit. */
  #isContradicted(isHolder: boolean): boolean {
    const { levels } = this.#linker;
    return isHolder && !this.#isBorneOut() && (levels[this.#at.name] as number) + (levels[this.#at.birth] as number) > 0;
  }

  /**
   * Whether a row knows somebody by more than a NIK holds, as in matching/verify. To who may not ask whether a number is anybody's, others are
   * absent: else every invented number, or one near a real one, would be answered, if only by the margin to somebody known.
   */
  #isKnown(levels: Uint8Array): boolean {
    const { name, mother, familyCard } = this.#at;
    return (
      (levels[name] as number) >= LEAST_NAME ||
      (levels[mother] as number) >= KNOWN_MOTHER ||
      (levels[familyCard] as number) >= KNOWN_CARD
    );
  }

  #statusOf(person: number): Status {
    return PERSON_STATES[this.#snapshot.states[person] as number] ?? "MATCHED";
  }

  /** Status, candidate, weight, margin, probability, reasons and levels: nothing of a value. */
  #write(status: Status, person: number, { weight, margin, reasons }: Weighed): void {
    const lines = this.#lines.word(STATUS_WORDS[status]);
    if (person === NOBODY) return void lines.nothing().nothing().nothing().nothing().fixed(reasons, 0).nothing();
    lines
      .hex(this.#snapshot.ids, person * 16, person * 16 + 16)
      .fixed(weight, 3)
      .fixed(margin, 3);
    lines.fixed(probabilityOf(weight), 6).fixed(reasons, 0).binary(this.#linker.levels);
  }
}

type Status = "MATCHED" | "DECEASED" | "INACTIVE" | "NOT_YET_MATCHED" | "ANOMALY" | "NOT_FOUND";
const word = (text: string) => new TextEncoder().encode(text);
const STATUS_WORDS: Readonly<Record<Status, Uint8Array>> = {
  MATCHED: word("MATCHED"),
  DECEASED: word("DECEASED"),
  INACTIVE: word("INACTIVE"),
  NOT_YET_MATCHED: word("NOT_YET_MATCHED"),
  ANOMALY: word("ANOMALY"),
  NOT_FOUND: word("NOT_FOUND"),
};

interface Weighed {
  readonly weight: number;
  readonly margin: number;
  readonly reasons: number;
}

/** Columns of `match.result` that a line fills, behind the job's number. */
export const RESULT_COLUMNS = [
  "line",
  "row_id",
  "status",
  "candidate",
  "weight",
  "margin",
  "probability",
  "reasons",
  "levels",
] as const;

function beginningOf(raw: Uint8Array): string {
  let text = new TextDecoder().decode(raw.subarray(0, RAW_BYTES)).replaceAll("\0", "\uFFFD");
  while (Buffer.byteLength(text) > RAW_BYTES) text = text.slice(0, -1);
  return text;
}

const probabilityOf = (weight: number): number => 1 / (1 + 2 ** -weight);

/** Words of earlier rows are of no use to the next: forgotten before there is no room for new ones. */
function makeRoom({ lexica }: Opened): void {
  for (const lexicon of lexica.values()) if (lexicon.room < ROOM) lexicon.forget();
}
/** New words of one row at most. */
const ROOM = 16;
