/** Text of somebody else's as a terminal may show it: no control character moves its cursor or rewrites what stands there. */
export const plain = (text: string): string => text.replace(/(?![\n\t])\p{Cc}/gu, "\ufffd");

/** The same where a terminal shows it; a file or program gets it as it came. */
export const shown = (text: string): string => (process.stdout.isTTY ? plain(text) : text);
