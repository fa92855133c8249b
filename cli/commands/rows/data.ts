import { ASKING, command, type Group } from "../row.ts";

export const DATA: Group = {
  title: "Lists, files and figures",
  rows: {
    match: {
      summary: "say for every row of a list which registered person it is",
      load: async () => command(await import("../../slices/matching/match.ts"), "match"),
      flags: [
        ...["source NAME", "map FILE", "out FILE", "rejects FILE", "workers N", "no-worker", "check", "resume JOB", "cancel JOB"],
        ...["agency AGENCY", "json", ...ASKING, "list", "claim FILE", "log-key VKEY"],
      ],
      examples: [
        ["npx hub match penerima.csv --source DTKS", "results and rejected lines beside the file"],
        ["npx hub match penerima.csv --check", "only how the columns are read"],
        [
          "npx hub match penerima.csv --source DTKS --hub https://hub.example --client kemensos",
          "at a hub elsewhere, as its partner",
        ],
        ["npx hub match --claim claim.json --client kemensos", "one person, element by element"],
      ],
      see: ["matcher", "merge", "link", "docs/clients/README.md"],
    },
    merge: {
      summary: "one individual across the files of several programs",
      load: async () => command(await import("../../slices/matching/merge.ts"), "merge"),
      flags: [
        ...["dtks FILE", "pkh FILE", "bpnt FILE", "bst FILE", "source NAME=FILE", "map NAME=FILE", "check"],
        ...["agency AGENCY", "json"],
      ],
      examples: [["npx hub merge --dtks a.csv --pkh b.csv --bpnt c.csv --bst d.csv", "one individual across four lists"]],
      see: ["match", "link"],
    },
    link: {
      summary: "link files by a configuration, or de-duplicate one",
      load: async () => command(await import("../../slices/matching/link.ts"), "link"),
      flags: [...ASKING, "out FILE", "source NAME", "map FILE", "check", "resume JOB", "log-key VKEY", "json"],
      examples: [
        ["npx hub link config.json", "any CSV files; no database"],
        [
          "npx hub link pkh.csv bpnt.csv --out clusters.csv --client kemensos",
          "who stands in both, as the hub's register knows them",
        ],
      ],
      see: ["match", "synth"],
    },
    synth: {
      summary: "write a made-up register and program files with their truth",
      load: async () => command(await import("../../data/synth.ts"), "synth"),
      flags: ["people N", "out DIR", "seed S", "absent SHARE"],
      examples: [["npx hub synth --people 10000 --out made-up", "to score a matching with"]],
      see: ["link", "merge"],
    },
    import: {
      summary: "load a file as districts have it",
      load: async () => command(await import("../../data/import.ts"), "importMembers"),
      actions: ["members", "bdt"],
      flags: ["json", "codes kemendagri", "ignore COLUMN", "sheet NAME", "visited DATE"],
      examples: [["npx hub import members anggota.csv", "bad rows go beside the file, with line and reason"]],
      see: ["docs/registry/formats.md"],
    },
    export: {
      summary: "write members of a region in the SIKS-NG shape",
      load: async () => command(await import("../../slices/registry/export.ts"), "exportMembers"),
      actions: ["members"],
      flags: ["region CODE", "out FILE", "format csv|json"],
      examples: [["npx hub export members --region 3510 --out anggota.csv", "of one regency"]],
      see: ["import"],
    },
    packet: {
      summary: "the device's side of a village packet without signal",
      load: async () => command(await import("../../slices/registry/packet.ts"), "packet"),
      actions: ["key", "open", "edit", "seal"],
      flags: ["key DEVICE", "hub-key KEY", "member ID", "field FIELD", "value TEXT", "reason TEXT"],
      examples: [["npx hub packet key device.key", "makes the device's keys and prints the public half"]],
      see: ["docs/registry/packet.md"],
    },
    targets: {
      summary: "deliver the registry's list of candidates to the programs",
      load: async () => command(await import("../../slices/aid/targets.ts"), "targets"),
      actions: ["export", "import"],
      flags: ["out FILE", "json"],
      examples: [
        ["npx hub targets export --out candidates.jsonl", "as the registry says it"],
        ["npx hub targets import candidates.jsonl", "as the programs take it"],
      ],
      see: ["docs/programs/candidates.md"],
    },
    payments: {
      summary: "reconcile files of banks and the treasury",
      load: async () => command(await import("../../slices/aid/payments.ts"), "payments"),
      actions: ["import"],
      flags: [...["kind KIND", "program CODE", "agency AGENCY", "officer ID", "reference TEXT", "closing", "dry-run", "json"]],
      examples: [
        [
          "npx hub payments import bri.csv --kind BANK_REPORT --program PKH --agency BRI --officer officer.bri --dry-run",
          "what it would change",
        ],
      ],
      see: ["docs/programs/payments.md"],
    },
    cubes: {
      summary: "release figures by hand, take them in, count them anew",
      load: async () => command(await import("../../slices/statistics/cubes.ts"), "cubes"),
      actions: ["export", "import", "rebuild", "status"],
      flags: ["universe NAME", "month YYYY-MM", "out DIR", "json"],
      examples: [["npx hub cubes status", "what is released, and since when"]],
      see: ["publisher", "docs/statistics/jobs.md"],
    },
    reporting: {
      summary: "open and close logins of PostgreSQL for BI tools",
      load: async () => command(await import("../../slices/statistics/reporting.ts"), "reporting"),
      actions: ["open", "close", "list"],
      flags: ["agreement N", "json"],
      examples: [["npx hub reporting open BAPPENAS --agreement PKS-2025-005", "a login for Superset, Metabase or Grafana"]],
      see: ["docs/statistics/reporting.md"],
    },
  },
};
