import { createCitizenPages } from "../../../console/citizen/citizen.ts";
import type { CitizenOptions, Person, Question, Told } from "../../../console/citizen/types.ts";
import type { Incoming } from "../../../gateway/types/chain.ts";

export const PERSON: Person = { id: "11111111-1111-4111-8111-111111111111", name: "SITI AMINAH", session: "s-1" };
export const VILLAGE = "3510161001";

const NAMES: Readonly<Record<string, readonly (readonly [code: string, name: string])[]>> = {
  "": [["35", "JAWA TIMUR"]],
  "35": [["3510", "KABUPATEN BANYUWANGI"]],
  "3510": [["351016", "Banyuwangi"]],
  "351016": [
    [VILLAGE, "Pakis"],
    ["3510161002", "Sobo"],
  ],
};

/** Regions as the hub tells them. */
export const regionsOf = ({ variables }: Question): Told => {
  const nodes = (NAMES[String(variables["parent"] ?? "")] ?? []).map(([code, name]) => ({ code, name }));
  return { data: { regions: { nodes, pageInfo: { hasNextPage: false, endCursor: null } } }, errors: [] };
};

/** Regions found by the beginning of a word, each with those it lies in. */
export const regionsFound = ({ variables }: Question): Told => {
  const all = Object.values(NAMES).flat();
  const named = (code: string): object | null => {
    const one = all.find(([known]) => known === code);
    return one ? { code, name: one[1], parent: named(code.slice(0, { 4: 2, 6: 4, 10: 6 }[code.length] ?? 0)) } : null;
  };
  const found = all.filter(([code, name]) => {
    const isBelow = code.startsWith(String(variables["parent"] ?? ""));
    return (
      isBelow &&
      name
        .toLowerCase()
        .split(" ")
        .some((word) => word.startsWith(String(variables["search"])))
    );
  });
  return { data: { regions: { nodes: found.map(([code]) => named(code)) } }, errors: [] };
};

export const failed = (code: Told["errors"][number]["extensions"]["code"]): Told => ({
  data: null,
  errors: [{ message: "", extensions: { code, requestId: "r-1" } }],
});

interface Asking {
  readonly post?: Readonly<Record<string, string | readonly string[]>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The pages over a hub that answers as told; `asked` holds every question, and `faults` what was thrown. */
export function citizens(answer: (question: Question) => Told, options: Partial<CitizenOptions> = {}) {
  const [asked, faults] = [[] as Question[], [] as unknown[]];
  const pages = createCitizenPages({
    ask: async (_, question) => {
      asked.push(question);
      if (question.query.includes("query FindRegions")) return regionsFound(question);
      return question.query.includes("query Regions") ? regionsOf(question) : answer(question);
    },
    bring: async () => ({ data: {}, errors: [] }),
    personOf: async () => PERSON,
    isOwn: ({ headers }) => headers["sec-fetch-site"] === "same-origin",
    key: new Uint8Array(32).fill(7),
    publicUrl: "https://hub.example",
    contact: {},
    onFault: (error) => faults.push(error),
    ...options,
  });
  const open = (path: string, { post, headers = {}, body }: Asking = {}) =>
    pages.answer({
      ...REQUEST,
      url: path,
      headers: { "sec-fetch-site": "same-origin", ...headers },
      method: post || body ? "POST" : "GET",
      body: body ?? (post ? formText(post) : null),
    });
  return { pages, asked, faults, open };
}

const formText = (fields: NonNullable<Asking["post"]>): string => {
  const form = new URLSearchParams();
  for (const [name, values] of Object.entries(fields)) for (const value of [values].flat()) form.append(name, value);
  return form.toString();
};

const REQUEST: Incoming = {
  ...{ requestId: "r-1", receiptId: "r-1", method: "GET", url: "/", headers: {}, body: null, address: "203.0.113.7" },
  ...{ deadline: Number.MAX_SAFE_INTEGER, signal: new AbortController().signal },
};

/** Value of a hidden field of the form with this action, unescaped enough for what forms hold. */
export const hiddenOf = (page: string | Uint8Array, name: string): string =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(String(page))?.[1] ?? "";

/** What a reader reads: no markup, no comments. */
export const textOf = (page: string | Uint8Array): string =>
  String(page)
    .replace(/<!--[\s\S]*?-->/g, "")
    .replace(/<[^>]+>/g, " ")
    .replace(/\s+/g, " ");
