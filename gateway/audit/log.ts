import pino, { type Logger } from "pino";
import { framesOf, messageOf } from "../../schema/errors.ts";
import { scrubLine } from "../../schema/observe/scrubber.ts";

export type { Logger };

/** What must not be in a log even by accident. Bodies, documents and variables are never handed to it in the first place. */
const SECRETS = [
  ...["authorization", "cookie", "token", "secret", "password", "envelope", "databaseUrl"],
  ...["body", "document", "variables", "query", "params", "parameters", "headers", "url", "address", "nik"],
];

/**
 * JSON lines for operators. Known secrets are cut by name; any sixteen digits in a row are cut from the finished line, so a NIK
 * in an error message, a cause or a stack does not get out either: a mark stands for it, the same for the same number while the process runs.
 */
export function createLogger({ level, write }: { level: string; write?: (line: string) => void }): Logger {
  const out = write ? { write } : pino.destination({ dest: 1, sync: true });
  return pino(
    {
      level,
      base: { part: "gateway" },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`]), censor: "[cut]" },
      serializers: { err: errorFields },
    },
    { write: (line) => out.write(scrubLine(line)) },
  );
}

/** Type, message, code, stack and cause, and nothing else an error may carry: a driver's holds the values it was given, and its message quotes some. */
function errorFields(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, cause } = error;
  const code = (error as { code?: unknown }).code;
  return {
    name,
    message: messageOf(error),
    ...(typeof code === "string" && { code }),
    stack: framesOf(error).join("\n"),
    ...(cause !== undefined && { cause: errorFields(cause) }),
  };
}
