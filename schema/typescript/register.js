// The sources are TypeScript and run as written: every process and thread of the hub imports this first. Not tsx: it names each function as it
// is made, at run time, a third of the gateway's work (docs/performance.md).
import { register } from "node:module";

process.setSourceMapsEnabled(true);
register("./load.js", import.meta.url);
