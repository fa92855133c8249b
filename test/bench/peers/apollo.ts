// @apollo/gateway with nothing on: no token, no policy, no record. It signs its calls, because our subgraphs answer nobody else;
// that costs it the hash of a body and one HMAC a fetch (measured: 0.02 to 0.1 ms). Run by test/bench/gateway/gateway.ts.
import { readFileSync } from "node:fs";
import { ApolloGateway, RemoteGraphQLDataSource } from "@apollo/gateway";
import { ApolloServer } from "@apollo/server";
import { startStandaloneServer } from "@apollo/server/standalone";
import { parse } from "graphql";
import { createMinter, ENVELOPE_HEADER } from "../../../schema/caller.ts";
import { coordinatesInSupergraph } from "../../../schema/sdl/coordinates.ts";

const { supergraph, secrets, urls, port, caller } = JSON.parse(process.env.BENCH_PEER ?? "{}");
const sdl = readFileSync(supergraph, "utf8");
const document = parse(sdl);

const gateway = new ApolloGateway({
  supergraphSdl: sdl,
  buildService: ({ name }) => {
    const list = coordinatesInSupergraph(document, String(name).toUpperCase());
    const verbs = { output: list.coordinates, internal: [], arguments: list.coordinates };
    const mint = createMinter({ audience: String(name), secret: secrets[String(name)], list });
    return new RemoteGraphQLDataSource({
      url: urls[String(name)],
      fetcher: (url, init) =>
        fetch(url, { ...init, headers: { ...init?.headers, [ENVELOPE_HEADER]: mint({ caller, verbs, body: String(init?.body) }) } } as RequestInit) as never,
    });
  },
});
const server = new ApolloServer({ gateway, nodeEnv: "production", introspection: false });
const { url } = await startStandaloneServer(server, { listen: { port, host: "127.0.0.1" } });
process.stdout.write(`${url}\n`);
