// A thread begins without the loader that strips types: cli/hub.js does the same for the process.
import { register } from "tsx/esm/api";

register();
await import("./thread.ts");
