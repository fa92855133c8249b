/** The views, in the order they are listed. */
export const PATHS = [
  ...["coverage", "candidates", "overlap", "matching", "proposals", "payments"],
  ...["quota", "budget", "registry", "reconciliation", "explorer"],
] as const;

const AS = "analis.bappenas";

/** What there is to look at, and as whom. */
export const PAGES = [
  { path: "/console/figures", as: AS, name: "figures" },
  ...PATHS.map((name) => ({ path: `/console/figures/${name}`, as: AS, name: `figures-${name}` })),
];
