/** What `verifyIdentity` is asked; a variable that is undefined is left out. */
export interface Claim {
  readonly nik: string;
  readonly [element: string]: string | number | undefined;
}

export interface ClaimRead {
  readonly claim: Claim;
  /** Parameters that were sent, by the element of the hub they are part of. */
  readonly tested: ReadonlyMap<string, readonly string[]>;
  /** Parameters that were sent and are none of the register's that may be verified: nothing is told of them. */
  readonly untested: readonly string[];
}

type Fields = Readonly<Record<string, string>>;

/** Texts that go to the hub as they are: parameter, argument, element of the answer. */
const TEXTS = [
  ["NAMA_LGKP", "fullName", "FULL_NAME"],
  ["TMPT_LHR", "birthPlace", "BIRTH_PLACE"],
  ["NAMA_LGKP_IBU", "motherName", "MOTHER_NAME"],
  ["NO_KK", "familyCardNumber", "FAMILY_CARD_NUMBER"],
] as const;
const PLACES = [
  ["NO_PROP", 2],
  ["NO_KAB", 2],
  ["NO_KEC", 2],
  ["NO_KEL", 4],
] as const;
/** Elements of the civil registry that the hub verifies for nobody. */
const UNTESTED = [
  ...["JENIS_PKRJN", "STAT_KWN", "STATUS_KAWIN", "STAT_HBKEL", "AGAMA", "GOL_DRH", "PDDK_AKH", "NO_AKTA_LHR", "KODE_POS"],
  ...["NIK_IBU", "NIK_AYAH", "NAMA_LGKP_AYAH", "DUSUN", "PROP_NAME", "KAB_NAME", "KEC_NAME", "KEL_NAME", "NOMOR_PROP"],
];
/** Of the account at Dukcapil: who asks the hub shows a token. They are never read. */
const ACCOUNT = ["USER_ID", "PASSWORD", "IP_USER", "IP", "ID_LEMBAGA", "NAMA_LEMBAGA"];
const KNOWN = new Set([
  ...["NIK", "TGL_LHR", "JENIS_KLMIN", "ALAMAT", "NO_RT", "NO_RW", "TRESHOLD", "THRESHOLD"],
  ...[...TEXTS, ...PLACES].map(([name]) => name),
  ...[...UNTESTED, ...ACCOUNT],
]);
/** JSON numbers have lost digits of these before anybody can look. */
const WORDS_ONLY = new Set(["NIK", "NO_KK"]);

const SEX: Readonly<Record<string, string>> = {
  ...{ L: "MALE", "LAKI-LAKI": "MALE", "LAKI LAKI": "MALE", LAKILAKI: "MALE", "1": "MALE" },
  ...{ P: "FEMALE", PEREMPUAN: "FEMALE", "2": "FEMALE" },
};

/** "Parameter Tidak Lengkap" or "Parameter Tidak Valid": names the parameter, never its value. */
export class ParameterFault extends Error {
  constructor(kind: "Lengkap" | "Valid", parameter: string) {
    super(`Parameter Tidak ${kind}: ${parameter}`);
  }
}

/** The claim in a body of CALL_VERIFY_BY_ELEMEN. Throws a ParameterFault. Pure. */
export function readClaim(body: string | null): ClaimRead {
  const fields = fieldsOf(body);
  if (fields["NIK"] === undefined) throw new ParameterFault("Lengkap", "NIK");
  const tested = new Map<string, string[]>([["NIK", ["NIK"]]]);
  const texts = TEXTS.filter(([name]) => fields[name] !== undefined).map(([name, argument, element]) => {
    tested.set(element, [name]);
    return [argument, fields[name]] as const;
  });
  const claim: Claim = {
    nik: fields["NIK"],
    ...Object.fromEntries(texts),
    ...bornIn(fields, tested),
    ...livingIn(fields, tested),
    threshold: thresholdOf(fields),
  };
  if (tested.size === 1) throw new ParameterFault("Lengkap", "NAMA_LGKP");
  const counted = new Set([...tested.values()].flat());
  const rest = [...UNTESTED, "NO_RT", "NO_RW"].filter((name) => fields[name] !== undefined && !counted.has(name));
  return { claim, tested, untested: rest };
}

