/**
 * What ends when a client leaves, by the signal that says so. Each is listened to once, however many calls its question has under way: to take on a
 * listener and leave it off costs more than the rest of a small call.
 */
const leaving = new WeakMap<AbortSignal, Set<() => void>>();

/** Calls `leave` once when the client leaves, at once where it has left. Returns what takes it off again. */
export function atLeave(signal: AbortSignal, leave: () => void): () => void {
  const all = leaving.get(signal) ?? listenTo(signal);
  if (signal.aborted) leave();
  else all.add(leave);
  return () => void all.delete(leave);
}

function listenTo(signal: AbortSignal): Set<() => void> {
  const all = new Set<() => void>();
  leaving.set(signal, all);
  const end = () => {
    for (const leave of all) leave();
    all.clear();
  };
  signal.addEventListener("abort", end, { once: true });
  return all;
}
