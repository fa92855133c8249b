import { closeSync, mkdirSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type FileRow, openFile, type ProgramFile } from "../../drizzle/synthetic/files/fileRows.ts";
import { SOURCES } from "../../drizzle/synthetic/files/sources.ts";
import { loadRegions } from "../../drizzle/synthetic/regions.ts";
import { type Household, householdsOf, openRegister, type RegisterPerson } from "../../drizzle/synthetic/register/register.ts";
import { csvLine } from "../../schema/values/csv.ts";

export const help = `
Usage: npx hub synth --people N --out DIR [--seed S] [--absent SHARE]

Writes a made-up register of about N people and four programs' files about them, with the truth beside: what matching is measured on.
The same options give the same bytes.

  register.csv                     id,nik,no_kk,nama,jenis_kelamin,tanggal_lahir,tempat_lahir,nama_ibu,kode_desa,status
  dtks.csv pkh.csv bpnt.csv bst.csv   baris,nik,no_kk,nama,jk,tgl_lahir,tempat_lahir,nama_ibu,kode_desa
  truth.csv                        file,row,person,isAbsent,tradition (file "register": a second record of a person)

Dates: register and dtks YYYY-MM-DD, pkh DD-MM-YYYY, bpnt DD/MM/YYYY, bst YYYYMMDD.

  --seed     any text (default 1); also draws how often which fault occurs
  --absent   share of the people who are not in the register, 0 to 0.9 (default 0.17)
Exit codes: 0 written, 2 wrong usage.
`;

const HEADERS = {
  register: "id,nik,no_kk,nama,jenis_kelamin,tanggal_lahir,tempat_lahir,nama_ibu,kode_desa,status\n",
  file: "baris,nik,no_kk,nama,jk,tgl_lahir,tempat_lahir,nama_ibu,kode_desa\n",
  truth: "file,row,person,isAbsent,tradition\n",
};

/** `argv`: what follows `synth`. */
export async function synth(argv: readonly string[]): Promise<number> {
  const options = {
    people: { type: "string", default: "" },
    seed: { type: "string", default: "1" },
    absent: { type: "string", default: "0.17" },
    out: { type: "string", default: "" },
  } as const;
  const { values } = parseArgs({ args: [...argv], options });
  const [people, absent] = [Number(values.people), Number(values.absent)];
  const faults = [
    Number.isInteger(people) && people >= 1 && people <= 50_000_000 ? "" : "--people must be a whole number, 1 to 50000000",
    absent >= 0 && absent <= 0.9 ? "" : "--absent must be a share, 0 to 0.9",
    values.out === "" ? "--out must name a folder" : "",
  ].filter((fault) => fault !== "");
  for (const fault of faults) process.stderr.write(`hub synth: ${fault}\n`);
  if (faults.length > 0) return 2;
  const register = openRegister({ seed: values.seed, people, absent, regions: await loadRegions() });
  const files = SOURCES.map((source) => ({
    name: source.toLowerCase(),
    file: openFile({ seed: values.seed, source }, register),
  }));
  process.stdout.write(`${write(values.out, files, householdsOf(register))}\n`);
  return 0;
}

interface Named {
  readonly name: string;
  readonly file: ProgramFile;
}

/** One pass over the households; nothing of them stays in memory. Says how many rows there are. */
function write(folder: string, files: readonly Named[], households: Iterable<Household>): string {
  mkdirSync(folder, { recursive: true });
  const open = (name: string, header: string) => new Sink(join(folder, `${name}.csv`), header);
  const register = open("register", HEADERS.register);
  const truth = open("truth", HEADERS.truth);
  const sinks = files.map(({ name }) => open(name, HEADERS.file));
  for (const household of households) {
    for (const person of household.people) writePerson(register, truth, person);
    for (const [at, { name, file }] of files.entries())
      for (const row of file.rowsOf(household)) {
        sinks[at]?.line(fieldsOf(row));
        truth.line([name, String(row.row), row.truth, String(row.isAbsent), row.tradition]);
      }
  }
  for (const sink of [register, truth, ...sinks]) sink.close();
  return [`register ${register.lines}`, ...files.map(({ name }, at) => `${name} ${sinks[at]?.lines}`)].join(", ");
}

function writePerson(register: Sink, truth: Sink, person: RegisterPerson): void {
  if (person.isAbsent) return;
  const { id, nik, familyCard, name, sex, birthDate, birthPlace, motherName, village, state } = person;
  register.line([id, nik, familyCard, name, sex, birthDate, birthPlace, motherName, village, state]);
  if (person.person !== id) truth.line(["register", id, person.person, "false", person.tradition]);
}

const fieldsOf = ({ row, nik, familyCard, name, sex, birthDate, birthPlace, motherName, village }: FileRow) => [
  String(row),
  nik,
  familyCard,
  name,
  sex,
  birthDate,
  birthPlace,
  motherName,
  village,
];

const FLUSHED = 256 * 1024; // characters

/** A file written in large pieces. */
class Sink {
  lines = 0;
  readonly #file: number;
  #held: string;

  constructor(path: string, header: string) {
    this.#file = openSync(path, "w");
    this.#held = header;
  }

  line(fields: readonly string[]): void {
    this.lines += 1;
    this.#held += csvLine(fields);
    if (this.#held.length > FLUSHED) this.#flush();
  }

  close(): void {
    this.#flush();
    closeSync(this.#file);
  }

  #flush(): void {
    writeFileSync(this.#file, this.#held);
    this.#held = "";
  }
}
