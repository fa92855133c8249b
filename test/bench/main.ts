const BENCHES: Readonly<Record<string, () => Promise<{ run: (argv: readonly string[]) => Promise<void> }>>> = {
  cubes: () => import("./cubes.ts"),
  cubesAid: () => import("./cubesAid.ts"),
  faces: () => import("./faces.ts"),
  gateway: () => import("./gateway.ts"),
  kills: () => import("./kills.ts"),
  matching: () => import("./matching/matching.ts"),
  matrix: () => import("./matrix.ts"),
  overload: () => import("./overload.ts"),
  planning: () => import("./planning.ts"),
  policy: () => import("./policy.ts"),
  record: () => import("./record.ts"),
  registryDetermine: () => import("./registryDetermine.ts"),
  registry: () => import("./registry.ts"),
  scale: () => import("./scale/scale.ts"),
  selection: () => import("./selection.ts"),
  statistics: () => import("./statistics.ts"),
};

const [name = "gateway", ...rest] = process.argv.slice(2);
const bench = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
if (bench) await (await bench()).run(rest);
else {
  process.stderr.write(`bench: there is no bench "${name}". Known: ${Object.keys(BENCHES).join(", ")}\n`);
  process.exitCode = 2;
}
