import { existsSync, readdirSync, readFileSync } from "node:fs";
import { composeServices, compositionHasErrors } from "@theguild/federation-composition";
import { parse } from "graphql";

export const SLICES = ["population", "welfare", "programs", "banyuwangi", "statistics", "governance"] as const;

/** SDL of a slice with the shared head: one file, and those of its folder where it has many types. */
export function sdlOf(slice: string): string {
  const more = `subgraphs/${slice}/schema`;
  const files = existsSync(more) ? readdirSync(more).map((file) => `${more}/${file}`) : [];
  return ["schema/hub.graphql", `subgraphs/${slice}/schema.graphql`, ...files]
    .map((path) => readFileSync(path, "utf8"))
    .join("\n");
}

/** The supergraph of the hub when these domains, by name with their own SDL, have joined it. */
export function joinedBy(domains: Readonly<Record<string, string>>): string {
  const head = readFileSync("schema/hub.graphql", "utf8");
  const services = [
    ...SLICES.map((slice) => [slice, sdlOf(slice)] as const),
    ...Object.entries(domains).map(([name, sdl]) => [name, `${head}\n${sdl}`] as const),
  ];
  const composed = composeServices(
    services.map(([name, sdl]) => ({ name, url: `http://${name}.invalid`, typeDefs: parse(sdl) })),
  );
  if (compositionHasErrors(composed)) throw new Error(composed.errors.map((error) => error.message).join("\n"));
  return composed.supergraphSdl;
}
