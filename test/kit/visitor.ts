/** A browser without a screen: it keeps cookies and follows nothing by itself. Cookies are a host's, whatever the port, as in browsers. */
export class Visitor {
  readonly cookies = new Map<string, string>();
  /** Path of the page that asks; browsers name it in every request. */
  page = "/console/";

  /** As a page of the hub asks: the browser says so. A cookie header given is sent as it is. */
  async ask(
    url: string,
    { headers = {}, ...init }: RequestInit & { readonly headers?: Record<string, string> } = {},
  ): Promise<Response> {
    const own = { "sec-fetch-site": "same-origin", referer: new URL(this.page, url).href, cookie: this.header, ...headers };
    const response = await fetch(url, { redirect: "manual", ...init, headers: own });
    for (const line of response.headers.getSetCookie()) this.keep(line);
    return response;
  }

  /** Follows redirects as a person's click does, until a page comes. */
  async open(url: string, init: Parameters<Visitor["ask"]>[1] = {}): Promise<Response> {
    let at = url;
    let response = await this.ask(at, init);
    for (let left = 10; response.headers.has("location") && left > 0; left -= 1) {
      at = new URL(response.headers.get("location") ?? "", at).href;
      response = await this.ask(at, { headers: { "sec-fetch-site": "cross-site" } });
    }
    return response;
  }

  get header(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  private keep(line: string): void {
    const [pair = ""] = line.split(";");
    const [name, value] = [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)];
    if (/max-age=0\b|expires=thu, 01 jan 1970/i.test(line)) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

/** Somebody who has signed in at the hub, on the embedded issuer's own page: `who` is the id of a steward, or `person:<id>` for a citizen. */
export async function signedIn(hubUrl: string, who: string, to?: string): Promise<Visitor> {
  const visitor = new Visitor();
  const face = who.startsWith("person:") ? "warga" : "console";
  if (face === "warga") visitor.page = "/warga";
  const login = await visitor.open(`${hubUrl}/sign-in?face=${face}${to === undefined ? "" : `&to=${encodeURIComponent(to)}`}`);
  await login.text();
  const answered = await visitor.ask(login.url, { method: "POST", body: new URLSearchParams({ id: who }) });
  if (answered.status !== 303) throw new Error(`nobody can sign in as ${who}`);
  const resumed = await visitor.ask(answered.headers.get("location") ?? "");
  await visitor.ask(resumed.headers.get("location") ?? "", { headers: { "sec-fetch-site": "cross-site" } });
  return visitor;
}
