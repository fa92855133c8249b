import { readFileSync } from "node:fs";
import { html } from "../html/html.ts";
import { layout } from "../html/layout.ts";
import { ownPage, redirect } from "../http/answers.ts";
import { formOf } from "../http/forms.ts";
import { cookieOf } from "../http/headers.ts";
import type { Page, Person, Visit } from "../types.ts";

/** Cookie with the id of whom the person looks after; over https bound to this very host, so that no neighbour can plant one. */
const nameOf = ({ protocol }: URL): string => `${protocol === "https:" ? "__Host-" : ""}hub_mewakili`;

/** Whom the person has chosen to look after since they signed in; whether they may, the hub decides at each question. */
export function representingIn(
  cookies: Parameters<typeof cookieOf>[0],
  { forms, url, person }: Pick<Visit, "forms" | "url"> & { readonly person: Person },
): string | null {
  return forms.bound(cookieOf(cookies, nameOf(url)) ?? "", person.session) || null;
}

/** Looks after somebody else from now on, or after oneself again. */
export const represent: Page = (visit) => {
  const form = formOf(visit.request);
  const id = form.value("siapa");
  const { forms, holder, person, url } = visit;
  const token = forms.check(form.value("tanda"), "/warga/mewakili", holder);
  const isGood = token === "good" || token === "too fast";
  if (person === null || !isGood || !/^[\w-]{0,64}$/.test(id)) return redirect("/warga");
  const value = id === "" ? "; Max-Age=0" : forms.bind(id, person.session);
  const cookie = `${nameOf(url)}=${value}; Path=/; HttpOnly; SameSite=Lax${url.protocol === "https:" ? "; Secure" : ""}`;
  return redirect("/warga?pesan=switched", [cookie]);
};

export const COPY = readFileSync(new URL("../../../docs/questions/copy.graphql", import.meta.url), "utf8");

/** All that is held about the person, as a file (UU 27/2022 art. 7, 13). */
export const copy: Page = async (visit) => {
  const { data, errors } = await visit.ask(COPY, { representing: visit.representing, accessesAfter: null });
  if (!data?.["dataSubject"])
    return ownPage(
      layout(visit, {
        title: visit.t("busy.title"),
        body: html`<h1>${visit.t("busy.title")}</h1><p>${visit.t("busy.text")}</p>`,
      }),
      503,
    );
  return {
    status: 200,
    headers: {
      "content-type": "application/json; charset=utf-8",
      "content-disposition": 'attachment; filename="salinan-data-pribadi.json"',
      "cache-control": "no-store",
    },
    body: JSON.stringify({ data, ...(errors.length > 0 && { errors }) }, null, 2),
  };
};

/** Where a second window lands that was opened only to sign in again. */
export const signedIn: Page = (visit) =>
  ownPage(
    layout(visit, {
      title: visit.t("again.done"),
      body: html`<h1>${visit.t("again.done")}</h1><p>${visit.t("again.done.text")}</p>`,
    }),
  );
