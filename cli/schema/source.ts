import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { GraphQLError, parse } from "graphql";
import { apiSchemaOf } from "../../schema/sdl/apiSchema.ts";
import { catalogueOf } from "../../schema/sdl/catalogue.ts";
import { textOf } from "../remote/credentials.ts";
import { Misuse, Refused } from "../remote/faults.ts";
import { type Asked, hubOf } from "../remote/hub.ts";
import { schemaOf } from "../remote/schemaOf.ts";
import type { Published } from "./changes/changes.ts";

const HUB_ROOT = join(import.meta.dirname, "../..");
const SUPERGRAPH = "schema/supergraph.graphql";
const CONTROLLERS = "schema/controllers.json";

/** What a schema's text is, and what keeps it from being published. */
interface Text {
  readonly sdl: string;
  readonly controllers: Readonly<Record<string, string>>;
}

/** A schema as it was named: `tree`, `hub`, `git:REF`, or a file. Throws Misuse, Refused and Unfit. */
export async function schemaFrom(source: string, asked: Asked): Promise<Published> {
  const { sdl, controllers } = await textFrom(source, asked);
  try {
    const document = parse(sdl);
    return { api: apiSchemaOf(document), catalogue: catalogueOf(document), controllers };
  } catch (error) {
    if (error instanceof GraphQLError) throw new Misuse(`${source} is no schema: ${error.message}`);
    throw error;
  }
}

/** A working tree that cannot be composed, or breaks a rule of the lint: every fault in a line. */
export class Unfit extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join("\n"));
    this.faults = faults;
  }
}

function textFrom(source: string, asked: Asked): Text | Promise<Text> {
  if (source === "tree") return treeText();
  if (source === "hub") return hubText(asked);
  if (source.startsWith("git:")) return gitText(source.slice("git:".length));
  return { sdl: textOf(source), controllers: {} };
}

/** The slices of this folder, or of the hub this command is of, composed now. */
async function treeText(): Promise<Text> {
  const { build } = await import("../../schema/build.ts").catch(() => {
    throw new Refused("a working tree is composed with the development packages: npm install");
  });
  const { files, faults } = await build(existsSync("subgraphs") ? process.cwd() : HUB_ROOT);
  if (faults.length > 0) throw new Unfit(faults);
  return { sdl: files.get(SUPERGRAPH) ?? "", controllers: controllersIn(files.get(CONTROLLERS)) };
}

/** The schema as it is kept at a commit. */
function gitText(ref: string): Text {
  if (ref === "" || ref.startsWith("-")) throw new Misuse("name a commit, tag or branch: git:HEAD");
  const show = (path: string) =>
    execFileSync("git", ["show", `${ref}:./${path}`], {
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
      stdio: ["ignore", "pipe", "ignore"],
    });
  try {
    return { sdl: show(SUPERGRAPH), controllers: controllersIn(show(CONTROLLERS)) };
  } catch {
    throw new Misuse(`git knows no ${SUPERGRAPH} at ${ref} here`);
  }
}

const controllersIn = (json = "{}"): Text["controllers"] => JSON.parse(json) as Record<string, string>;

/** What the caller's agreement sees. */
const hubText = async (asked: Asked): Promise<Text> => ({ sdl: await schemaOf(await hubOf(asked)), controllers: {} });
