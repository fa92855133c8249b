/** Name stock by tradition: our own lists of common given names. `older` were usual before about 1980. */
export interface Tradition {
  readonly male: readonly string[];
  readonly female: readonly string[];
  readonly olderMale: readonly string[];
  readonly olderFemale: readonly string[];
  /** Family names, put last and inherited from the father. */
  readonly families?: readonly string[];
  /** `order`: the Balinese names of birth order; `father`: bin or binti and the father's name, on some; `title`: put before, on some. */
  readonly custom?: "order" | "father" | "title";
  readonly titles?: { readonly male: readonly string[]; readonly female: readonly string[] };
  /** Share of older people with one name only. */
  readonly single: number;
}

const words = (text: string): readonly string[] => text.split(" ");

const MUSLIM_MALE = words(
  "AHMAD MUHAMMAD ABDUL ILHAM RIZKI FADLI HASAN HUSEIN IBRAHIM YUSUF FAUZI HAKIM RAHMAN IKHSAN ARIF HIDAYAT SYAHRUL ZAINAL AMIN NUR IQBAL FARHAN RAFI ALFIAN IRFAN LUTFI FAJAR REZA BAYU HAFIZ",
);
const MUSLIM_FEMALE = words(
  "SITI NUR FATIMAH AISYAH NURHAYATI ROHANI MARYAM HALIMAH RAHMAWATI NURAINI ZAHRA PUTRI SALSABILA NABILA AULIA KHAIRUNNISA LATIFAH AMINAH HASANAH YANTI RATNA INDAH ANISA FITRIANI KARTIKA SARI MAULIDA ZAHRANI SAFITRI",
);

