import { defineConfig } from "drizzle-kit";

// HUB_SLICE=welfare npx drizzle-kit generate --name what_changed     (add --custom for FORCE RLS, grants, triggers)
const slice = process.env["HUB_SLICE"] ?? "population";
/** Files of tables beside the slice's own. */
const MORE: Readonly<Record<string, readonly string[]>> = {
  population: ["individuals", "civil", "rollup/population"].map((name) => `./drizzle/tables/${name}.ts`),
  welfare: [
    "office",
    "registry",
    "proposals",
    "evidence",
    "changes",
    "ranking",
    "determination",
    "objections",
    "needs",
    "exchange",
    "quality",
    "rollup/welfare",
  ].map((name) => `./drizzle/tables/${name}.ts`),
  programs: [
    "office",
    "catalogue",
    "candidates",
    "selection",
    "history",
    "school",
    "contribution",
    "payments",
    "families",
    "events",
    "../rollup/programs",
  ].map((name) => `./drizzle/tables/aid/${name}.ts`),
  governance: ["agreement", "duty", "record", "rights", "oversight", "subscription", "exports", "border"].map(
    (name) => `./drizzle/tables/${name}.ts`,
  ),
};

export default defineConfig({
  dialect: "postgresql",
  schema: [`./drizzle/tables/${slice}.ts`, ...(MORE[slice] ?? [])],
  out: `./drizzle/migrations/${slice}`,
  schemaFilter: [slice],
});
