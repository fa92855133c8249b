import { execFile } from "node:child_process";
import { parseArgs, promisify } from "node:util";
import { messageOf } from "./checks/finding.ts";

export const help = `
Usage: npx hub sbom

Prints a bill of materials of what is deployed, CycloneDX JSON: every package with version, licence and hash, without those that only developers need.
It is made by npm (npm sbom) from the lock file and what is installed, in the folder of the sources: an image has no npm. Keep it beside the image
of a release. What it stands for is SLSA level 1: it says how the image was made, and nobody has signed for it.
Exit codes: 0 printed, 1 npm could not make one, 2 wrong usage.
`;

const ROOT = new URL("../..", import.meta.url);
const MOST_BYTES = 64 * 1024 * 1024;
const DEVELOPMENT = "cdx:npm:package:development";
const run = promisify(execFile);

interface Component {
  readonly "bom-ref": string;
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
}
interface Bill {
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
}

/** `argv`: what follows `sbom`. */
export async function sbom(argv: readonly string[]): Promise<number> {
  parseArgs({ args: [...argv], options: {} });
  try {
    const args = ["sbom", "--sbom-format", "cyclonedx", "--sbom-type", "application", "--offline"];
    const { stdout } = await run("npm", args, { cwd: ROOT, maxBuffer: MOST_BYTES });
    const bill = deployed(JSON.parse(stdout) as Bill);
    process.stdout.write(`${JSON.stringify(bill, null, 2)}\n`);
    process.stderr.write(`hub sbom: ${bill.components.length} packages\n`);
    return 0;
  } catch (error) {
    process.stderr.write(
      `hub sbom: npm made none (${messageOf(error)}): run it in the folder of the sources, after npm install\n`,
    );
    return 1;
  }
}

// Not `--omit dev`: npm 11.19 then leaves out what is deployed and is a peer of something that is not (graphql, tsx, @opentelemetry/api)
function deployed<B extends Bill>(bill: B): B {
  const isDevelopers = ({ properties = [] }: Component) => properties.some(({ name }) => name === DEVELOPMENT);
  const left = new Set(bill.components.filter(isDevelopers).map((one) => one["bom-ref"]));
  for (const one of bill.components) if (!isDevelopers(one)) left.delete(one["bom-ref"]);
  return {
    ...bill,
    components: bill.components.filter((one) => !left.has(one["bom-ref"])),
    dependencies: bill.dependencies
      .filter(({ ref }) => !left.has(ref))
      .map((one) => ({ ...one, dependsOn: one.dependsOn?.filter((ref) => !left.has(ref)) ?? [] })),
  };
}
