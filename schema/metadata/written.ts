import { readFileSync } from "node:fs";
import { RETENTIONS, type Retention, TIME_REFERENCES, type TimeReference } from "./texts.ts";
import { isUnit, type UnitCode } from "./units.ts";
import { FREQUENCIES, type Frequency } from "./words.ts";

/** What of an element no schema says; what is absent is as its type has it, and there as its slice. */
export interface WrittenElement {
  /** In Indonesian. Of a type that several slices have: whoever writes it owns the type, and its SDL says what it means. */
  readonly definition?: string;
  readonly producer?: string;
  readonly legalBasis?: string;
  readonly frequency?: Frequency;
  readonly retention?: Retention;
  readonly timeReference?: TimeReference;
  readonly since?: string;
}

/** A slice's metadata.json. */
export interface WrittenSlice extends Required<Omit<WrittenElement, "definition" | "producer">> {
  /** By type, or by coordinate of a field. */
  readonly elements: Readonly<Record<string, WrittenElement>>;
  /** Of numbers whose name does not tell it, by coordinate. */
  readonly units: Readonly<Record<string, UnitCode>>;
}

export interface Written {
  readonly slices: Readonly<Record<string, WrittenSlice>>;
  /** Agency that controls each slice. */
  readonly controllers: Readonly<Record<string, string>>;
}

const json = (name: string) => JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8"));

/** What the slices of this code have written. */
export const ownWritten = (): Written => ({
  slices: json("written.json") as Written["slices"],
  controllers: json("../controllers.json") as Written["controllers"],
});

/** Of a slice that wrote nothing. */
export const UNWRITTEN: WrittenSlice = {
  ...{ legalBasis: "Perpres 39/2019", frequency: "IRREGULAR", retention: "PRODUCER_SCHEDULE", timeReference: "AS_ASKED" },
  ...{ since: "2026-11-21", elements: {}, units: {} },
};

/** Words a metadata.json uses and nobody knows, as sentences. */
export function writtenFaults(slice: string, { elements, units, ...own }: WrittenSlice): string[] {
  const told = (where: string, word: string, known: boolean) =>
    known ? [] : [`${slice}: ${where} has the unknown word ${word}`];
  const ofElement = ([name, said]: readonly [string, WrittenElement]) => [
    ...(said.frequency ? told(name, said.frequency, FREQUENCIES.includes(said.frequency)) : []),
    ...(said.retention ? told(name, said.retention, Object.hasOwn(RETENTIONS, said.retention)) : []),
    ...(said.timeReference ? told(name, said.timeReference, Object.hasOwn(TIME_REFERENCES, said.timeReference)) : []),
  ];
  return [
    ...ofElement(["itself", own]),
    ...Object.entries(elements).flatMap(ofElement),
    ...Object.entries(units).flatMap(([coordinate, unit]) => told(coordinate, unit, isUnit(unit))),
  ];
}
