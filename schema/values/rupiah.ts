/** Whole rupiah as decimal digits: amounts exceed what a JavaScript number or a GraphQL Int can be trusted with. */
export function parseRupiah(text: string): string | null {
  return /^-?(0|[1-9][0-9]{0,17})$/.test(text) && text !== "-0" ? text : null;
}

/** Part of a yearly amount for some months, rounded down as the decrees' tables are: 2,000,000 a year are 333,333 for two months. */
export const portionOf = (yearAmount: bigint, months: number): bigint => (yearAmount * BigInt(months)) / 12n;
