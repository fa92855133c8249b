import { command, type Group } from "../row.ts";

const verify = async () => command(await import("../../record/verify.ts"), "verify");
const VERIFYING = ["key VKEY", "witness VKEY", "checkpoint FILE", "policy-key KEY"];

export const RECORD: Group = {
  title: "The record of access",
  rows: {
    log: {
      summary: "build, sign and serve the tree of the record",
      load: async () => command(await import("../../record/log.ts"), "log"),
      examples: [["npx hub log", "one process beside governance's database"]],
      see: ["witness", "docs/record.md"],
    },
    witness: {
      summary: "cosign the checkpoints of a log",
      load: async () => command(await import("../../record/witness.ts"), "witness"),
      actions: ["key"],
      flags: ["log-key VKEY", "state FILE", "name NAME", "host HOST", "port N"],
      examples: [["npx hub witness key --state witness.json", "its own verifier key, for HUB_WITNESSES"]],
      see: ["log"],
    },
    record: {
      summary: "export the record for those who verify it",
      load: async () => command(await import("../../record/record.ts"), "record"),
      actions: ["export", "key", "continue"],
      examples: [
        ["npx hub record export record-2026", "entries, tags, tiles and checkpoints in a new folder"],
        ["npx hub record key", "the verifier key of the log"],
      ],
      see: ["audit"],
    },
    audit: {
      summary: "re-check the whole record, from an export or the database",
      load: async () => command(await import("../../record/verify.ts"), "audit"),
      actions: ["verify"],
      flags: VERIFYING,
      examples: [
        ["npx hub audit verify record-2026 --key VKEY", "an export, without any network"],
        ["npx hub audit verify", "the database itself"],
      ],
      see: ["record", "docs/record.md"],
    },
    verify: {
      summary: "the same as audit verify",
      load: verify,
      flags: VERIFYING,
      examples: [["npx hub verify record-2026", "believes the key the folder carries, and says so"]],
      see: ["audit"],
    },
  },
};
