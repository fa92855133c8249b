/** The 38 provinces as equal tiles, a row a line, Kemendagri codes: our own layout, which keeps who lies west and north of whom. */
const GRID = [
  "11 .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. ..",
  ".. 12 14 21 .. .. .. 65 .. .. 75 71 .. .. .. .. ..",
  ".. 13 15 .. .. 61 62 64 .. 76 72 .. 82 .. 96 92 91",
  ".. .. 17 16 19 .. .. 63 .. 73 74 .. 81 .. .. 94 95",
  ".. .. .. 18 .. .. .. .. .. .. .. .. .. .. .. .. 93",
  ".. .. .. 36 31 33 35 .. .. .. .. .. .. .. .. .. ..",
  ".. .. .. .. 32 34 .. 51 52 53 .. .. .. .. .. .. ..",
];

export interface Tile {
  readonly code: string;
  /** From 1. */
  readonly column: number;
  readonly row: number;
}

export const TILES: readonly Tile[] = GRID.flatMap((line, row) =>
  line.split(" ").flatMap((code, column) => (code === ".." ? [] : [{ code, column: column + 1, row: row + 1 }])),
);

/** Names as short as a tile is. */
const SHORT: Readonly<Record<string, string>> = {
  ...{ "11": "Aceh", "12": "Sumut", "13": "Sumbar", "14": "Riau", "15": "Jambi", "16": "Sumsel", "17": "Bengk.", "18": "Lamp." },
  ...{ "19": "Babel", "21": "Kepri", "31": "DKI", "32": "Jabar", "33": "Jateng", "34": "DIY", "35": "Jatim", "36": "Banten" },
  ...{ "51": "Bali", "52": "NTB", "53": "NTT", "61": "Kalbar", "62": "Kalteng", "63": "Kalsel", "64": "Kaltim", "65": "Kaltara" },
  ...{
    "71": "Sulut",
    "72": "Sulteng",
    "73": "Sulsel",
    "74": "Sultra",
    "75": "Goront.",
    "76": "Sulbar",
    "81": "Maluku",
    "82": "Malut",
  },
  ...{ "91": "Papua", "92": "PBarat", "93": "PSel", "94": "PTeng", "95": "PPeg", "96": "PBD" },
};
export const shortName = (code: string): string => SHORT[code] ?? code;
