#!/usr/bin/env node
import "../schema/typescript/register.js";

const { endOnlyByOwnFaults } = await import("../drizzle/driver.ts");
const { main } = await import("./main.ts");
endOnlyByOwnFaults(process);
process.exitCode = await main(process.argv.slice(2));
