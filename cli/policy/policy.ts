export const help = `
Usage: npx hub policy ACTION …

  publish [--supergraph FILE] [--controllers FILE]   publish a schema: catalogue, pending fields, a signed decision table for every agreement
  key                                                print the public key of HUB_POLICY_KEY, for HUB_POLICY_PUBLIC_KEYS
  export AGREEMENT VERSION                           print a version as a signed file
  verify FILE [--key PUBLIC_KEY] [--origin ORIGIN]   check hash and signatures of such a file

publish and export sign in governance's name, key says with what: they need HUB_POLICY_KEY (HUB_ENV=dev knows one).
Exit codes: 0 fine, 1 an agreement could not be compiled or a file is not what it says, 2 wrong usage.
`;

type Action = (argv: readonly string[]) => Promise<number>;

const ACTIONS: Readonly<Record<string, () => Promise<Action>>> = {
  publish: async () => (await import("./publish.ts")).publishSupergraph,
  key: async () => (await import("./publish.ts")).key,
  export: async () => (await import("./export.ts")).exportPolicy,
  verify: async () => (await import("./verify.ts")).verifyPolicy,
};

export async function policy([action = "", ...argv]: readonly string[]): Promise<number> {
  const load = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  if (load) return (await load())(argv);
  process.stderr.write(`hub policy: name one of ${Object.keys(ACTIONS).join(", ")}. npx hub policy --help explains.\n`);
  return 2;
}
