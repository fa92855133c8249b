import type { RequestListener, Server } from "node:http";

/** Longest that who is here waits for who is coming. Turns are short once what was under way is done, so a thousand are taken in some 50 ms. */
const MOST_MS = 250;

/**
 * Node takes one new connection a turn of its loop (libuv since 1.45). A turn that answers hundreds of requests takes long, so of a thousand clients that
 * come at one moment the last would be heard after seconds, whatever admission says. While connections come, requests wait, so that turns are
 * short; when a turn brings none, or after a quarter of a second, all are taken up in their order.
 */
export function afterArrivals(handler: RequestListener): { readonly handler: RequestListener; watch(server: Server): void } {
  const waiting: Parameters<RequestListener>[] = [];
  let since = 0;
  let isComing = false;
  let isHeld = false;
  const look = () => {
    if (isComing && performance.now() - since < MOST_MS) {
      isComing = false;
      setImmediate(look);
      return;
    }
    isHeld = false;
    for (const [request, response] of waiting.splice(0)) if (!response.destroyed) handler(request, response); // who has left meanwhile is heard of no more
  };
  return {
    handler: (request, response) => {
      if (isHeld) waiting.push([request, response]);
      else handler(request, response);
    },
    watch(server) {
      server.on("connection", () => {
        isComing = true;
        if (isHeld) return;
        isHeld = true;
        since = performance.now();
        setImmediate(look);
      });
    },
  };
}
