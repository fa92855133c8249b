import { defineConfig } from "drizzle-kit";

// HUB_SLICE=welfare npx drizzle-kit generate --name what_changed     (add --custom for FORCE RLS, grants, triggers)
const slice = process.env["HUB_SLICE"] ?? "population";

export default defineConfig({
  dialect: "postgresql",
  schema: `./drizzle/${slice}.ts`,
  out: `./drizzle/migrations/${slice}`,
  schemaFilter: [slice],
});
