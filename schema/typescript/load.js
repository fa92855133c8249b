// Runs in the thread of Node's module hooks; `register.js` says so.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { stop, transform } from "esbuild";

const AS_WRITTEN = { verbatimModuleSyntax: true, target: "esnext", useDefineForClassFields: true };
/** esbuild works in a process of its own, which nobody needs once all is loaded. */
const IDLE_MS = 1000;
let underWay = 0;
let resting;

/** A TypeScript file of ours without its types; everything else as Node would. */
export async function load(url, context, next) {
  if (!url.endsWith(".ts") || url.includes("/node_modules/")) return next(url, context);
  clearTimeout(resting);
  underWay += 1;
  try {
    return { format: "module", source: await stripped(fileURLToPath(url)), shortCircuit: true };
  } finally {
    underWay -= 1;
    if (underWay === 0) resting = setTimeout(() => void stop(), IDLE_MS).unref();
  }
}

async function stripped(sourcefile) {
  const { code } = await transform(await readFile(sourcefile, "utf8"), {
    ...{ loader: "ts", format: "esm", target: "node20", sourcefile },
    ...{ sourcemap: "inline", sourcesContent: false, tsconfigRaw: { compilerOptions: AS_WRITTEN } },
  });
  return code;
}
