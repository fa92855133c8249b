import type * as Plots from "@observablehq/plot";
import { useEffect, useRef } from "react";
import { nonce } from "../../kit/nonce.ts";

type Plot = typeof Plots;
export type Draw = (plot: Plot, width: number) => ReturnType<Plot["plot"]>;

/** A drawing by Observable Plot, which is loaded with the first one. `draw` MUST be the same function until its figures change. */
export function Plotted({ label, draw }: { readonly label: string; readonly draw: Draw }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { current } = place;
    if (!current) return undefined;
    let isGone = false;
    const observer = new ResizeObserver(([entry]) => void drawn(entry?.contentRect.width ?? 0));
    const drawn = async (width: number) => {
      const plot = await import("@observablehq/plot");
      if (!isGone && width > 0) current.replaceChildren(cured(draw(plot, width), label));
    };
    observer.observe(current);
    return () => {
      isGone = true;
      observer.disconnect();
    };
  }, [draw, label]);
  return <div ref={place} className="fig-plot" />;
}

/** Plot writes a style of its own, and names groups that have no role: the one is blocked by our policy, the other by assistive technology. */
function cured<T extends SVGSVGElement | HTMLElement>(drawing: T, label: string): T {
  for (const style of drawing.querySelectorAll("style")) style.nonce = nonce;
  for (const group of drawing.querySelectorAll("g[aria-label]")) group.setAttribute("role", "group");
  drawing.setAttribute("role", "img");
  drawing.setAttribute("aria-label", label);
  return drawing;
}
