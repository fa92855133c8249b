import type { SourceFact } from "./sources.ts";

export const CIRCUIT_STATES = ["closed", "half-open", "open"] as const;
export type CircuitState = (typeof CIRCUIT_STATES)[number];

/** Who had no room: one agreement, one source, or the whole hub. */
export type Shed = "agreement" | "source" | "hub";

/** What is loaded anew while the gateway runs. */
export type Reloaded = "supergraph" | "keys" | "certificates";

/**
 * What a gateway tells its operators of itself. Nothing here names a person, an agreement or a document: labels come from closed lists. MUST NOT throw and
 * MUST NOT wait.
 */
export interface Telemetry {
  /** One HTTP answer; `route` is a pattern of ours, never the address asked for. */
  answered(fact: { readonly route: string; readonly status: number; readonly ms: number }): void;
  /** One GraphQL operation; `outcome` is `ok`, `partial` or the code it was refused with. */
  operated(fact: { readonly type: "query" | "mutation" | "unknown"; readonly outcome: string; readonly ms: number }): void;
  /** Coordinates by what was decided of them. */
  decided(effects: Readonly<Record<"allow" | "transform" | "deny", number>>): void;
  fetched(fact: Pick<SourceFact, "service" | "outcome" | "ms">): void;
  circuit(fact: { readonly service: string; readonly state: CircuitState }): void;
  retried(service: string): void;
  shed(by: Shed): void;
  /** An entry became durable after so long. */
  recorded(ms: number): void;
  /** The certificate shown to subgraphs ends then, in milliseconds since 1970. */
  certificate(endsAt: number): void;
  reloaded(fact: { readonly what: Reloaded; readonly isGood: boolean }): void;
}

/** Tells nobody. */
export const SILENT: Telemetry = {
  answered: () => {},
  operated: () => {},
  decided: () => {},
  fetched: () => {},
  circuit: () => {},
  retried: () => {},
  shed: () => {},
  recorded: () => {},
  certificate: () => {},
  reloaded: () => {},
};
