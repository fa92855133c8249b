#!/usr/bin/env node
import "../schema/typescript/register.js";

const { endByFaults } = await import("./run/ending.ts");
endByFaults();
const { main } = await import("./main.ts");
process.exitCode = await main(process.argv.slice(2));
