import { type Checkpoint, parseCheckpoint } from "../checkpoint.ts";
import { isSignedNote, type Note, type NoteKey } from "../note.ts";
import type { Fault, FaultKind, Head } from "./findings.ts";

/** Whom a verifier trusts, and what it remembers. */
export interface Trust {
  readonly log: NoteKey;
  readonly witnesses: readonly NoteKey[];
  /** Checkpoints kept elsewhere: signed notes under names for the reader. */
  readonly kept: readonly { readonly name: string; readonly note: string }[];
}

export type State = Checkpoint & { readonly note: Note; readonly name: string };

/** One line of states, each compared with the records once they have come so far. */
export class States {
  readonly faults: Fault[] = [];
  /** Newest size that fits. */
  agreed = 0;
  /** Of those the newest that a trusted witness cosigned. */
  cosigned = 0;
  /** The first record after the newest state that fits. */
  private since: Head | null = null;
  private readonly trust: Trust;
  private readonly told = new Set<FaultKind>();

  constructor(trust: Trust) {
    this.trust = trust;
  }

  /** Says which record comes next. */
  passes(head: Head): void {
    this.since ??= head;
  }

  /** Reads a state; undefined, and a fault, when it is none. */
  read(name: string, note: string): State | undefined {
    try {
      return { ...parseCheckpoint(note), name };
    } catch {
      this.fault("FORGED", null, `${name} is no checkpoint`);
      return undefined;
    }
  }

  /** Compares a state with the root the records give at its size. Whether it is the log's own and fits. */
  reach(state: State, root: Uint8Array, kind: "REWRITTEN" | "FORKED"): boolean {
    if (!this.isSigned(state)) return false;
    if (!state.root.equals(root)) {
      const said =
        kind === "FORKED" ? "the log signed two different trees of this size" : "they do not give the root that was signed";
      this.fault(kind, state.size, `${said}: ${labelOf(state)}`);
      return false;
    }
    this.agreed = state.size;
    this.since = null;
    this.cosignatures(state);
    return true;
  }

  /** A state over more records than the `size` there are. */
  lacks(state: State, size: number): void {
    this.since = { index: size, receipt: null, at: null };
    if (this.isSigned(state)) this.fault("TRUNCATED", state.size, `${labelOf(state)} was signed, and ${size} records are there`);
  }

  /** The records end here. */
  end(size: number): void {
    if (this.agreed < size && this.faults.length === 0) this.fault("UNSIGNED", size, "no state signed by the log covers them");
  }

  private isSigned(state: State): boolean {
    const { log } = this.trust;
    const isSigned = state.origin === log.name && isSignedNote(state.note, log) === true;
    if (!isSigned) this.fault("FORGED", state.size, `${labelOf(state)} is not signed by the log`);
    return isSigned;
  }

  private cosignatures(state: State): void {
    const verdicts = this.trust.witnesses.map((witness) => isSignedNote(state.note, witness));
    if (verdicts.includes(true)) this.cosigned = state.size;
    if (verdicts.includes(false))
      this.fault("COSIGNATURE", null, `${labelOf(state)}: the cosignature of a known witness is wrong`);
  }

  /** The first of a kind says where it began; all that comes after follows from it. */
  private fault(kind: FaultKind, before: number | null, text: string): void {
    if (this.told.has(kind)) return;
    this.told.add(kind);
    this.faults.push({ kind, first: before === null ? null : this.since, before, text });
  }
}

const labelOf = ({ name, size }: State): string => `${name} of size ${size}`;

/** Kept states, smallest first. */
export const keptStates = (states: States, { kept }: Trust): State[] =>
  kept.flatMap(({ name, note }) => states.read(name, note) ?? []).sort((a, b) => a.size - b.size);
