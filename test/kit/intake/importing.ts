import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, vi } from "vitest";
import { importMembers } from "../../../cli/data/import.ts";
import { SLICES } from "../../../drizzle/client.ts";
import { asRole, useDatabases } from "../database.ts";

interface Told {
  readonly code: number;
  readonly summary: Readonly<Record<string, unknown>>;
  readonly said: string;
  /** The rejected file, or empty. */
  readonly rejected: string;
}

/** `npx hub import` in this process, on the test file's own databases and a folder of its own. */
export function useImport() {
  const databases = useDatabases();
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "hub-import-"));
    for (const slice of SLICES) {
      vi.stubEnv(`HUB_DATABASE_URL_${slice.toUpperCase()}`, databases.urls[slice].runtime);
      vi.stubEnv(`HUB_DATABASE_OWNER_URL_${slice.toUpperCase()}`, databases.urls[slice].owner);
    }
    vi.stubEnv("HUB_DATABASE_URL_GATEWAY", databases.urls.gateway);
    vi.stubEnv("HUB_DATABASE_URL_RECORD", databases.urls.record);
    vi.stubEnv("HUB_ENV", "dev");
  });
  afterEach(() => vi.restoreAllMocks());
  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });

  const pathOf = (name: string) => join(folder, name);
  return {
    pathOf,
    run,
    /** Writes the file and imports it. */
    importFile(name: string, content: string | Buffer, ...more: string[]): Promise<Told> {
      writeFileSync(pathOf(name), content);
      return run("members", pathOf(name), "--json", ...more);
    },
    ask: (text: string) => asRole(databases.urls.welfare.owner, async (client) => [...(await client.unsafe(text))]),
    /** Members with their family's card and household. */
    stored: (where: string) =>
      asRole(databases.urls.welfare.owner, async (client) => [
        ...(await client.unsafe(`select m.*, f.claimed_card_number, h.address, h.region as home from welfare.member m
          join welfare.family f on f.id = m.family_id join welfare.household h on h.id = m.household_id
          where ${where} order by m.idsemesta, m.suffix`)),
      ]),
  };
}

async function run(...argv: string[]): Promise<Told> {
  const out: string[] = [];
  const said: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => out.push(String(text)) > 0);
  vi.spyOn(process.stderr, "write").mockImplementation((text) => said.push(String(text)) > 0);
  const code = await importMembers(argv);
  vi.restoreAllMocks();
  const rejected = `${argv[1]}.rejected.csv`;
  return {
    code,
    summary: out.length > 0 ? JSON.parse(out.join("")) : {},
    said: said.join(""),
    rejected: existsSync(rejected) ? readFileSync(rejected, "utf8") : "",
  };
}

export const HEADER = "idsemesta,NIK,NOKK,Nama,Alamat,id_kec,id_desa";
let serial = 9100;

/** A good row, but for what is told; each has a NIK of its own. */
export function row(
  id: string,
  told: Partial<Record<"nik" | "card" | "name" | "address" | "district" | "village", string>> = {},
): string {
  if (told.nik === undefined) serial += 1;
  const { nik = `351016120488${serial}`, card = "3510161106180001", name = "WARGA UJI" } = told;
  const { address = "DUSUN KRAJAN", district = "351016", village = "3510161001" } = told;
  return [id, nik, card, name, address, district, village].join(",");
}

export const lines = (text: string): string[] => text.trimEnd().split(/\r?\n/);
