#!/usr/bin/env node
// The sources are TypeScript and run as written; tsx strips the types on every supported Node.
import { register } from "tsx/esm/api";

register();
const { main } = await import("./main.ts");
process.exitCode = await main(process.argv.slice(2));
