import { isOwnQuestion } from "../../drizzle/driver.ts";
import { framesOf, messageOf } from "../../schema/errors.ts";
import { scrubLine } from "../../schema/observe/scrubber.ts";

/** Resolves at the first Ctrl-C or SIGTERM, which drains; a second one ends the process at once. */
export const stopSignal = (): Promise<void> =>
  new Promise((resolve) => {
    let isStopping = false;
    const stop = () => {
      if (isStopping) process.exit(1);
      isStopping = true;
      resolve();
    };
    process.on("SIGINT", stop).on("SIGTERM", stop);
  });

/** A fault that nobody caught ends the process, and is told as a log would: no statement, no parameter, no NIK. A question of the driver's own ends nothing. */
export function endByFaults(): void {
  process.on("uncaughtException", end);
  process.on("unhandledRejection", (error) => {
    if (!isOwnQuestion(error)) end(error);
  });
}

function end(error: unknown): never {
  process.stderr.write(scrubLine(`hub: a fault that nobody caught: ${toldOf(error)}\n`));
  process.exit(1);
}

/** drizzle puts statement and parameters into its own message: what the database said is in the cause. */
function toldOf(error: unknown): string {
  if (!(error instanceof Error)) return "not an error was thrown";
  const told = error.cause instanceof Error ? error.cause : error;
  return [`${told.name}: ${messageOf(told)}`, ...framesOf(error)].join("\n");
}