function fieldsOf(body: string | null): Fields {
  const fields: Record<string, string> = {};
  for (const [key, value] of Object.entries(parsedOf(body))) {
    const name = key.toUpperCase();
    if (!KNOWN.has(name)) throw new ParameterFault("Valid", "nama parameter");
    const text = ACCOUNT.includes(name) ? "" : textOf(name, value);
    if (text === "") continue;
    if (fields[name] !== undefined) throw new ParameterFault("Valid", name);
    fields[name] = text;
  }
  return fields;
}

/** Empty: it is not claimed. */
function textOf(name: string, value: unknown): string {
  if (value === null) return "";
  if (typeof value !== "string" && (typeof value !== "number" || WORDS_ONLY.has(name))) throw new ParameterFault("Valid", name);
  const text = String(value).trim();
  return text === "-" ? "" : text;
}

function parsedOf(body: string | null): object {
  try {
    const parsed: unknown = JSON.parse(body ?? "");
    if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) return parsed;
  } catch {
    // the parser's own words repeat what it could not read
  }
  throw new ParameterFault("Valid", "isi permintaan");
}

type Tested = Map<string, string[]>;

function bornIn({ TGL_LHR: day, JENIS_KLMIN: sex }: Fields, tested: Tested): Fields {
  if (day !== undefined) tested.set("BIRTH_DATE", ["TGL_LHR"]);
  if (sex !== undefined) tested.set("SEX", ["JENIS_KLMIN"]);
  return { ...(day !== undefined && { birthDate: dayOf(day) }), ...(sex !== undefined && { sex: sexOf(sex) }) };
}

/** `17-08-1945`, `17/08/1945` or `1945-08-17`; whether there is such a day the hub judges. */
function dayOf(text: string): string {
  const [, day, month, year] = /^(\d{2})[-/](\d{2})[-/](\d{4})$/.exec(text) ?? [];
  if (day !== undefined) return `${year}-${month}-${day}`;
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return text;
  throw new ParameterFault("Valid", "TGL_LHR");
}

function sexOf(text: string): string {
  const sex = SEX[text.toUpperCase()];
  if (sex === undefined) throw new ParameterFault("Valid", "JENIS_KLMIN");
  return sex;
}

function livingIn(fields: Fields, tested: Tested): Fields {
  const { ALAMAT: street, NO_RT: rt, NO_RW: rw } = fields;
  const region = regionOf(fields, tested);
  if (street === undefined) return region; // an RT and RW alone are no address
  tested.set("ADDRESS", ["ALAMAT", ...(rt === undefined ? [] : ["NO_RT"]), ...(rw === undefined ? [] : ["NO_RW"])]);
  return { ...region, address: [street, rt && `RT ${rt}`, rw && `RW ${rw}`].filter(Boolean).join(" ") };
}

/** The deepest region that is named, by Kemendagri's numbers from the province down. */
function regionOf(fields: Fields, tested: Tested): Fields {
  const given = PLACES.filter(([name]) => fields[name] !== undefined);
  if (given.length === 0) return {};
  const gap = PLACES.slice(0, given.length).find(([name]) => fields[name] === undefined);
  if (gap) throw new ParameterFault("Lengkap", gap[0]);
  tested.set(
    "REGION",
    given.map(([name]) => name),
  );
  return { region: given.map(([name, length]) => numberOf(name, fields[name] ?? "", length)).join("") };
}

function numberOf(name: string, text: string, length: number): string {
  const digits = text.replace(/^0+(?=\d)/, "").padStart(length, "0");
  if (!/^\d+$/.test(text) || digits.length !== length) throw new ParameterFault("Valid", name);
  return digits;
}

const STEP = 5;
const MOST = 100;

/** The agreement's floor is the hub's to hold; here the next step up, for a threshold may only be stricter than what was asked. */
function thresholdOf({ TRESHOLD, THRESHOLD }: Fields): number | undefined {
  if (TRESHOLD !== undefined && THRESHOLD !== undefined) throw new ParameterFault("Valid", "THRESHOLD"); // which of the two is meant nobody knows
  const text = TRESHOLD ?? THRESHOLD;
  if (text === undefined) return undefined;
  const asked = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (asked < 1 || asked > MOST) throw new ParameterFault("Valid", "TRESHOLD");
  return STEP * Math.ceil(asked / STEP);
}
