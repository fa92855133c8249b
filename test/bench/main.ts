const BENCHES: Readonly<Record<string, () => Promise<{ run: () => Promise<void> }>>> = {
  gateway: () => import("./gateway.ts"),
};

const [name = "gateway"] = process.argv.slice(2);
const bench = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
if (bench) await (await bench()).run();
else {
  process.stderr.write(`bench: there is no bench "${name}". Known: ${Object.keys(BENCHES).join(", ")}\n`);
  process.exitCode = 2;
}
