import { command, type Group } from "../row.ts";

export const RUNNING: Group = {
  title: "Run the hub",
  rows: {
    start: {
      summary: "run the whole hub on this machine",
      load: async () => command(await import("../../run/start.ts"), "start"),
      flags: ["households N", "json"],
      examples: [["npx hub start --households 2000", "a hub with a small country, until Ctrl-C"]],
      see: ["doctor", "README.md"],
    },
    gateway: {
      summary: "run the gateway alone",
      load: async () => command(await import("../../run/gateway.ts"), "gateway"),
      examples: [["npx hub gateway", "settings come from HUB_…; every fault is named at once"]],
      see: ["subgraph", "settings", "docs/runbook.md"],
    },
    subgraph: {
      summary: "run one subgraph alone",
      load: async () => command(await import("../../run/subgraph.ts"), "subgraph"),
      examples: [["npx hub subgraph welfare", "one process a slice; only the gateway may reach it"]],
      see: ["gateway", "migrate"],
    },
    issuer: {
      summary: "run the embedded token issuer alone (HUB_ENV=dev only)",
      load: async () => command(await import("../../run/issuer.ts"), "issuer"),
      flags: ["port N", "data DIR"],
      examples: [["npx hub issuer bappenas --port 4005", "tokens for one client"]],
      see: ["token"],
    },
    matcher: {
      summary: "run a worker of batch matching",
      load: async () => command(await import("../../slices/matching/matcher.ts"), "matcher"),
      flags: ["workers N"],
      examples: [["npx hub matcher --workers 2", "two chunks at a time in this process"]],
      see: ["match"],
    },
    registrar: {
      summary: "run a worker of the registry, or verify determinations",
      load: async () => command(await import("../../slices/registry/worker.ts"), "registrar"),
      actions: ["verify"],
      flags: ["inputs", "json"],
      examples: [
        ["npx hub registrar", "works until Ctrl-C"],
        ["npx hub registrar verify --inputs", "every decree once more from its stored rows"],
      ],
      see: ["docs/registry/determination.md"],
    },
    allocator: {
      summary: "run a worker of the aid programs",
      load: async () => command(await import("../../slices/aid/allocator.ts"), "allocator"),
      examples: [["npx hub allocator", "works until Ctrl-C"]],
      see: ["targets", "payments"],
    },
    courier: {
      summary: "carry signed facts between the controllers",
      load: async () => command(await import("../../slices/registry/courier.ts"), "courier"),
      flags: ["gateway URL"],
      examples: [["npx hub courier --gateway http://127.0.0.1:4000", "works until Ctrl-C"]],
      see: ["docs/registry/exchange.md"],
    },
    publisher: {
      summary: "run a publisher of figures",
      load: async () => command(await import("../../slices/statistics/publisher.ts"), "publisher"),
      examples: [["npx hub publisher", "counts and releases by the calendar"]],
      see: ["cubes", "docs/statistics/publisher.md"],
    },
    console: {
      summary: "build the pages of the console",
      load: async () => command(await import("../../run/console.ts"), "consolePages"),
      actions: ["build"],
      examples: [["npx hub console build", "needs the development packages"]],
      see: ["screenshots"],
    },
    "dev-supergraph": {
      summary: "serve any supergraph without protection (HUB_ENV=dev only)",
      load: async () => command(await import("../../run/devSupergraph.ts"), "devSupergraph"),
      flags: ["supergraph FILE", "port N"],
      examples: [["npx hub dev-supergraph --supergraph other.graphql --port 4100", "for trials of the planner"]],
    },
  },
};
