import type { GraphQLError } from "graphql";
import type { Data, Row } from "../world/data.ts";
import { fieldSet } from "../world/world.ts";
import type { Answer } from "./compare.ts";

/** What one process cannot express. */
export interface Open {
  /** Paths of fields that null may stand for: of a row of which a key is null, or computed from one. */
  readonly paths: readonly string[];
  /** A value of an @inaccessible type or enum value was met: null either way, with an error here and without one there. */
  readonly isHidden: boolean;
}

interface Path {
  readonly prev: Path | undefined;
  readonly key: string | number;
}

/** Takes down, while the one process answers, where the hub need not. */
export class Openings {
  private readonly paths = new Set<string>();
  private readonly data: Data;

  constructor(data: Data) {
    this.data = data;
  }

  note(row: Row, field: string, path: Path): void {
    if (this.data.isNullKeyed(row) || this.isComputedOfOne(row, field)) this.paths.add(textOf(path));
  }

  of(errors: readonly GraphQLError[]): Open {
    const isHidden = errors.some(({ message }) => /cannot represent|does not exist inside the schema/.test(message));
    return { paths: [...this.paths], isHidden };
  }

  /** Whether a row without a key stands among the inputs, at any depth. */
  private isComputedOfOne({ t, n }: Row, field: string): boolean {
    const requires = this.data.fields.get(`${t}.${field}`)?.requires;
    return requires !== undefined && this.data.meetsNullKey(() => this.data.select({ t, n }, fieldSet(requires)));
  }
}

const textOf = ({ prev, key }: Path): string => `${prev ? textOf(prev) : ""}/${key}`;

export const isLenient = ({ open }: Answer): boolean => open !== undefined && (open.isHidden || open.paths.length > 0);

/** Whether the answers differ by nulls alone, where null may stand. */
export function isOpenedBy({ data, open }: Answer, received: Answer): boolean {
  if (!open || open.paths.length === 0 || !/^[{n]/.test(received.data)) return false;
  const isOpen = (path: string) => open.paths.some((one) => `${one}/`.startsWith(`${path}/`) || `${path}/`.startsWith(`${one}/`));
  return isLike(JSON.parse(data), JSON.parse(received.data), { path: "", isOpen });
}

interface Place {
  readonly path: string;
  isOpen(path: string): boolean;
}

function isLike(wanted: unknown, received: unknown, { path, isOpen }: Place): boolean {
  if (received === null && wanted !== null) return isOpen(path);
  if (typeof wanted !== "object" || wanted === null) return wanted === received;
  const [theirs, ours] = [Object.entries(wanted), Object.entries(received as object)];
  if (theirs.length !== ours.length || Array.isArray(wanted) !== Array.isArray(received)) return false;
  return theirs.every(([key, value], at) => {
    const [own, other] = ours[at] as [string, unknown];
    return own === key && isLike(value, other, { path: `${path}/${key}`, isOpen });
  });
}