export const TRADITIONS = {
  javanese: {
    male: words(
      "AGUS BUDI EKO JOKO DWI TRI HERU WAHYU RUDI ANDI BAMBANG BAYU DIMAS RIZKI ADITYA YOGA GALIH FAJAR NUGROHO SETIAWAN PRASETYO SANTOSO WIBOWO KURNIAWAN SAPUTRO HIDAYAT PURNOMO SUSILO RAHARJO WICAKSONO",
    ),
    female: words(
      "SRI DWI TRI WAHYUNI ENDANG RINI RINA ANI WATI RATNA DEWI LESTARI PUSPITA RAHAYU NINGSIH UTAMI SETYAWATI HANDAYANI KUSUMA WULANDARI ANGGRAINI MAHARANI PERTIWI AYU INTAN KARTIKA FITRI NOVITA YULIANA MELATI",
    ),
    olderMale: words(
      "SLAMET SUPARMAN SUTRISNO PAIMIN PONIMAN SUKARDI SUGIONO SUMARNO WAGIMAN KASAN NGATIMIN TUKIMIN SARJONO MARSUDI PARTO SUWITO LEGIMAN SUKIRMAN MISDI TUKIRAN SUYATNO SUTARJO SUPRIYADI SUKIMAN",
    ),
    olderFemale: words(
      "SULASTRI SUMIATI PAINEM TUKINEM SUKARTI KASMINAH PONIRAH WAGIYEM SUTINAH SARTINI SUPARTI MARSINAH NGATINEM LASMI RUKMINI SITI SUMINI TUMINI SURATMI KARSINAH MISTI SUPINAH SARINEM POINAH",
    ),
    single: 0.6,
  },
  madurese: {
    male: [...MUSLIM_MALE, ...words("MOH SYAIFUL HOLIL MISBAHUL BADRUS SUBAIDI")],
    female: [...MUSLIM_FEMALE, ...words("ROMLAH HOSNIYAH MISNAWATI SUMIYATI")],
    olderMale: words("MATTALI SAMSURI BUSIRI MARSUKI SAHRI NIWAR MURTADO SUHRI ASMORO MUHDAR"),
    olderFemale: words("MARYATUN SAHRIYA MISRIYA BUNAMI HATIJA SATIYA RUKAYYAH MAIMUNAH NAWIYA"),
    single: 0.6,
  },
  sundanese: {
    male: words(
      "ASEP DEDE UJANG CECEP DADANG ENDANG IWAN YAYAN AGUS RIDWAN RIAN DENI HENDRA GUNAWAN HIDAYAT KURNIA PERMANA NUGRAHA SURYANA RAMDANI MAULANA SOPIAN FIRMANSYAH KOSASIH SUTISNA",
    ),
    female: words(
      "NENENG EUIS IIS LILIS TETI YANI RINA NENG SITI RATNA DEWI NURJANAH KOMARIAH RAHMAWATI ROHAENI SUMIATI HERAWATI NURAENI PUSPITASARI FEBRIANI AMALIA WIDIYANTI MULYANI SOLIHAH",
    ),
    olderMale: words("ENGKOS OTONG ENTIS DARMA SARMIN UDIN OMAN SAHDI KARNA ADANG EMAN SUHERMAN ATANG DULOH"),
    olderFemale: words("ENOK IDAH ICIH ONAH ENTIN KOKOM MIMIN ANIH ISAH EMEH NUNUNG OOM ENCUM UUN"),
    single: 0.45,
  },
  batak: {
    male: words(
      "PARLINDUNGAN TIGOR BONAR MANGASI SAHAT TOGAR JONATHAN SAMUEL DANIEL RONALD HOTMAN MARULI POLTAK RICKY ANDREAS JHON EDWARD BENNY RUDOLF KEVIN",
    ),
    female: words(
      "ROSMAIDA TIURMA LASTRI ROTUA DUMA SARAH MARIA NATALIA ELISABETH RUTH MARTHA HOTMAIDA VERONIKA IMELDA CHRISTINA MEGAWATI LIDIA DEBORA ESTER YOHANA",
    ),
    olderMale: words("JAPANGIAN OMPU TAHI MANGIRING SAUT GAYUS WILMAR TUMPAL HUMALA ALBINUS"),
    olderFemale: words("TIODOR TIAMAN NURSIA SAURMA REMSIA LAMTIUR HELENA DERMINA LONGGA RUMINTA"),
    families: words(
      "SITUMORANG SIMANJUNTAK HUTAPEA NAINGGOLAN SIREGAR HARAHAP LUBIS NASUTION PANJAITAN SIMBOLON SINAGA GINTING SEMBIRING TARIGAN SITORUS MANURUNG PURBA SARAGIH SIHOMBING HUTABARAT GULTOM TAMBUNAN",
    ),
    single: 0,
  },
  minangkabau: {
    male: [...MUSLIM_MALE, ...words("ZULKIFLI YUSRIZAL HENDRI AFRIZAL SYAFRIZAL DEDI RINALDI YULIZAR FEBRIAN ARDIANSYAH")],
    female: [...MUSLIM_FEMALE, ...words("YUSNIDAR ELVIRA DESI YULIA RAHMI AFRIANI MISDAR WELNI ROSNI GUSNITA")],
    olderMale: words("SYAMSUDDIN DJAMALUDDIN AMIRUDDIN BUSTAMI RUSLI ZAINUDDIN NASRUL MARZUKI BAHARUDDIN SUTAN"),
    olderFemale: words("ROSMANIAR NURSIDAH DARNIS JALISAH SYAMSIAR ASNI BAIDAR RAKENA TIMAH DASIMA"),
    single: 0.4,
  },
  malay: {
    male: MUSLIM_MALE,
    female: MUSLIM_FEMALE,
    olderMale: words("ABDULLAH USMAN JAAFAR SULAIMAN HARUN ISMAIL MAHMUD IDRIS RAZALI HAMZAH SALEH DAUD"),
    olderFemale: words("KHADIJAH SALMAH ZAINAB RAMLAH ROKIAH JAMILAH HASNAH SAODAH NORMAH RUBIAH"),
    custom: "father",
    single: 0.3,
  },
  banjar: {
    male: [...MUSLIM_MALE, ...words("RUSDI HAIRUL SYAHRANI NORHAN RAHMADI")],
    female: [...MUSLIM_FEMALE, ...words("NORLAILA RUSDIANA HELDAWATI NORJANNAH MISNAWATI")],
    olderMale: words("HAMDANI MASDAR UTUH ASRANI JUHRI MUHIDIN ARSYAD SAHDAN"),
    olderFemale: words("GALUH MASTORA RUSINAH NORSEHAN MARIATI SAMSIAH ARBAINAH MURNI"),
    custom: "father",
    single: 0.5,
  },
  acehnese: {
    male: [...MUSLIM_MALE, ...words("MUZAKIR MUNAWAR ZULFIKAR SAIFUL MUKHLIS RIZWAN MAIMUN")],
    female: [...MUSLIM_FEMALE, ...words("CUTNI NURLAILA ROSMIATI MURNIATI SAKDIAH NURAFNI")],
    olderMale: words("IBRAHIM ISHAK ABUBAKAR UMAR TAMREN SYAMAUN HANAFIAH NYAK"),
    olderFemale: words("AISYAH RAMLAH KHATIJAH FATIMAH SAADAH RUHAMAH SALAMAH ROHANA"),
    custom: "title",
    titles: { male: ["TEUKU", "TEUNGKU", "SAID"], female: ["CUT", "SYARIFAH"] },
    single: 0.35,
  },
  bugis: {
    male: [...MUSLIM_MALE, ...words("ANDIKA SYAMSUL HASRUL JUMADI ASRUL MUSTAFA BASRI RISAL")],
    female: [...MUSLIM_FEMALE, ...words("HASNI MIRNAWATI JUMRIANI RISKA NURJANNAH SUKMAWATI HASLINDA")],
    olderMale: words("LAUPE LATIF MAPPA BACO AMBO TAHIR SIRAJUDDIN MANSUR DAMANG LAHAMING"),
    olderFemale: words("INDO SITTI MANI HASNAH RABIA BECCE JUMATI SANIA NURSIA HALIJAH"),
    custom: "title",
    titles: { male: ["ANDI", "DAENG", "BASO"], female: ["ANDI", "BESSE", "DAENG"] },
    single: 0.35,
  },
  sasak: {
    male: [...MUSLIM_MALE, ...words("SAHRUL JUMADIL RUSMAN MULIADI SUPARDI")],
    female: [...MUSLIM_FEMALE, ...words("HURIATI MARIANI SAKNAH RUMINI BAIHAQI")],
    olderMale: words("AMAQ SENUN RASIP MUSTIAH SAHDAN KAMARUDIN MUHSIN JUMAHIR"),
    olderFemale: words("INAQ SENIM MISNAH SAKMAH RABIAH SUMENEP MUNAH JUMENAH"),
    custom: "title",
    titles: { male: ["LALU"], female: ["BAIQ"] },
    single: 0.6,
  },
  balinese: {
    male: words(
      "SUARDANA SUDIARTA ARTAWAN WIRAWAN ADNYANA SUPARTA PUTRA SUARTANA MAHENDRA DHARMAYASA SUKERTA ARIMBAWA PRATAMA WIDIANA",
    ),
    female: words("SUARNI WATI DEWI ARINI SUKERTI ASTITI LESTARI MURNIASIH SUARTINI ARIANI WIDIASIH PUSPAYANTI PRATIWI RASNI"),
    olderMale: words("RANTUN SUKRA GELGEL REGEG NYARIKAN LANUS RENENG DANGIN MUDRA RAUH"),
    olderFemale: words("RENTI SUKRI KERTI RUSNI NGASTI LUNGSUR RASTI SENDRI WENTEN NURATI"),
    custom: "order",
    single: 0,
  },
  minahasan: {
    male: words("JOHANIS STEVEN FERDY RIVO MICHAEL CHRISTIAN JEFRY MARTHEN DECKY NOLDY ALEX VICKY"),
    female: words("MEYTI JULIANA MARIA STELLA OLIVIA FEMMY NONTJE CHRISTINE JEANE VIVI LINDA GRACE"),
    olderMale: words("WELLEM HENDRIK ALBERT BERNARD JUSTUS FRANS EVERT PIETER"),
    olderFemale: words("ALTJE NETJE MAGDALENA WILHELMINA LEENTJE ANTJE MARTJE DORTJE"),
    families: words("TUMBELAKA MAMAHIT LUMENTUT RUNTUWENE WOWOR KARUNDENG LASUT MONINTJA PANGEMANAN RORIMPANDEY TENDEAN SUMUAL"),
    single: 0,
  },
  eastern: {
    male: words(
      "YOHANES PETRUS FRANSISKUS ANTONIUS MARSELINUS YOSEF STEFANUS DOMINIKUS AGUSTINUS PAULUS MARKUS SIMON ROBERTUS KRISTOFORUS",
    ),
    female: words(
      "MARIA YULIANA THERESIA AGNES ELISABET KRISTINA VERONIKA ANASTASIA FRANSISKA MARGARETA ROSALINA MARTINA YASINTA KATARINA",
    ),
    olderMale: words("KORNELIS GABRIEL THOMAS BENEDIKTUS LAMBERTUS NIKOLAUS GASPAR ALOYSIUS"),
    olderFemale: words("WILHELMINA BERNADETE MONIKA HELENA SUSANA REGINA PAULINA YUSTINA"),
    families: words(
      "NAHAK SERAN LIU TAEK MANEK BEREK FERNANDEZ DA-COSTA LEWAR TOKAN WUNGO KOTTEN NABEN TEFA BANUNAEK LIMAHELU PATTIASINA LATUHERU MANUHUTU TUHUMURY RUMAHUKUM SAHETAPY",
    ),
    single: 0,
  },
  papuan: {
    male: words("YULIUS OKTOVIANUS MARTHINUS BENYAMIN DEMIANUS YAKOBUS NATANIEL LUKAS ELIAS OTNIEL MELKIAS ISAK FRENGKI YANCE"),
    female: words("YULIANA MARIA DORKAS NAOMI SELINA ORPA YOKBET NOVALINA ADOLFINA MARICE YUSTINA ALFONSINA WELMINA SARCE"),
    olderMale: words("HERMANUS BERNARDUS WILHELMUS KORINUS SEPNAT ZETH EZAU LAURENS"),
    olderFemale: words("MARTHA DOLFINA YOHANA FERONIKA REGINA BATSEBA KLARA AKSAMINA"),
    families: words(
      "KAMBUAYA WENDA KOGOYA TABUNI WANIMBO MURIB MOTE PEKEI GEBZE MAHUZE NDIKEN BALAGAIZE RUMBIAK MANDACAN WAROMI KORWA YIKWA ITLAY ASSO HUBY",
    ),
    single: 0,
  },
} as const satisfies Readonly<Record<string, Tradition>>;

