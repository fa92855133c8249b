import type { Code } from "../../../schema/errors.ts";
import { Refusal } from "../../../schema/errors.ts";
import type { Incoming, Known, Permitted, Shown } from "../../types/chain.ts";
import { SILENT, type Telemetry } from "../../types/telemetry.ts";

/** What an agreement does not open is an answer like any other: nothing went wrong. */
const DENIALS: ReadonlySet<Code> = new Set(["FIELD_NOT_GRANTED", "FIELD_PROHIBITED", "USE_NOT_GRANTED"]);

/** One operation, as operators are told of it: what kind it was, how it ended and how long that took. */
export class Operation {
  private readonly request: Incoming;
  private readonly telemetry: Telemetry;
  private readonly startedAt = performance.now();
  private type: "query" | "mutation" | "unknown" = "unknown";

  constructor(request: Incoming, telemetry: Telemetry = SILENT) {
    this.request = request;
    this.telemetry = telemetry;
  }

  /** It is planned, and asked of the sources now. Returns what it was given. */
  asks<Q extends Permitted>(planned: Q): Q {
    const { operation } = planned.reading.operation;
    if (operation !== "subscription") this.type = operation;
    this.request.trail?.enters("execute");
    return planned;
  }

  /** It is masked, and goes on record now. Returns what it was given. */
  shows(shown: Shown): Shown {
    this.request.trail?.enters("record");
    return shown;
  }

  answered({ errors, shown, transformed, denied }: Shown): void {
    this.telemetry.decided({ allow: shown.length, transform: transformed.length, deny: denied.length });
    this.ended(errors.every(({ code }) => DENIALS.has(code)) ? "ok" : "partial");
  }

  /** Returns what it was given. */
  refused<E>(error: E): E {
    this.ended(error instanceof Refusal ? (error.failures[0]?.code ?? "INTERNAL_SERVER_ERROR") : "INTERNAL_SERVER_ERROR");
    return error;
  }

  private ended(outcome: string): void {
    this.telemetry.operated({ type: this.type, outcome, ms: performance.now() - this.startedAt });
  }
}

/** Tells the trail what kind of operation it is; its name only where somebody wrote it who was trusted to. Returns what it was given. */
export function read<Q extends Known & Permitted>(permitted: Q): Q {
  const { operation, name } = permitted.reading.operation;
  const isTrusted = permitted.documentId !== null || permitted.isErrand === true;
  permitted.trail?.reads({ type: operation, name: isTrusted ? (name?.value ?? null) : null });
  permitted.trail?.enters("plan");
  return permitted;
}
