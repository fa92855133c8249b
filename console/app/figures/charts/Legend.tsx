import { useText } from "../../kit/text.tsx";
import type { Scale } from "./scale.ts";

/** What the classes of a map or table stand for. */
export function Legend({ scale, format }: { readonly scale: Scale; readonly format: (value: number) => string }) {
  const { t } = useText();
  return (
    <ul className="fig-legend" aria-label={t("figures.legend")}>
      {scale.classes.map(({ number, from, to }) => (
        <li key={number}>
          <span className="fig-swatch" data-class={number} aria-hidden />{" "}
          {from === to ? format(to) : `${format(from)} – ${format(to)}`}
        </li>
      ))}
      <li>
        <span className="fig-swatch" data-class="none" aria-hidden /> {t("figures.withheld")}
      </li>
    </ul>
  );
}
