/** Notes every fault of a value at its place, such as `content.grants[3].effect: one of allow, mask, …`. */
export type Shape = (value: unknown, at: string, faults: string[]) => void;

const check =
  (isRight: (value: unknown) => boolean, needed: string): Shape =>
  (value, at, faults) => {
    if (!isRight(value)) faults.push(`${at || "the file"}: must be ${needed}`);
  };

export const text = check((value) => typeof value === "string", "a text");
export const matching = (pattern: RegExp, needed: string): Shape =>
  check((value) => typeof value === "string" && pattern.test(value), needed);
export const oneOf = (words: readonly (string | number)[]): Shape =>
  check(
    (value) => words.some((word) => word === value),
    words.length === 1 ? JSON.stringify(words[0]) : `one of ${words.join(", ")}`,
  );
export const whole = (least: number): Shape =>
  check((value) => Number.isInteger(value) && Number(value) >= least, `a whole number from ${least}`);
export const bool = check((value) => typeof value === "boolean", "true or false");
export const textOrNumber = check((value) => typeof value === "string" || Number.isFinite(value), "a text or a number");

export const nullable =
  (shape: Shape): Shape =>
  (value, at, faults) => {
    if (value !== null) shape(value, at, faults);
  };

export const list =
  (shape: Shape): Shape =>
  (value, at, faults) => {
    if (!Array.isArray(value)) faults.push(`${at}: must be a list`);
    else for (const [index, item] of value.entries()) shape(item, `${at}[${index}]`, faults);
  };

/** An object of exactly these members, and of `free` ones, which may be left out. */
export const object =
  (needed: Readonly<Record<string, Shape>>, free: Readonly<Record<string, Shape>> = {}): Shape =>
  (value, at, faults) => {
    const members = new Map(Object.entries({ ...needed, ...free }));
    if (!isObject(value)) {
      faults.push(`${at || "the file"}: must be an object`);
      return;
    }
    const place = (name: string) => (at === "" ? name : `${at}.${name}`);
    for (const name of Object.keys(needed)) if (!Object.hasOwn(value, name)) faults.push(`${place(name)}: is missing`);
    for (const [name, member] of Object.entries(value)) (members.get(name) ?? unknown)(member, place(name.slice(0, 40)), faults);
  };

const unknown: Shape = (_, at, faults) => void faults.push(`${at}: is not known`);

/** An object with any names and one shape of members. */
export const record =
  (shape: Shape): Shape =>
  (value, at, faults) => {
    if (!isObject(value)) faults.push(`${at}: must be an object`);
    else for (const [name, member] of Object.entries(value)) shape(member, `${at}.${name.slice(0, 40)}`, faults);
  };

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
