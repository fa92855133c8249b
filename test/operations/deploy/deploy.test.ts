import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readLogConfig } from "../../../cli/record/settings.ts";
import { envelopeSecretsFor, readConfig } from "../../../gateway/runtime/config.ts";
import { signerOf } from "../../../schema/policy/keys.ts";
import { readConfig as readSliceConfig } from "../../../subgraphs/kit/serve/config.ts";
import { subgraphs } from "../../../subgraphs/main.ts";
import { copiesOf, copyInto, type Json, read, tlsFiles, unknownSettings, withSecrets, yamlOf } from "./deployKit.ts";

// There is no engine here: what an engine would do with these files is not tried. What they say is.

const folder = mkdtempSync(join(tmpdir(), "hub-deploy-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const NAMES = subgraphs.map(({ name }) => name);

describe("the image", () => {
  const dockerfile = read("deploy/Dockerfile");
  const stages = dockerfile.split(/^(?=FROM )/m).slice(1);
  const last = stages.at(-1) ?? "";
  test("runs as nobody, stops on SIGTERM, says whether it is well, and has one process", () => {
    expect(stages).toHaveLength(3);
    expect(last).toMatch(/^USER 65532:65532$/m);
    expect(last).toMatch(/^STOPSIGNAL SIGTERM$/m);
    expect(last).toMatch(/^HEALTHCHECK .*CMD \["node", "deploy\/health\.js"/m);
    expect(last).toMatch(/^ENTRYPOINT \["node", "cli\/hub\.js"\]$/m);
    expect(dockerfile).not.toMatch(/latest|musl-|alpine|npm ci$/m);
    expect(dockerfile).toMatch(/npm install --omit=dev --ignore-scripts/);
    expect(last, "nothing is installed in what is shipped").not.toMatch(/npm install|apt-get|curl/);
  });

  test("every file it copies is there, none by surprise: what is not named stays outside", () => {
    const own = stages.flatMap(copiesOf).filter(({ from }) => !from);
    const named = own.flatMap(({ sources }) => sources);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((path) => !existsSync(path))).toEqual([]);
    const kept = read("deploy/Dockerfile.dockerignore").matchAll(/^!(\S+)$/gm);
    const roots = [...kept].map(([, path = ""]) => path);
    expect(named.filter((path) => !roots.some((root) => path === root || path.startsWith(`${root}/`)))).toEqual([]);
  });

  test("what it copies is enough for every process to load", () => {
    const root = join(folder, "app");
    copyInto(root, copiesOf(last));
    symlinkSync(join(process.cwd(), "node_modules"), join(root, "node_modules"));
    const loads = [
      "cli/run/gateway.ts",
      "cli/run/subgraph.ts",
      "cli/record/log.ts",
      "cli/slices/matching/matcher.ts",
      "cli/slices/registry/worker.ts",
    ];
    const rest = [
      "cli/slices/aid/allocator.ts",
      "cli/slices/statistics/publisher.ts",
      "cli/slices/registry/courier.ts",
      "cli/data/migrate.ts",
      "cli/policy/publish.ts",
    ];
    writeFileSync(
      join(root, "load.mjs"),
      `import "./schema/typescript/register.js";\nfor (const file of ${JSON.stringify([...loads, ...rest])}) await import("./" + file);\n`,
    );
    const { status, stderr } = spawnSync(process.execPath, ["load.mjs"], { cwd: root, encoding: "utf8" });
    expect([status, stderr]).toEqual([0, ""]);
  });

  test("its probe tells a server that answers from one that refuses and from one that is not there", async () => {
    const server = createServer((request, response) => response.writeHead(request.url === "/ready" ? 503 : 200).end());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const address = join(folder, "address");
    writeFileSync(address, `postgres://role:secret@127.0.0.1:${port}/slice\n`);
    const probe = (target: string) =>
      new Promise<number | null>((resolve) => {
        spawn(process.execPath, ["deploy/health.js", target]).once("exit", resolve);
      });
    expect(await probe(`http://127.0.0.1:${port}/health`)).toBe(0);
    expect(await probe(`http://127.0.0.1:${port}/ready`)).toBe(1);
    expect(await probe(address)).toBe(0);
    await new Promise((resolve) => server.close(resolve));
    expect(await probe(`http://127.0.0.1:${port}/health`)).toBe(1);
    expect(await probe(address)).toBe(1);
    expect(await probe("/no/such/file")).toBe(1);
  });
});

describe("compose", () => {
  const compose = yamlOf("deploy/compose.yaml");
  const services: Record<string, Json> = compose["services"];
  const own = Object.entries(services).filter(([name]) => name !== "postgres");

  test("runs every process the hub has", () => {
    const processes = ["matcher", "registrar", "allocator", "publisher", "log", "witness", "courier", "gateway", "migrate"];
    expect(Object.keys(services).sort()).toEqual(["postgres", ...processes, ...NAMES].sort());
    expect(services["gateway"]?.["deploy"].replicas).toBe(2);
    for (const name of NAMES) expect(services[name]?.["command"]).toEqual(["subgraph", name]);
  });

  test("gives none more than it needs: no root, no writable disk, no capability, a limit of memory, a probe", () => {
    for (const [name, service] of own) {
      expect(service, name).toMatchObject({
        user: "65532:65532",
        read_only: true,
        cap_drop: ["ALL"],
        security_opt: ["no-new-privileges:true"],
      });
      expect(service["deploy"].resources.limits, name).toEqual({ cpus: "2", memory: "1g" });
      expect(service["healthcheck"].test ?? service["healthcheck"].disable, name).toBeTruthy();
      expect(service["image"], name).toMatch(/^\$\{HUB_IMAGE:\?/);
      expect(service["privileged"], name).toBeUndefined();
    }
    expect(services["postgres"]?.["ports"]).toBeUndefined();
  });

  test("lets only the gateway reach a subgraph", () => {
    for (const name of NAMES) {
      const shared = Object.entries(services).filter(
        ([other, { networks }]) => other !== name && networks.some((one: string) => services[name]?.["networks"].includes(one)),
      );
      expect(shared.map(([other]) => other).sort(), name).toEqual(["gateway", "postgres"]);
      expect(services[name]?.["ports"], name).toBeUndefined();
    }
    const open = Object.entries<Json | null>(compose["networks"]).filter(([, network]) => !network?.["internal"]);
    expect(open.map(([name]) => name)).toEqual(["outside"]);
    const outside = own.filter(([, { networks }]) => networks.includes("outside")).map(([name]) => name);
    expect(outside.sort()).toEqual(["courier", "gateway", "log"]);
  });

  test("gives secrets as files, each only to those who name it, and none in plain", () => {
    for (const [name, { environment = {}, secrets = [], healthcheck }] of Object.entries(services)) {
      const text = JSON.stringify([environment, healthcheck]);
      const named = [...text.matchAll(/\/run\/secrets\/(\w+)/g)].map(([, secret]) => secret);
      expect([...new Set(named)].sort(), name).toEqual([...secrets].sort());
      const plain = Object.keys(environment).filter(
        (key) => /SECRET|_KEY$|KEYS$|DATABASE_.*URL/.test(key) && !/PUBLIC_KEYS|_FILE$/.test(key),
      );
      expect(plain, name).toEqual([]);
    }
    const used = new Set(own.flatMap(([, { secrets = [] }]) => secrets));
    expect(Object.keys(compose["secrets"]).sort()).toEqual([...used, "postgres_password"].sort());
  });

  test("names no setting that no program reads", () => {
    const names = own.flatMap(([, { environment = {} }]) => Object.keys(environment));
    expect(names.length).toBeGreaterThan(60);
    expect(unknownSettings(names)).toEqual([]);
  });

  const publicKey = signerOf("a secret of governance, 32 characters", "policy").publicKey;
  const GIVEN: Record<string, string> = {
    HUB_PUBLIC_URL: "https://hub.example",
    HUB_TRUST_PROXY: "10.0.0.1",
    HUB_OIDC_ISSUER: "https://issuer.example",
    HUB_POLICY_PUBLIC_KEYS: publicKey,
    HUB_ATTESTATION_PUBLIC_KEYS: `population=${publicKey},welfare=${publicKey},programs=${publicKey}`,
    HUB_LOG_ORIGIN: "hub.example/record",
    HUB_WITNESSES: "",
    HUB_LOG_VKEY: "",
  };
  const envOf = (name: string): Record<string, string> => {
    const filled = Object.entries<string>(services[name]?.["environment"] ?? {}).map(([key, value]) => [
      key,
      value.replace(/\$\{(\w+)(?::[^}]*)?\}/g, (_, variable: string) => GIVEN[variable] ?? `no ${variable}`),
    ]);
    const tls = JSON.stringify(filled).includes("HUB_TLS_") ? tlsFiles(folder, name === "gateway" ? "hub-gateway" : name) : {};
    return { ...withSecrets(Object.fromEntries(filled), folder), ...tls };
  };

  test("gives the gateway, each subgraph and the log settings that they start with in production", () => {
    const gateway = readConfig(envOf("gateway"));
    expect([...envelopeSecretsFor(gateway, NAMES).keys()].sort()).toEqual([...NAMES].sort());
    expect([...gateway.subgraphUrls.keys()].sort()).toEqual([...NAMES].sort());
    for (const name of NAMES) {
      const config = readSliceConfig(name, envOf(name));
      expect([config.env, config.tls !== undefined, config.healthPort], name).toEqual(["production", true, 8081]);
      expect(gateway.subgraphUrls.get(name)).toBe(`https://${name}:${config.port}/graphql`);
    }
    expect(readLogConfig(envOf("log")).port).toBe(4006);
  });
});
