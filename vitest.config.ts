import { createRequire } from "node:module";
import { defineConfig } from "vitest/config";

// vitest would hand the tests graphql's ESM build while Node gives its CommonJS build to the packages: two realms, no shared schema
const graphql = { find: /^graphql$/, replacement: createRequire(import.meta.url).resolve("graphql") };

export default defineConfig({
  resolve: { alias: [graphql] },
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/bench/**"],
    env: { HUB_ENV: "dev" },
    globalSetup: "test/kit/globalSetup.ts",
    pool: "forks",
    maxWorkers: 2,
    // files share their worker's modules, which took a fifth of the time to load: whoever stubs, spies or listens puts it back
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
