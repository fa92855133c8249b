// A thread begins without the loader that strips types: cli/hub.js does the same for the process.
import "../../../schema/typescript/register.js";

await import("./thread.ts");
