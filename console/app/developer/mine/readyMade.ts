const FILES = import.meta.glob<string>("../../../../docs/questions/**/*.graphql", {
  query: "?raw",
  import: "default",
  eager: true,
});

/** The questions of docs/questions, tested with the hub itself. */
export const READY_MADE: readonly { readonly name: string; readonly question: string }[] = Object.entries(FILES).map(
  ([path, question]) => ({
    name: path.replace(/^.*questions\//, "").replace(".graphql", ""),
    question,
  }),
);
