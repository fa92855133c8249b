/** A question for other tools. */
export interface Asked {
  readonly question: string;
  /** Number of the agreement; null: the client has one. */
  readonly agreement: string | null;
  /** Origin of the hub. */
  readonly hub: string;
}

export const bodyOf = ({ question }: Asked): string => JSON.stringify({ query: question });
export const headersOf = ({ agreement }: Asked, token: string): Record<string, string> => ({
  authorization: `Bearer ${token}`,
  "content-type": "application/json",
  accept: "application/graphql-response+json",
  ...(agreement !== null && { "hub-agreement": agreement }),
});
/** In single quotes of a shell nothing means anything but the quote itself. */
const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** For a shell of POSIX; the token stands in `$HUB_TOKEN`. */
export function asCurl(asked: Asked): string {
  const { authorization = "", ...others } = headersOf(asked, "$HUB_TOKEN");
  const headers = [
    `-H "authorization: ${authorization}"`,
    ...Object.entries(others).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
  ];
  return ["curl -s", quoted(`${asked.hub}/graphql`), ...headers, "-d", quoted(bodyOf(asked))].join(" ");
}
