import { type GraphQLSchema, isEnumType } from "graphql";
import { agencyOf } from "../../../schema/metadata/agencies.ts";
import { REGION_LIST } from "../../../schema/metadata/codeLists.ts";
import type { CubeDefinition } from "../../../schema/statistics/cubes.ts";
import { columnsOf } from "./cells.ts";
import type { Column, ColumnType } from "./encode/columns.ts";
import { FORMATS, MEDIA_TYPES } from "./encode/encode.ts";

/** A release in force, as the statistics tell it. */
export interface CubeRelease {
  readonly period: string;
  readonly number: number;
  readonly asOf: string;
  readonly isFinal: boolean;
  readonly cells: number;
  readonly sha256: string;
}

/** An open cube and what of it is in force, newest month first. */
export interface OpenCube {
  readonly cube: CubeDefinition;
  readonly releases: readonly CubeRelease[];
}

export interface Site {
  /** Address clients know the hub by, without a slash at its end. */
  readonly url: string;
  /** What clients see: its descriptions are the words of the catalogue. */
  readonly api: GraphQLSchema;
}

const LICENCE = "https://creativecommons.org/licenses/by/4.0/";
const DCAT_US = "https://project-open-data.cio.gov/v1.1/schema";
const CSVW = "https://www.w3.org/TR/tabular-data-model/";
/** Kode referensi: what region codes mean. */
const REGION_CODES = {
  nama: "Kode dan data wilayah administrasi pemerintahan",
  penerbit: REGION_LIST.publisher,
  dasar: REGION_LIST.legalBasis,
  kolom: "region_code",
  catatan: "Tanpa titik: 2 angka provinsi, 4 kabupaten/kota, 6 kecamatan, 10 desa/kelurahan; 0 seluruh Indonesia.",
};

/** A catalogue of datasets in the shape of DCAT-US 1.1, which CKAN harvests; each with the four principles of Satu Data (Perpres 39/2019 art. 3). Pure. */
export const catalogueOf = (cubes: readonly OpenCube[], site: Site) => ({
  "@context": `${DCAT_US}/catalog.jsonld`,
  "@id": `${site.url}/data.json`,
  "@type": "dcat:Catalog",
  conformsTo: DCAT_US,
  describedBy: `${DCAT_US}/catalog.json`,
  dataset: cubes
    .map(({ cube, releases }) => ({ cube, releases: releases.filter(({ cells }) => cells > 0) }))
    .filter(({ releases }) => releases.length > 0)
    .map((one) => datasetOf(one, site)),
});

function datasetOf({ cube, releases }: OpenCube, site: Site) {
  const { code, owner, dimensions } = cube;
  const said = wordsOf(site.api, "CubeCode", code);
  const { name, keeper } = agencyOf(owner);
  const months = releases.map(({ period }) => period).sort();
  return {
    "@type": "dcat:Dataset",
    identifier: `${site.url}/data/${code}`,
    ...{
      title: said.title,
      description: descriptionOf(said.text, cube, releases[0]),
      keyword: [said.title, ...dimensions.map(({ name }) => name)],
    },
    modified: newestOf(releases),
    publisher: { "@type": "org:Organization", name: name.id },
    contactPoint: {
      "@type": "vcard:Contact",
      fn: keeper.id,
      hasEmail: `mailto:walidata@${new URL(site.url).hostname}`,
    },
    ...{ accessLevel: "public", license: LICENCE, language: ["id"], theme: ["Kesejahteraan sosial"], spatial: "Indonesia" },
    temporal: `${months[0]}-01/${endOf(months.at(-1) ?? "")}`,
    accrualPeriodicity: cube.refresh === "WEEKLY" ? "R/P1W" : "R/P1M",
    ...{ conformsTo: CSVW, describedBy: tableAt(code, site), describedByType: "application/csvm+json" },
    references: [`${site.url}/labels/id.json`, `${site.url}/metadata/indicators/${code}.json`],
    satuData: satuDataOf(cube, site),
    distribution: FORMATS.map((format) => ({
      "@type": "dcat:Distribution",
      ...{
        title: `${said.title} (${format.toUpperCase()})`,
        format: format.toUpperCase(),
        mediaType: MEDIA_TYPES[format].split(";")[0],
      },
      downloadURL: `${site.url}/data/${code}.${format}`,
      ...{ conformsTo: CSVW, describedBy: tableAt(code, site), describedByType: "application/csvm+json" },
    })),
  };
}

