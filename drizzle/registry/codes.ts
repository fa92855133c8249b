/** Closed code lists of the survey: texts of the codes 1, 2, 3 … of a variable, by its raw name. */
type Codes = Readonly<Record<string, readonly string[]>>;

const CONDITION = ["Bagus/kualitas tinggi", "Jelek/kualitas rendah"];

export const HOUSEHOLD_CODES: Codes = {
  Sta_bangunan: ["Milik sendiri", "Kontrak/sewa", "Bebas sewa", "Dinas", "Lainnya", "Tidak punya tempat tinggal"],
  Sta_lahan: ["Milik sendiri", "Milik orang lain", "Tanah negara", "Lainnya"],
  Lantai: ["Marmer/granit", "Keramik", "Parket/vinil/permadani", "Ubin/tegel", "Kayu/papan", "Semen/plesteran", "Bambu", "Tanah"],
  Dinding: [
    "Tembok",
    "Plesteran anyaman bambu",
    "Kayu/papan",
    "Anyaman bambu",
    "Bambu",
    "Tembok tanpa plester",
    "Seng/terpal/kardus",
  ],
  Kondisi_dinding: CONDITION,
  Atap: ["Beton", "Genteng", "Asbes", "Seng", "Bambu", "Kayu/sirap", "Ijuk/rumbia"],
  Kondisi_atap: CONDITION,
  Sumber_airminum: [
    "Air kemasan",
    "Leding",
    "Sumur bor/pompa",
    "Sumur terlindung",
    "Sumur tak terlindung",
    "Mata air",
    "Sungai/danau",
    "Air hujan",
  ],
  Sumber_penerangan: ["Listrik PLN", "Listrik non-PLN", "Bukan listrik"],
  Daya: ["450 VA", "900 VA", "1300 VA", "2200 VA", "Lebih dari 2200 VA", "Tanpa meteran"],
  bb_masak: [
    "Listrik",
    "Gas lebih dari 3 kg",
    "Gas 3 kg",
    "Gas kota/biogas",
    "Minyak tanah",
    "Briket/arang",
    "Kayu bakar",
    "Tidak memasak",
  ],
  Fasbab: ["Sendiri", "Bersama", "Umum", "Tidak ada"],
  Kloset: ["Leher angsa", "Plengsengan", "Cemplung/cubluk", "Tidak pakai"],
  Buang_tinja: ["Tangki septik", "IPAL", "Lubang tanah", "Sungai/danau/laut", "Pantai/tanah lapang/kebun", "Lainnya"],
  Sta_keberadaan_RT: [
    "Ditemukan",
    "Tidak ditemukan",
    "Pindah/bangunan tidak ada",
    "Bagian rumah tangga lain",
    "Menolak",
    "Ganda",
  ],
};

const RELATION = ["Kepala", "Istri/suami", "Anak", "Menantu", "Cucu", "Orang tua/mertua", "Pembantu rumah tangga", "Lainnya"];

export const MEMBER_CODES: Codes = {
  JnsKel: ["Laki-laki", "Perempuan"],
  Hub_KRT: RELATION,
  Hubkel: RELATION,
  Sta_kawin: ["Belum kawin", "Kawin", "Cerai hidup", "Cerai mati"],
  Ada_akta_nikah: ["Ya, dapat ditunjukkan", "Ya, tidak dapat ditunjukkan", "Tidak"],
  Ada_kartu_identitas: ["Tidak memiliki", "Akta kelahiran", "Kartu pelajar", "KTP", "SIM"],
  Partisipasi_sekolah: ["Belum pernah sekolah", "Masih sekolah", "Tidak sekolah lagi"],
  Pendidikan_tertinggi: ["SD/MI", "SMP/MTs", "SMA/MA", "Perguruan tinggi"],
  Kelas_tertinggi: ["1", "2", "3", "4", "5", "6", "7", "8 (tamat)"],
  Ijazah_tertinggi: ["Tidak punya", "SD", "SMP", "SMA", "D1/D2/D3", "D4/S1", "S2/S3"],
  Lapangan_usaha: [
    "Pertanian",
    "Pertambangan",
    "Industri",
    "Listrik dan gas",
    "Bangunan",
    "Perdagangan",
    "Angkutan",
    "Jasa",
    "Lainnya",
  ],
  Status_pekerjaan: [
    "Berusaha sendiri",
    "Dibantu buruh tak tetap",
    "Dibantu buruh tetap",
    "Buruh/karyawan",
    "Pekerja bebas",
    "Pekerja tak dibayar",
  ],
  Sta_keberadaan_art: ["Dipastikan", "Tidak dipastikan", "Ganda", "Meninggal", "Tanpa dokumen"],
};
