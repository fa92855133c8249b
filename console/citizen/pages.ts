/** Pages of citizens: what is photographed, and what must be accessible. */
export const PAGES = [
  { path: "/", name: "citizen-landing" },
  { path: "/cek-bansos", name: "citizen-check" },
  { path: "/cek-bansos?wilayah=35.10&cari=pakis", name: "citizen-check-regency" },
  { path: "/cek-bansos?wilayah=3510161001", name: "citizen-check-form" },
  { path: "/akuntabilitas", name: "citizen-accountability" },
  { path: "/bantuan", name: "citizen-help" },
  { path: "/warga", as: "CITIZEN", name: "citizen-home" },
  { path: "/warga/bantuan", as: "CITIZEN", name: "citizen-aid" },
  { path: "/warga/penyaluran?program=PKH", as: "CITIZEN", name: "citizen-trace" },
  { path: "/warga/usulan/baru", as: "CITIZEN", name: "citizen-proposal" },
  { path: "/warga/sanggahan", as: "CITIZEN", name: "citizen-objections" },
  { path: "/warga/sanggahan/baru", as: "CITIZEN", name: "citizen-objection" },
  { path: "/warga/akses", as: "CITIZEN", name: "citizen-accesses" },
  { path: "/warga/permohonan", as: "CITIZEN", name: "citizen-requests" },
  { path: "/warga/permohonan/baru?jenis=CORRECTION", as: "CITIZEN", name: "citizen-request" },
  { path: "/warga/mundur", as: "CITIZEN", name: "citizen-leave" },
] as const;
