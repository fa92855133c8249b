import { test } from "vitest";

const taken = new Set<string>();

/**
 * One promise of ours, written down as an audit: an id that is never used again, and a sentence with MUST, SHOULD or MAY that a
 * partner could hold us to.
 */
export function audit(id: string, promise: string, fn: () => void | Promise<void>): void {
  if (!/^[A-Z]\d+$/.test(id)) throw new Error(`audit ${id}: an id is a letter and a number`);
  if (!/^(MUST|SHOULD|MAY)( NOT)? /.test(promise)) throw new Error(`audit ${id}: say MUST, SHOULD or MAY`);
  if (taken.has(id)) throw new Error(`audit ${id} exists already: ids are never used again`);
  taken.add(id);
  test(`${id} ${promise}`, fn);
}
