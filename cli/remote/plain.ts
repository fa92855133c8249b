/** Text of somebody else's as a terminal may show it: no control character moves its cursor or rewrites what stands there. */
export const plain = (text: string): string => text.replace(/(?![\n\t])\p{Cc}/gu, "\ufffd");
