import { createRequire } from "node:module";
import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/kit/vitest/longestFirst.ts";

// vitest would hand the tests graphql's ESM build while Node gives its CommonJS build to the packages: two realms, no shared schema
const graphql = { find: /^graphql$/, replacement: createRequire(import.meta.url).resolve("graphql") };

/** Files that put modules of their own in the place of others. */
const OWN_MODULES = ["test/unit/faces/patienceThreats.test.ts"];

export default defineConfig({
  resolve: { alias: [graphql] },
  test: {
    env: { HUB_ENV: "dev" },
    pool: "forks",
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    // a machine that stalls makes a test late, not wrong
    testTimeout: 180_000,
    hookTimeout: 180_000,
    projects: [
      // files share their worker's modules, which took a fifth of the time to load: whoever stubs, spies or listens puts it back
      {
        extends: true,
        test: {
          name: "shared",
          include: ["test/**/*.test.ts"],
          exclude: ["test/bench/**", ...OWN_MODULES],
          globalSetup: "test/kit/vitest/globalSetup.ts",
          isolate: false,
        },
      },
      { extends: true, test: { name: "own", include: OWN_MODULES } },
    ],
  },
});
