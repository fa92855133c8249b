import type { FaceAnswer } from "../../../gateway/types/faces.ts";
import { type Hole, type Html, html } from "../html/html.ts";
import { layout } from "../html/layout.ts";
import { ownPage } from "../http/answers.ts";
import type { Visit } from "../types.ts";

/** Too many ask, or something cannot be read: says so and comes back by itself. */
export const busyPage = (visit: Visit, back: ComingBack): FaceAnswer => ownPage(busy(visit, back), 503, comingBack(back));

interface ComingBack {
  readonly seconds: number;
  readonly to: string;
}

/** For browsers and for programs. As a header: what is read is left alone where the reader has turned such things off. */
export const comingBack = ({ seconds, to }: ComingBack): Record<string, string> => ({
  "retry-after": String(seconds),
  refresh: `${seconds};url=${to}`,
});

/** The page itself; `more` stands below. */
export function busy(visit: Visit, { seconds, to }: ComingBack, more: Hole = null): Html {
  const { t } = visit;
  const body = html`<h1>${t("busy.title")}</h1><p class="lead">${t("busy.text")}</p>${more}
<p>${t("busy.refresh", { seconds })}</p><p><a class="button" href="${to}">${t("busy.again")}</a></p>`;
  return layout(visit, { title: t("busy.title"), body });
}
