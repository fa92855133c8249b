const BENCHES: Readonly<Record<string, () => Promise<{ run: (argv: readonly string[]) => Promise<void> }>>> = {
  cubes: () => import("./statistics/cubes.ts"),
  cubesAid: () => import("./statistics/cubesAid.ts"),
  faces: () => import("./faces.ts"),
  gateway: () => import("./gateway/gateway.ts"),
  kills: () => import("./record/kills.ts"),
  matching: () => import("./matching/matching.ts"),
  matrix: () => import("./policy/matrix.ts"),
  overload: () => import("./gateway/overload.ts"),
  planning: () => import("./gateway/planning.ts"),
  policy: () => import("./policy/policy.ts"),
  record: () => import("./record/record.ts"),
  registryDetermine: () => import("./registry/determine.ts"),
  registry: () => import("./registry/registry.ts"),
  scale: () => import("./scale/scale.ts"),
  selection: () => import("./registry/selection.ts"),
  statistics: () => import("./statistics/statistics.ts"),
};

const [name = "gateway", ...rest] = process.argv.slice(2);
const bench = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
if (bench) await (await bench()).run(rest);
else {
  process.stderr.write(`bench: there is no bench "${name}". Known: ${Object.keys(BENCHES).join(", ")}\n`);
  process.exitCode = 2;
}
