export type Band = "RAISES_STRONGLY" | "RAISES" | "NEUTRAL" | "LOWERS" | "LOWERS_STRONGLY" | "NOT_ANSWERED";

/** A run over `households`: sums of a variable's millionths, of the scores and of their squares. */
export interface RunSums {
  readonly households: bigint;
  readonly variable: bigint;
  readonly scores: bigint;
  readonly squares: bigint;
}

/** From half a standard deviation of all scores on a deviation is strong, below a twentieth of it none. As 1 over the square of the share. */
const STRONG = 4n;
const NONE = 400n;

/**
 * How an answer moves its household against the mean of all: the deviation of its points from the variable's mean, measured by the standard
 * deviation of all scores. Whole numbers throughout: with n households, (n·points − sum)² is held against n·Σscore² − (Σscore)². Pure.
 */
export function bandOf(answer: string | null, points: bigint, { households: n, variable, scores, squares }: RunSums): Band {
  if (answer === null) return "NOT_ANSWERED";
  const deviation = n * points - variable;
  const variance = n * squares - scores * scores;
  const square = deviation * deviation;
  if (deviation === 0n || NONE * square < variance) return "NEUTRAL";
  const isStrong = STRONG * square >= variance;
  if (deviation > 0n) return isStrong ? "RAISES_STRONGLY" : "RAISES";
  return isStrong ? "LOWERS_STRONGLY" : "LOWERS";
}
