import { isLoopback } from "../../../../schema/settings.ts";
import type { BorderRequest, BorderRoute, DescribedOperation } from "../../../types/border.ts";
import type { HttpAnswer } from "../../../types/chain.ts";
import type { BorderTools } from "../../routes.ts";
import { SCHEMAS } from "../openapi.ts";
import { addressOf, type Facade, type RegistryName } from "../types.ts";
import { startCourier, startSweeper } from "./courier.ts";
import { doorOf } from "./doors.ts";
import { sealBy } from "./seal.ts";
import { Transactions } from "./store.ts";

const REGISTRIES: readonly RegistryName[] = ["sr", "ibr"];
type DoorName = Parameters<typeof doorOf>[0];

interface Address {
  readonly door: DoorName;
  readonly path: `/registry/${string}`;
  readonly name: string;
  readonly summary: string;
}

const ADDRESSES: readonly Address[] = [
  {
    ...{ door: "search", path: "/registry/search", name: "SearchLater" },
    summary: "Pencarian dengan jawaban menyusul / Search that is answered by callback or fetched by its status",
  },
  {
    ...{ door: "subscribe", path: "/registry/subscribe", name: "Subscribe" },
    summary: "Berlangganan peristiwa / Subscribe to events",
  },
  {
    ...{ door: "unsubscribe", path: "/registry/unsubscribe", name: "Unsubscribe" },
    summary: "Berhenti berlangganan / Unsubscribe",
  },
  {
    ...{ door: "txn-status", path: "/registry/txn/status", name: "StatusLater" },
    summary: "Status transaksi dengan jawaban menyusul / Status of a transaction, by callback",
  },
  {
    ...{ door: "sync", path: "/registry/sync/txn/status", name: "Status" },
    summary: "Status transaksi / Status of a transaction",
  },
];

/** The addresses whose answers come later, and the work behind them, until the gateway closes. */
export function laterRoutes(
  facade: Facade,
  key: string,
  { current, config, log, ...tools }: BorderTools,
): readonly BorderRoute[] {
  const { host, webhookRetryMs: retryMs, webhookAttempts: attempts } = config;
  const isDev = config.env === "dev";
  const store = storeOf({ config, ...tools });
  const later = { facade, store, seal: sealBy(key), isLocal: isDev && isLoopback(host) };
  const courier = startCourier({ ...later, isDev, hold: current.hold, log, retryMs, attempts });
  tools.atStop(() => courier.close());
  const doors = current.by<[RegistryName, DoorName], HttpAnswer>(
    (hub) => (request, registry, door) => doorOf(door, later, hub)(request, registry),
  );
  return REGISTRIES.flatMap((registry) =>
    ADDRESSES.map((address) => ({
      method: "POST" as const,
      path: addressOf(registry, address.path),
      describes: describedBy(address, registry),
      schemas: { ...SCHEMAS, ...LATER },
      answer: ({ asked }: BorderRequest) => doors(asked, registry, address.door),
    })),
  );
}

/** Where the standard is not spoken, or no longer: what waited for its answer still ends in time. */
export function sweepLater({ config, log, ...tools }: Pick<BorderTools, "config" | "log" | "atStop" | "atEnd">): void {
  const sweeper = startSweeper({ store: storeOf({ config, ...tools }), attempts: config.webhookAttempts, log });
  tools.atStop(() => sweeper.close());
}

function storeOf({ config, atEnd }: Pick<BorderTools, "config" | "atEnd">): Transactions {
  const store = new Transactions(config.databaseUrl);
  atEnd(() => store.close());
  return store;
}

const inJson = (schema: object) => ({ content: { "application/json": { schema } } });

function describedBy({ door, name, summary }: Address, registry: RegistryName): DescribedOperation {
  const answer = door === "sync" ? "DciAnswer" : "DciAcknowledgement";
  return {
    operationId: `dci${registry === "sr" ? "Social" : "Beneficiary"}${name}`,
    tags: ["DCI"],
    summary,
    requestBody: { required: true, ...inJson({ $ref: `#/components/schemas/DciLaterRequest` }) },
    responses: { "200": { description: "Jawaban / Answer", ...inJson({ $ref: `#/components/schemas/${answer}` }) } },
  };
}

const LATER = {
  DciLaterRequest: {
    type: "object",
    required: ["header", "message"],
    properties: {
      signature: { type: "string" },
      header: { $ref: "#/components/schemas/DciHeader" },
      message: {
        type: "object",
        required: ["transaction_id"],
        properties: { transaction_id: { type: "string", minLength: 1, maxLength: 99 } },
      },
    },
  },
  DciAcknowledgement: {
    type: "object",
    required: ["message"],
    properties: {
      message: {
        type: "object",
        required: ["ack_status", "timestamp", "correlation_id"],
        properties: {
          ack_status: { type: "string", enum: ["ACK", "NACK", "ERR"] },
          timestamp: { type: "string", format: "date-time" },
          correlation_id: { type: "string", format: "uuid" },
        },
      },
    },
  },
};
