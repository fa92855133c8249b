import { type DestinationStream, type Logger, pino } from "pino";
import { framesOf, messageOf } from "../../../schema/errors.ts";
import { scrubLine } from "../../../schema/observe/scrubber.ts";

export type { Logger };
export type LogLevel = (typeof LOG_LEVELS)[number];
export const LOG_LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;

/** Keys whose values never enter a log, at the top and one level down. */
const SECRET = [
  ...["authorization", "cookie", "token", "envelope", "secret", "databaseUrl", "password"],
  ...["body", "document", "variables", "query", "params", "parameters", "headers", "url", "address", "nik"],
];

/** The log of one subgraph: JSON lines, no secret, no statement parameter, no NIK. */
export function createLog(options: { name: string; level?: LogLevel; stream?: DestinationStream }): Logger {
  return pino(
    {
      name: options.name,
      level: options.level ?? "info",
      redact: { paths: SECRET.flatMap((key) => [key, `*.${key}`, `*["hub-${key}"]`]), censor: "[redacted]" },
      serializers: { err: describe },
      hooks: {
        // Last door: whatever text slipped in, a NIK does not leave; a mark stands for it.
        streamWrite: scrubLine,
      },
    },
    options.stream ?? pino.destination({ dest: 2, sync: false }),
  );
}

/** An error without what it holds of people: SQLSTATE and text of the cause, frames of the stack, never a value or a statement's parameters. */
function describe(error: unknown): object {
  if (!(error instanceof Error)) return { message: "not an error was thrown" };
  const cause = error.cause instanceof Error ? error.cause : undefined;
  const { code } = (cause ?? error) as { code?: unknown };
  // drizzle puts statement and parameters into its own message; the cause tells what the database said.
  return { type: error.name, code, message: messageOf(cause ?? error), frames: framesOf(error).slice(0, 8) };
}
