import { useText } from "../../kit/text.tsx";
import { useAnswer } from "../../kit/use/useAnswer.ts";
import { PROVINCES, REGION } from "../questions.ts";
import { COUNTRY, pathTo } from "./asked.ts";
import { titled } from "./names.ts";

export interface Named {
  readonly code: string;
  readonly name: string;
}

interface Above {
  readonly name: string | null;
  readonly parent?: Above | null;
}

interface Answered {
  readonly region?: Above | null;
  readonly regions: { readonly nodes: readonly { readonly code: string; readonly name: string | null }[] | null } | null;
}

/** Names along the way to a region, from the country on, and the regions right below it. The code stands in where nobody can name it. */
export function useRegion(region: string): { readonly path: readonly Named[]; readonly below: readonly Named[] } {
  const { t } = useText();
  const isCountry = region === COUNTRY;
  const { data } = useAnswer<Answered>(isCountry ? PROVINCES : REGION, isCountry ? {} : { region });
  const names = namesUpward(data?.region ?? null).reverse();
  const path = pathTo(region).map((code, at) => ({
    code,
    name: at === 0 ? t("figures.country") : titled(names[at - 1] ?? code),
  }));
  return { path, below: (data?.regions?.nodes ?? []).map(({ code, name }) => ({ code, name: titled(name ?? code) })) };
}

const namesUpward = (region: Above | null | undefined): (string | null)[] =>
  region ? [region.name, ...namesUpward(region.parent)] : [];
