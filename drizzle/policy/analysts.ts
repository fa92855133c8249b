/** The ready-made analysts of `npm start`: people who ask what the services of their agency may ask. Rows, not rules. */
export const ANALYSTS: readonly (readonly [id: string, agency: string, name: string])[] = [
  ["analis.bappenas", "BAPPENAS", "Analis perencanaan Bappenas"],
  ["analis.bpjs_kesehatan", "BPJS_KESEHATAN", "Pengembang aplikasi BPJS Kesehatan"],
  ["analis.kemensos", "KEMENSOS", "Analis pemadanan Kementerian Sosial"],
  ["analis.kemendikdasmen", "KEMENDIKDASMEN", "Analis bantuan pendidikan Kemendikdasmen"],
  ["analis.dinsos_banyuwangi", "DINSOS_BANYUWANGI", "Analis data Dinas Sosial Banyuwangi"],
];
