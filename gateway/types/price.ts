/**
 * A key of a released figure, beside 1 of a person's row: it is read from a shelf and counts nobody, but it is carried and written out all the same. Three
 * pages of 10,000 whole cells pass, which are more than half of what an answer may weigh. What is joined to it is priced as anywhere.
 */
const FIGURE = 1 / 8;
/** Stands once a page, not once a row: as cheap as a figure. */
const PAGE_INFO = "PageInfo";

/** What one response key of this type costs, before it is asked and in the answer; `figures` are the types of released figures. */
export const priceOfKey = (type: string, figures: ReadonlySet<string>): number =>
  type === PAGE_INFO || figures.has(type) ? FIGURE : 1;
