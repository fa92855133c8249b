/** Provinces and regencies that became others on one day. */
export interface Change {
  /** Day the law was enacted. */
  readonly on: string;
  readonly basis: string;
  /** Numbers of then. */
  readonly before: readonly { readonly kemendagri: string; readonly bps: string }[];
  /** Kemendagri's numbers. A number that stands on both sides was kept by what was left. */
  readonly after: readonly string[];
}

/** No change is written down from before this day: what stood then is where the history begins. */
export const HISTORY_FROM = "2012-01-01";

/**
 * `before > after`, in Kemendagri's numbers; `9101=9401` also says which number of BPS went out of use with it, where that is another one.
 * A regency that only got new numbers, because its province is a new one, stands alone on both sides.
 */
const LAWS: readonly (readonly [on: string, basis: string, ...changes: string[]])[] = [
  [
    "2012-11-16",
    "UU 20/2012",
    ...["64 > 64 65", "6404=6407 > 6501", "6405=6408 > 6503", "6406 > 6502", "6410 > 6504", "6473 > 6571"],
  ],
  ["2012-11-16", "UU 21/2012", "3207 > 3207 3218"],
  ["2012-11-16", "UU 22/2012", "1804 > 1804 1813"],
  ["2012-11-16", "UU 23/2012, UU 24/2012", "9202 > 9202 9211 9212"],
  ["2013-01-11", "UU 2/2013", "6407 > 6407 6411"],
  ["2013-01-11", "UU 3/2013", "5304 > 5304 5321"],
  ["2013-01-11", "UU 4/2013", "7602 > 7602 7606"],
  ["2013-01-11", "UU 5/2013", "7207 > 7207 7211"],
  ["2013-01-11", "UU 6/2013", "8205 > 8205 8208"],
  ["2013-01-11", "UU 7/2013", "1603 > 1603 1612"],
  ["2013-01-11", "UU 8/2013", "7401 > 7401 7411"],
  ["2013-05-11", "UU 12/2013", "7206 > 7206 7212"],
  ["2013-05-11", "UU 13/2013", "7402 > 7402 7412"],
  ["2013-06-10", "UU 16/2013", "1605 > 1605 1613"],
  ["2014-07-23", "UU 14/2014", "7403 > 7403 7413"],
  ["2014-07-23", "UU 15/2014, UU 16/2014", "7404 > 7404 7414 7415"],
  ["2022-07-25", "UU 14/2022, UU 15/2022, UU 16/2022", "91=94 > 91 93 94 95"],
  ["2022-07-25", "UU 14/2022", "9101=9401 > 9301", "9116=9413 > 9302", "9117=9414 > 9303", "9118=9415 > 9304"],
  [
    "2022-07-25",
    "UU 15/2022",
    ...["9104=9404 > 9401", "9107=9411 > 9402", "9108=9410 > 9403", "9109=9412 > 9404"],
    ...["9125=9433 > 9405", "9126=9434 > 9406", "9127=9435 > 9407", "9128=9436 > 9408"],
  ],
  [
    "2022-07-25",
    "UU 16/2022",
    ...["9102=9402 > 9501", "9112=9417 > 9502", "9113=9416 > 9503", "9114=9418 > 9504"],
    ...["9121=9431 > 9505", "9122=9432 > 9506", "9123=9430 > 9507", "9124=9429 > 9508"],
  ],
  [
    "2022-12-08",
    "UU 29/2022",
    ...["92=91 > 92 96", "9201=9107 > 9601", "9204=9106 > 9602", "9205=9108 > 9603"],
    ...["9209=9109 > 9604", "9210=9110 > 9605", "9271=9171 > 9671"],
  ],
];

/** Every change, the oldest first. */
export const CHANGES: readonly Change[] = LAWS.flatMap(([on, basis, ...changes]) =>
  changes.map((change) => {
    const [before = "", after = ""] = change.split(" > ");
    return { on, basis, before: before.split(" ").map(numbersOf), after: after.split(" ") };
  }),
);

function numbersOf(text: string): Change["before"][number] {
  const [kemendagri = "", bps = kemendagri] = text.split("=");
  return { kemendagri, bps };
}
