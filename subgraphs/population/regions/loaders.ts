import { type Page, type Paging, pageOf } from "../../kit/page.ts";
import type { Asking } from "../../kit/serve/context.ts";
import type { RegionRow } from "../data.ts";
import { countRegions, listRegions } from "./data.ts";
import { wordsOf } from "./words.ts";

export type RegionPage = Page<RegionRow>;

interface RegionsAsked extends Paging {
  readonly parent?: string | null;
  readonly search?: string | null;
}

export const regions = ({ db, cursors }: Asking) => ({
  regions({ parent = null, search = null, ...paging }: RegionsAsked): RegionPage {
    const list = { parent, words: search === null ? null : wordsOf(search) };
    return pageOf(paging, {
      of: search === null ? "regions" : "regions:found",
      cursors,
      positionOf: ({ code }) => (search === null ? [code] : [code.length, code]),
      rows: (window) => listRegions(db, list, window),
      count: () => countRegions(db, list),
    });
  },
});
