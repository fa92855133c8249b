/** Wrong usage: told in its words, answered with 2. */
export class Misuse extends Error {}

/** Nothing was found, or somebody refused: told in its words, answered with 1. */
export class Refused extends Error {}
