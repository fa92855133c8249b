import { openLoadPool } from "../../../../drizzle/copy.ts";
import { devAttestationKeys } from "../../../../subgraphs/kit/serve/config.ts";
import { takeRelease } from "../../../../subgraphs/statistics/publication/intake.ts";
import { HOUSEHOLDS, linesOf, manyCells } from "../publisher/releaseKit.ts";

// A process of its own, to be killed: takes a large release in, and says how much memory that took. Arguments: address, cells, number.
const [url = "", cells = "0", number = "1"] = process.argv.slice(2);
const lines = linesOf({ ...HOUSEHOLDS, number: Number(number) }, manyCells(Number(cells)));

async function* told(): AsyncGenerator<string> {
  for (const [at, line] of lines.entries()) {
    if (at === Math.floor(lines.length / 2)) process.stdout.write("half\n");
    yield line;
  }
}

const pool = openLoadPool(url, { max: 1 });
await pool.load((loader) => takeRelease(loader, told(), devAttestationKeys()));
await pool.end();
process.stdout.write("taken\n");
