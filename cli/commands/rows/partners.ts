import { ASKING, command, type Group } from "../row.ts";

export const PARTNERS: Group = {
  title: "Ask a hub, this machine's or a remote one",
  rows: {
    token: {
      summary: "print an access token of a ready-made client",
      load: async () => command(await import("../../remote/token.ts"), "token"),
      flags: ["person ID", "json"],
      examples: [["npx hub token bpjs-kesehatan", "good for five minutes"]],
      see: ["grants", "doctor"],
    },
    schema: {
      summary: "fetch a schema, check a changed one, tell what changes for whom",
      load: async () => command(await import("../../schema/schema.ts"), "schema"),
      actions: ["pull", "check", "diff"],
      flags: [
        ...ASKING,
        "out FILE",
        "against SOURCE",
        "documents FILE",
        "steward",
        "changelog",
        "warn DIR",
        "notify DAY",
        "json",
      ],
      examples: [
        ["npx hub schema pull --client bappenas --out hub.graphql", "the schema as this agreement sees it"],
        ["npx hub schema check --against git:HEAD", "compose the working tree; 1 where it breaks what was committed"],
        ["npx hub schema diff old.graphql new.graphql --changelog", "the entry for CHANGELOG.md"],
        [
          "npx hub schema diff git:HEAD tree --steward --client steward.kemensos --agreement PKS-2025-014 --warn notices",
          "a notice for each agreement it touches",
        ],
        [
          "npx hub schema diff git:v1 tree --steward --client operator.hub --notify 2027-01-15",
          "the same in their inbox and portal, once",
        ],
      ],
      see: ["documents", "docs/standards/cli.md"],
    },
    plan: {
      summary: "print how a question would be fetched, and why so",
      load: async () => command(await import("../../schema/plan/plan.ts"), "plan"),
      flags: [...ASKING, "supergraph FILE", "operation NAME", "variables FILE", "json", "mermaid"],
      examples: [
        ["npx hub plan docs/questions/households.graphql", "over the schema of this folder, everything granted"],
        ["npx hub plan question.graphql --client bpjs-kesehatan --variables variables.json", "as the agreement opens it"],
        ["npx hub plan question.graphql --supergraph other.graphql --mermaid", "a flowchart of any supergraph"],
      ],
      see: ["grants", "docs/life-of-a-plan.md"],
    },
    documents: {
      summary: "register and list trusted documents of an agreement",
      load: async () => command(await import("../../remote/documents.ts"), "documents"),
      actions: ["register", "list", "own"],
      flags: [...ASKING, "under N", "token FILE", "json"],
      examples: [
        ["npx hub documents register --agreement PKS-2025-002 --client bpjs-kesehatan documents.json", "all or none"],
        ["npx hub documents list --agreement PKS-2025-002 --client bpjs-kesehatan", "ids, state and names"],
      ],
      see: ["schema", "grants"],
    },
    kit: {
      summary: "write typed documents, or a Postman collection, to begin with",
      load: async () => command(await import("../../kits/kit.ts"), "kit"),
      actions: ["codegen", "postman"],
      flags: [...ASKING, "schema FILE", "to DIR"],
      examples: [
        [
          "npx hub kit codegen --client bpjs-kesehatan --to src/hub questions.graphql",
          "types, hashes and the manifest to register",
        ],
        ["npx hub kit postman --to postman docs/questions/households.graphql", "a collection and its environment"],
      ],
      see: ["documents", "docs/clients/README.md"],
    },
    grants: {
      summary: "what an agreement opens, and why a field is as it is",
      load: async () => command(await import("../../remote/grants.ts"), "grants"),
      actions: ["list", "explain"],
      flags: [...ASKING, "json"],
      examples: [
        ["npx hub grants list --client bpjs-kesehatan", "every grant with its clause"],
        ["npx hub grants explain Person.nik --client bpjs-kesehatan", "the decision about one coordinate"],
        ["npx hub grants explain question.graphql --client bpjs-kesehatan", "the same for all of a question"],
      ],
      see: ["documents", "schema"],
    },
    doctor: {
      summary: "examine an installation, or a remote hub, and say what to do",
      load: async () => command(await import("../../operations/doctor.ts"), "doctor"),
      flags: [...ASKING, "only GROUP", "persons", "log-key VKEY", "json"],
      examples: [
        ["npx hub doctor", "everything of this host, with its settings"],
        ["npx hub doctor --only machine,settings", "two groups of it"],
        ["npx hub doctor --hub https://hub.example --client bpjs-kesehatan --secret-file secret", "a hub as a partner sees it"],
      ],
      see: ["settings", "docs/runbook.md"],
    },
    steward: {
      summary: "sign a decision about an agreement",
      load: async () => command(await import("../../policy/steward.ts"), "steward"),
      actions: ["sign", "key"],
      flags: [
        ...["steward ID", "agreement NUMBER", "version N", "capacity OWNER|DPO", "content HEX"],
        ...["decision APPROVED|REJECTED", "owner AGENCY", "mutation", "key FILE"],
      ],
      examples: [["npx hub steward key --steward steward.kemensos", "the development key of a ready-made steward"]],
      see: ["policy"],
    },
    policy: {
      summary: "publish a schema; versions of agreements as signed files",
      load: async () => command(await import("../../policy/policy.ts"), "policy"),
      actions: ["publish", "key", "export", "verify"],
      flags: ["supergraph FILE", "controllers FILE", "key PUBLIC_KEY", "origin ORIGIN"],
      examples: [
        ["npx hub policy publish", "catalogue and decision tables of the schema in force"],
        ["npx hub policy export PKS-2025-002 1", "a version as a signed file"],
        ["npx hub policy verify PKS-2025-002.json", "without any network"],
      ],
      see: ["steward", "schema"],
    },
  },
};
