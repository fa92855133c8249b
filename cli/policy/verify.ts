import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { readPolicyFile } from "../../schema/policy/insight/file/readFile.ts";
import { faultsOfSignatures } from "../../schema/policy/insight/file/signatures.ts";

/**
 * Checks a policy file without any network: its form, that the signed text says what is shown, governance's signature and every approval.
 * Exit codes: 0 it is what it says, 1 it is not (each fault is printed), 2 wrong usage.
 */
export async function verifyPolicy(argv: readonly string[]): Promise<number> {
  const options = { key: { type: "string", multiple: true }, origin: { type: "string", multiple: true } } as const;
  const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true });
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0) {
    process.stderr.write("hub policy verify: takes one file. npx hub policy --help explains.\n");
    return 2;
  }
  const file = readPolicyFile(readFileSync(path, "utf8"));
  const trust = { keys: values.key ?? [], origins: values.origin ?? [] };
  const faults = "faults" in file ? file.faults : faultsOfSignatures(file, trust);
  for (const fault of faults) process.stdout.write(`${fault}\n`);
  if ("faults" in file || faults.length > 0) return 1;
  const { content, approvals, signature } = file;
  const trusted = trust.keys.length > 0 ? "a trusted key" : "the key it carries: name governance's with --key";
  process.stderr.write(
    `hub policy verify: ${content.agreement} version ${content.version}, ${approvals.length} decisions, signed by ${signature.keyId}, ${trusted}\n`,
  );
  return 0;
}
