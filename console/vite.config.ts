import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** The hub that a development server stands before. */
const HUB = process.env["HUB_CONSOLE_UPSTREAM"] ?? "http://127.0.0.1:4000";
/** What the console asks of the gateway, and what lies beside it there. */
const UPSTREAM = ["graphql", "sign-in", "sign-out", "session", "labels", "schema.graphql", "v1", "data", "data.json", "events"];
const BESIDE = ["match", "evidence", "me", "cek-bansos", "warga", "record", "checkpoint", "tile", "limits.json"];

export default defineConfig({
  root: import.meta.dirname,
  base: "/console/",
  plugins: [react()],
  worker: { format: "es" },
  optimizeDeps: { exclude: ["graphiql/setup-workers/vite"] }, // its workers are imported by address, which no bundle of dependencies keeps
  build: { outDir: "dist", emptyOutDir: true, target: "es2023", reportCompressedSize: false, chunkSizeWarningLimit: 4000 },
  server: { host: "127.0.0.1", proxy: Object.fromEntries([...UPSTREAM, ...BESIDE].map((path) => [`/${path}`, HUB])) },
});
