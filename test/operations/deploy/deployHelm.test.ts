import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { COMMANDS } from "../../../cli/commands/table.ts";
import { readLogConfig } from "../../../cli/record/settings.ts";
import { envelopeSecretsFor, readConfig } from "../../../gateway/runtime/config.ts";
import { signerOf } from "../../../schema/policy/keys.ts";
import { readConfig as readSliceConfig } from "../../../subgraphs/kit/serve/config.ts";
import { subgraphs } from "../../../subgraphs/main.ts";
import {
  components,
  faultsBySchema,
  type Json,
  read,
  rendered,
  tlsFiles,
  unknownSettings,
  values,
  withSecrets,
} from "./deployKit.ts";

// Helm is not here: the chart's templates ask so little of it that a page of ours renders them (deployKit.ts). Installing it is not tried.

const folder = mkdtempSync(join(tmpdir(), "hub-helm-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const NAMES = subgraphs.map(({ name }) => name);
const all = rendered();
const of = (kind: string) => all.filter((one) => one["kind"] === kind);
const podsOf = (): [string, Json][] => [
  ...of("Deployment").map((one): [string, Json] => [one["metadata"].name, one["spec"].template]),
  ...of("Job").map((one): [string, Json] => [one["metadata"].name, one["spec"].template]),
];
const componentOf = (labels: Json): string => labels["app.kubernetes.io/component"];
const matches = (selector: Json, labels: Json) =>
  Object.entries(selector["matchLabels"] ?? {}).every(([key, value]) => labels[key] === value);
const policiesOf = (component: string) => of("NetworkPolicy").filter(({ metadata }) => metadata.name === `hub-${component}`);

/** What each rule says of a pod; each is tried on a planted sin below. */
const POD_RULES: Readonly<Record<string, (pod: Json) => boolean>> = {
  "nobody's user": ({ spec }) => spec.securityContext.runAsNonRoot === true && spec.securityContext.runAsUser === 65532,
  "no token of the cluster": ({ spec }) => spec.automountServiceAccountToken === false,
  "no writable root": ({ spec }) => spec.containers.every((one: Json) => one["securityContext"].readOnlyRootFilesystem === true),
  "no capability": ({ spec }) =>
    spec.containers.every(
      ({ securityContext: context }: Json) =>
        context.allowPrivilegeEscalation === false && JSON.stringify(context.capabilities) === '{"drop":["ALL"]}',
    ),
  "limits of memory and processor": ({ spec }) =>
    spec.containers.every(({ resources }: Json) => resources.limits.memory && resources.limits.cpu && resources.requests.memory),
  "an image by version": ({ spec }) =>
    spec.containers.every(({ image }: Json) => /:\d|@sha256:/.test(image) && !/latest/.test(image)),
  "secrets as files": ({ spec }) =>
    spec.containers.every(({ env = [], envFrom }: Json) => envFrom === undefined && env.every(isNoSecret)) &&
    spec.volumes.some(({ name, secret }: Json) => name === "secrets" && secret.secretName),
};
const isNoSecret = ({ name, value, valueFrom }: Json) =>
  valueFrom === undefined &&
  typeof value === "string" &&
  (/_FILE$|PUBLIC_KEYS$|VKEY$|ACCESS_KEY$/.test(name) || !/SECRET|_KEYS?(?:_[A-Z]+)?$|DATABASE_.*URL/.test(name));

describe("the chart", () => {
  test("has a process for everything the hub runs, and nothing twice", () => {
    const workers = ["matcher", "registrar", "allocator", "publisher", "log", "courier"];
    expect(components().sort()).toEqual(["gateway", ...NAMES, ...workers].sort());
    expect(
      of("Deployment")
        .map(({ metadata }) => metadata.name)
        .sort(),
    ).toEqual(
      components()
        .map((name) => `hub-${name}`)
        .sort(),
    );
    expect(of("Job").map(({ spec }) => spec.template.spec.containers[0].args[0])).toEqual(["migrate", "policy"]);
    const named = all.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(new Set(named).size).toBe(named.length);
  });

  test.each(Object.entries(POD_RULES))("every pod has %s", (_, rule) => {
    expect(podsOf().length).toBe(components().length + 2);
    expect(
      podsOf()
        .filter(([, pod]) => !rule(pod))
        .map(([name]) => name),
    ).toEqual([]);
  });

  test("each of these rules finds the pod that breaks it", () => {
    const sins: Record<string, (pod: Json) => void> = {
      "nobody's user": ({ spec }) => void delete spec.securityContext.runAsNonRoot,
      "no token of the cluster": ({ spec }) => void delete spec.automountServiceAccountToken,
      "no writable root": ({ spec }) => void delete spec.containers[0].securityContext.readOnlyRootFilesystem,
      "no capability": ({ spec }) => void Object.assign(spec.containers[0].securityContext.capabilities, { add: ["NET_ADMIN"] }),
      "limits of memory and processor": ({ spec }) => void delete spec.containers[0].resources.limits.memory,
      "an image by version": ({ spec }) => void Object.assign(spec.containers[0], { image: "registry.example/dtks-hub:latest" }),
      "secrets as files": ({ spec }) => void spec.containers[0].env.push({ name: "HUB_SESSION_KEY", value: "in plain" }),
    };
    expect(Object.keys(sins)).toEqual(Object.keys(POD_RULES));
    for (const [name, sin] of Object.entries(sins)) {
      const pod = structuredClone(podsOf()[0]?.[1] ?? {});
      sin(pod);
      expect(Boolean(POD_RULES[name]?.(pod)), name).toBe(false);
    }
  });

  test("asks every process whether it is well, those that listen on a port that they open", () => {
    for (const { metadata, spec } of of("Deployment")) {
      const [container] = spec.template.spec.containers;
      const { startupProbe: startup, livenessProbe: liveness, readinessProbe: readiness, ports } = container;
      expect([startup, readiness].every(Boolean), metadata.name).toBe(true);
      if (ports.length === 0) expect(readiness.exec.command.slice(0, 2), metadata.name).toEqual(["node", "deploy/health.js"]);
      else expect(liveness, metadata.name).toBeTruthy();
      const open = ports.map(({ containerPort }: Json) => containerPort);
      for (const { httpGet } of [startup, liveness, readiness].filter((one) => one?.httpGet))
        expect(open).toContain(httpGet.port);
      expect(spec.template.spec.terminationGracePeriodSeconds).toBeGreaterThan(30);
    }
    expect(values()["gateway"].probes.readiness.httpGet.path).toBe("/ready");
  });

  test("a node that is emptied never takes all of a process at once", () => {
    for (const { spec, metadata } of of("Deployment")) {
      const budget = of("PodDisruptionBudget").filter((one) => matches(one["spec"].selector, spec.template.metadata.labels));
      expect(
        budget.map((one) => one["spec"].maxUnavailable),
        metadata.name,
      ).toEqual([1]);
      expect(spec.strategy.rollingUpdate.maxUnavailable).toBe(0);
    }
  });

  test("scales the gateway where it is told to", () => {
    expect(
      of("HorizontalPodAutoscaler").map(({ spec }) => [spec.scaleTargetRef.name, spec.minReplicas, spec.maxReplicas]),
    ).toEqual([["hub-gateway", 3, 12]]);
  });
});

describe("the network", () => {
  test("is closed to every pod, and each has rules of its own", () => {
    const [deny] = of("NetworkPolicy").filter(({ spec }) => spec.ingress === undefined && spec.egress === undefined);
    expect(deny?.["spec"]).toEqual({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });
    for (const [name, { metadata }] of podsOf()) {
      const own = of("NetworkPolicy").filter(
        ({ spec }) => spec.podSelector.matchLabels && matches(spec.podSelector, metadata.labels),
      );
      expect(
        own.map(({ spec }) => spec.policyTypes),
        name,
      ).toEqual([["Ingress", "Egress"]]);
    }
  });

  test("lets only the gateway ask a subgraph, and only Prometheus its metrics", () => {
    const seen = NAMES.map((name) => {
      const [policy] = policiesOf(name);
      const port = values()[name].ports[0].containerPort;
      const [asking, metrics, ...more] = policy?.["spec"].ingress ?? [];
      expect(more).toEqual([]);
      expect(asking).toEqual({
        from: [{ podSelector: { matchLabels: { "app.kubernetes.io/component": "gateway" } } }],
        ports: [{ protocol: "TCP", port }],
      });
      expect(metrics.from.map(({ podSelector }: Json) => podSelector.matchLabels)).toEqual([
        { "app.kubernetes.io/name": "prometheus" },
      ]);
      expect(metrics.ports).toEqual([{ protocol: "TCP", port: 9464 }]);
      return port;
    });
    expect(seen).toHaveLength(6);
    for (const worker of ["matcher", "registrar", "allocator", "publisher", "courier", "release"])
      expect(policiesOf(worker)[0]?.["spec"].ingress, worker).toEqual([]);
  });

  test("lets a slice reach its own database and no other's", () => {
    const databasesOf = (name: string): string[] =>
      (policiesOf(name)[0]?.["spec"].egress ?? [])
        .filter(({ ports }: Json) => ports[0].port === 5432)
        .flatMap(({ to }: Json) => to.map(({ ipBlock }: Json) => ipBlock.cidr));
    const own = NAMES.map((name) => databasesOf(name));
    expect(own.every((one) => one.length === 1)).toBe(true);
    expect(new Set(own.flat()).size).toBe(6);
    for (const [other, slice] of [
      ["gateway", "governance"],
      ["log", "governance"],
      ["matcher", "population"],
      ["registrar", "welfare"],
      ["allocator", "programs"],
    ] as const)
      expect(databasesOf(other), other).toEqual(databasesOf(slice));
    expect(databasesOf("courier")).toEqual([]);
  });

  test("the gateway may ask every subgraph on the port it listens on", () => {
    const to = policiesOf("gateway")[0]?.["spec"].egress ?? [];
    for (const name of NAMES) {
      const [rule] = to.filter(({ to }: Json) =>
        to.some(({ podSelector }: Json) => podSelector && componentOf(podSelector.matchLabels) === name),
      );
      expect(rule.ports[0].port).toBe(values()[name].service[0].port);
    }
  });
});

describe("the values", () => {
  const schema = JSON.parse(read("deploy/helm/hub/values.schema.json")) as Json;
  const publicKey = signerOf("a secret of governance, 32 characters", "policy").publicKey;
  const envOf = (name: string): Record<string, string> => {
    const given = Object.fromEntries(values()[name].env.map(({ name, value }: Json) => [name, value]));
    const keys = { HUB_ATTESTATION_PUBLIC_KEYS: `population=${publicKey}`, HUB_POLICY_PUBLIC_KEYS: publicKey };
    const tls = "HUB_TLS_CA_FILE" in given ? tlsFiles(folder, name === "gateway" ? "hub-gateway" : name) : {};
    return { ...withSecrets({ HUB_HOST: "0.0.0.0", ...given }, folder), ...keys, ...tls };
  };

  test("keep to their schema, which finds what does not", () => {
    expect(faultsBySchema(values(), schema)).toEqual([]);
    const bad = structuredClone(values());
    bad["global"].image = "registry.example/dtks-hub:latest";
    bad["gateway"].replicas = 0;
    bad["welfare"].env[0].name = "hub_database";
    bad["gatewey"] = {};
    delete bad["log"];
    expect(faultsBySchema(bad, schema).map((fault) => fault.split(" ")[0])).toEqual([
      ...["values.log", "values.gatewey", "values.global.image", "values.gateway.replicas", "values.welfare.env[0].name"],
    ]);
  });

  test("name no setting that no program reads", () => {
    const names = [...components(), "release"].flatMap((name) => values()[name].env.map((one: Json) => one["name"] as string));
    expect(names.length).toBeGreaterThan(80);
    expect(unknownSettings(names)).toEqual([]);
    expect(unknownSettings(["HUB_PROT", "HUB_DATABASE_URL_WELFARE_FILE"])).toEqual(["HUB_PROT"]);
  });

  test("are settings that every server starts with in production, once addresses and secrets are filled in", () => {
    const gateway = readConfig(envOf("gateway"));
    expect([...envelopeSecretsFor(gateway, NAMES).keys()].sort()).toEqual([...NAMES].sort());
    for (const name of NAMES) {
      const config = readSliceConfig(name, envOf(name));
      expect([config.env, config.tls !== undefined, config.healthPort], name).toEqual(["production", true, 8081]);
      expect(gateway.subgraphUrls.get(name)).toBe(`https://${name}:${config.port}/graphql`);
    }
    expect(readLogConfig(envOf("log")).port).toBe(4006);
  });

  test("start commands that there are", () => {
    for (const name of components()) expect(Object.keys(COMMANDS), name).toContain(values()[name].args[0]);
  });
});
