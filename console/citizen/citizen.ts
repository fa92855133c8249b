import type { Incoming } from "../../gateway/types/chain.ts";
import type { FaceAnswer } from "../../gateway/types/faces.ts";
import { dayInWib } from "../../schema/values/wib.ts";
import { dayOf } from "./format.ts";
import { STYLE_PATH, styleSheet } from "./html/style.ts";
import { redirect } from "./http/answers.ts";
import { isOverfull } from "./http/forms.ts";
import { createFormKey, type FormKey } from "./http/formToken.ts";
import { cookieOf } from "./http/headers.ts";
import { createPatience } from "./http/patience.ts";
import { OWN_PAGES, signInFirst } from "./own/pages.ts";
import { representingIn } from "./own/represent.ts";
import { accountability, accountabilityFile } from "./public/accountability.ts";
import { busyPage } from "./public/busy.ts";
import { cekBansos } from "./public/cekBansos.ts";
import { help, landing, missing, refusedForm, securityTxt } from "./public/plain.ts";
import { createRegions, Unread } from "./public/regions.ts";
import { cekBansosResult } from "./public/result.ts";
import { translator } from "./text/texts.ts";
import type { CitizenOptions, Page, Question, Visit } from "./types.ts";

export interface CitizenPages {
  /** Paths that belong to them; `*` at the end stands for anything. */
  readonly paths: readonly string[];
  /** Answers a request of one of these. Never rejects. */
  answer(request: Incoming): Promise<FaceAnswer>;
}

const PATHS = [
  ...["/", "/cek-bansos", "/warga", "/warga/*", "/akuntabilitas", "/akuntabilitas/laporan.csv", "/bantuan", "/citizen/*"],
  "/.well-known/security.txt",
];
const LANGUAGE = "hub_lang";
const YEAR_S = 365 * 24 * 60 * 60;
/** How long somebody should wait for what cannot be read. */
const COME_BACK_S = 15;

/** Pages for citizens, made on the server: they need no script, and ask the hub like any of its clients. */
export function createCitizenPages(options: CitizenOptions): CitizenPages {
  const forms = createFormKey(options.key);
  const regions = createRegions();
  const pages: Readonly<Record<string, Page>> = {
    "GET /": landing,
    "GET /cek-bansos": cekBansos(regions),
    "POST /cek-bansos": cekBansosResult({ regions, patience: createPatience() }),
    "GET /akuntabilitas": accountability,
    "GET /akuntabilitas/laporan.csv": accountabilityFile,
    "GET /bantuan": help,
    "GET /.well-known/security.txt": securityTxt,
    [`GET ${STYLE_PATH}`]: styleSheet,
    ...OWN_PAGES,
  };
  return {
    paths: PATHS,
    async answer(request) {
      const url = addressOf(request, options.publicUrl);
      const visit = await visitOf(request, { options, forms, url });
      try {
        return await answered(visit, pages);
      } catch (error) {
        if (!(error instanceof Unread)) options.onFault?.(error);
        return busyPage(visit, { seconds: COME_BACK_S, to: isPersonal(url) ? "/warga" : url.pathname });
      }
    },
  };
}

/** By the page of its address; first comes whoever must sign in, and whoever changes the language. */
async function answered(visit: Visit, pages: Readonly<Record<string, Page>>): Promise<FaceAnswer> {
  const { request, url, person } = visit;
  const method = request.method === "HEAD" ? "GET" : request.method;
  if (method === "GET" && isLanguage(url.searchParams.get("lang"))) return inLanguage(url);
  if (method === "POST" && isOverfull(request)) return refusedForm(visit);
  if (isPersonal(url) && person === null) return signInFirst(visit, method);
  return (pages[`${method} ${url.pathname.replace(/(.)\/$/, "$1")}`] ?? missing)(visit);
}

/** The address of a request on the hub's own host, whatever it begins with: `//`, `/\\` and `/.//` lead to no other. */
function addressOf(request: Incoming, publicUrl: string): URL {
  const [, pathname = "/", search = ""] = /^([^?#]*)([^#]*)/.exec(request.url) ?? [];
  const url = Object.assign(new URL(publicUrl), { pathname, search });
  url.pathname = url.pathname.replace(/^\/+/, "/"); // dots and backslashes are resolved by now
  return url;
}

const isPersonal = ({ pathname }: URL): boolean => /^\/warga(\/|$)/.test(pathname);
const isLanguage = (text: string | null): boolean => text === "id" || text === "en";

/** `?lang=` on any page is kept for a year, and taken out of the address. */
function inLanguage(url: URL): FaceAnswer {
  const rest = new URLSearchParams(url.searchParams);
  const chosen = rest.get("lang");
  rest.delete("lang");
  const to = rest.size > 0 ? `${url.pathname}?${rest}` : url.pathname;
  const cookie = `${LANGUAGE}=${chosen}; Path=/; Max-Age=${YEAR_S}; SameSite=Lax${url.protocol === "https:" ? "; Secure" : ""}`;
  return redirect(to, [cookie]);
}

interface VisitOptions {
  readonly options: CitizenOptions;
  readonly forms: FormKey;
  readonly url: URL;
}

async function visitOf(request: Incoming, { options, forms, url }: VisitOptions): Promise<Visit> {
  const cookies = request.headers["cookie"];
  const language = cookieOf(cookies, LANGUAGE) === "en" ? "en" : "id";
  const asked: Incoming = { ...request, headers: { ...request.headers, "accept-language": language } };
  const as: Question["as"] = isPersonal(url) ? "person" : "portal";
  const known = isPersonal(url) ? await options.personOf(request) : null;
  const person = known && { ...known, id: known.id.replace(/^person:/, "") };
  const representing = person && representingIn(cookies, { forms, url, person });
  return {
    ...{ request, url, language, forms, person, representing },
    t: translator(language),
    holder: { person: person?.id ?? "", representing: representing ?? "" },
    isOwn: options.isOwn(request),
    contact: options.contact,
    host: url.host,
    today: dayOf(dayInWib(new Date()), language),
    ask: (query, variables = {}) => options.ask(asked, { query, variables, as }),
    bring: (evidence) => options.bring(asked, evidence),
  };
}