type Name = keyof typeof TRADITIONS;

/** Traditions met in a province, with weights. */
const BY_PROVINCE: Readonly<Record<string, readonly (readonly [Name, number])[]>> = {
  "11": [
    ["acehnese", 9],
    ["javanese", 1],
  ],
  "12": [
    ["batak", 6],
    ["malay", 2],
    ["javanese", 3],
  ],
  "13": [["minangkabau", 1]],
  "18": [
    ["javanese", 7],
    ["malay", 3],
  ],
  "31": [
    ["javanese", 4],
    ["sundanese", 3],
    ["malay", 3],
  ],
  "32": [
    ["sundanese", 8],
    ["javanese", 2],
  ],
  "33": [["javanese", 1]],
  "34": [["javanese", 1]],
  "35": [
    ["javanese", 8],
    ["madurese", 2],
  ],
  "36": [
    ["sundanese", 7],
    ["malay", 3],
  ],
  "51": [
    ["balinese", 9],
    ["javanese", 1],
  ],
  "52": [["sasak", 1]],
  "53": [["eastern", 1]],
  "62": [
    ["banjar", 6],
    ["javanese", 4],
  ],
  "63": [["banjar", 1]],
  "71": [["minahasan", 1]],
  "73": [["bugis", 1]],
  "74": [["bugis", 1]],
  "76": [["bugis", 1]],
  "81": [
    ["eastern", 7],
    ["malay", 3],
  ],
  "82": [["malay", 1]],
};
const PAPUA = [
  ["papuan", 8],
  ["javanese", 1],
  ["bugis", 1],
] as const;
const ELSEWHERE = [
  ["malay", 7],
  ["javanese", 3],
] as const;

export const traditionsOf = (province: string): readonly (readonly [Name, number])[] =>
  BY_PROVINCE[province] ?? (province >= "91" ? PAPUA : ELSEWHERE);
