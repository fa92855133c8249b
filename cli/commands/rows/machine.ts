import { command, type Group } from "../row.ts";

export const MACHINE: Group = {
  title: "Set up and look after",
  rows: {
    migrate: {
      summary: "make roles and databases, run migrations",
      load: async () => command(await import("../../data/migrate.ts"), "migrate"),
      flags: ["addresses DIR"],
      examples: [["npx hub migrate --addresses addresses", "once a release; writes the addresses of the roles"]],
      see: ["docs/operations/upgrade.md"],
    },
    seed: {
      summary: "load the synthetic population",
      load: async () => command(await import("../../data/seed.ts"), "seed"),
      flags: ["households N", "json"],
      examples: [["npx hub seed --households 100000", "grows what is there to that many"]],
    },
    citus: {
      summary: "print how tables would be laid out on Citus",
      load: async () => command(await import("../../data/citus.ts"), "citus"),
      flags: ["plan"],
      examples: [["npx hub citus --plan", "what stands in its way, too"]],
      see: ["docs/operations/citus.md"],
    },
    settings: {
      summary: "print every setting with its default",
      load: async () => command(await import("../../operations/settings.ts"), "settings"),
      flags: ["json"],
      examples: [["npx hub settings", "as the table of docs/runbook.md"]],
      see: ["doctor"],
    },
    sbom: {
      summary: "print what is deployed, as a CycloneDX bill of materials",
      load: async () => command(await import("../../operations/sbom.ts"), "sbom"),
      examples: [["npx hub sbom", "JSON to stdout"]],
    },
    certs: {
      summary: "make certificates for trials of TLS between gateway and subgraphs",
      load: async () => command(await import("../../run/certs/certs.ts"), "certs"),
      flags: ["dir DIR", "days N"],
      examples: [["npx hub certs --dir certs", "an authority and one for each part; asked again, it renews them"]],
      see: ["docs/runbook.md"],
    },
    screenshots: {
      summary: "take a picture of every page (needs Chromium)",
      load: async () => command(await import("../../operations/faces/screenshots.ts"), "screenshots"),
      flags: ["hub URL", "to DIR", "only NAME", "language id|en", "width N", "dark"],
      examples: [["npx hub screenshots --to pictures --language id", "of the hub that runs on this machine"]],
      see: ["console"],
    },
    completion: {
      summary: "print completion for bash, zsh or fish",
      load: async () => command(await import("../completion/completion.ts"), "completion"),
      actions: ["bash", "zsh", "fish"],
      examples: [["npx hub completion bash", "source it: . <(npx hub completion bash)"]],
    },
  },
};
