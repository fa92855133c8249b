import { existsSync } from "node:fs";
import { defineConfig } from "drizzle-kit";

// HUB_SLICE=welfare npx drizzle-kit generate --name what_changed     (add --custom for FORCE RLS, grants, triggers)
const slice = process.env["HUB_SLICE"] ?? "population";

export default defineConfig({
  dialect: "postgresql",
  schema: [`./drizzle/tables/${slice}`, `./drizzle/tables/${slice}.ts`, `./drizzle/tables/rollup/${slice}.ts`].filter(existsSync),
  out: `./drizzle/migrations/${slice}`,
  schemaFilter: [slice],
});