/** Standar data, metadata, interoperabilitas, kode referensi. */
const satuDataOf = (cube: CubeDefinition, site: Site) => ({
  standarData: {
    ...{ konsep: wordsOf(site.api, "CubeCode", cube.code).title, definisi: wordsOf(site.api, "CubeCode", cube.code).text },
    klasifikasi: cube.dimensions.map(({ name, codes, hasTotal }) => ({
      dimensi: name,
      kode: hasTotal ? [...codes, "*"] : codes,
    })),
    ukuran: ["persons", "units", ...(cube.hasTotal ? ["total_rupiah"] : [])],
    satuan: wordsOf(site.api, "StatisticsUnit", cube.unit).title,
  },
  metadata: tableAt(cube.code, site),
  interoperabilitas: FORMATS.map((format) => MEDIA_TYPES[format].split(";")[0]),
  kodeReferensi: [REGION_CODES],
});

const DATATYPES: Readonly<Record<ColumnType, string>> = {
  ...{ text: "string", integer: "integer", rupiah: "integer", boolean: "boolean", instant: "dateTimeStamp" },
};

/** Columns of a cube's table as CSV on the Web describes them (W3C, 2015). Pure. */
export function tableOf({ cube, releases }: OpenCube, site: Site) {
  const said = wordsOf(site.api, "CubeCode", cube.code);
  const keys = ["period", "region_code", ...cube.dimensions.map(({ name }) => name)];
  const codes = new Map(cube.dimensions.map(({ name, codes, hasTotal }) => [name, hasTotal ? [...codes, "*"] : codes]));
  return {
    "@context": ["http://www.w3.org/ns/csvw", { "@language": "id" }],
    url: `${site.url}/data/${cube.code}.csv`,
    ...{
      "dc:title": said.title,
      "dc:description": said.text,
      "dc:license": { "@id": LICENCE },
      "dc:modified": newestOf(releases),
    },
    tableSchema: { columns: columnsOf(cube).map((column) => fieldOf(column, codes.get(column.name))), primaryKey: keys },
  };
}

const fieldOf = ({ name, label, type }: Column, codes: readonly string[] | undefined) => ({
  ...{ name, titles: [name, label], required: !["persons", "units", "total_rupiah"].includes(name) },
  datatype: codes
    ? { base: "string", format: codes.map((code) => code.replace(/[+*]/g, "\\$&")).join("|") }
    : datatypeOf(name, type),
});
const datatypeOf = (name: string, type: ColumnType): string => (name === "period" ? "gYearMonth" : DATATYPES[type]);

/** Of a value of an enum: what people call it, and all that is said of it. */
function wordsOf(api: GraphQLSchema, type: string, code: string): { readonly title: string; readonly text: string } {
  const found = api.getType(type);
  const text = (isEnumType(found) && found.getValue(code)?.description) || code;
  const [title = code] = text.split(/ — |\.$/);
  return { title, text };
}

const PROTECTED =
  "Sel dengan kurang dari 10 orang disamarkan, banyaknya orang dan satuan dibulatkan ke kelipatan 5 dan jumlah dibulatkan sendiri-sendiri, sehingga tidak selalu sama dengan jumlah bagiannya.";
const WITH_SUMS = "Jumlah rupiah dihitung dari banyaknya satuan yang telah dibulatkan dan dibulatkan menurut besar rata-ratanya.";
const OFFICIAL = "Angka sebagaimana ditetapkan: tidak menghitung orang, maka tidak disamarkan dan tidak dibulatkan.";
const protectionOf = ({ isOfficial, hasTotal }: CubeDefinition): string =>
  isOfficial ? OFFICIAL : hasTotal ? `${PROTECTED} ${WITH_SUMS}` : PROTECTED;
const STATES = { true: "final", false: "sementara" } as const;
const descriptionOf = (text: string, cube: CubeDefinition, newest: CubeRelease | undefined): string =>
  newest
    ? `${text} Bulan terbaru: ${newest.period} (${STATES[`${newest.isFinal}`]}, rilis ${newest.number}). ${protectionOf(cube)}`
    : text;

const newestOf = (releases: readonly CubeRelease[]): string =>
  releases
    .map(({ asOf }) => asOf)
    .sort()
    .at(-1) ?? "";
const tableAt = (code: string, { url }: Site): string => `${url}/data/tables/${code}.json`;

/** Last day of a month. */
function endOf(month: string): string {
  const [year = 0, number = 0] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10);
}
