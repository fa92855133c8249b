/** A component a unit brings, and whether it counts. */
export interface CountedComponent {
  readonly component: string;
  readonly isCounted: boolean;
}

/** Which of the components brought, in order of suffix, are among those that count: the first of each kind. Pure. */
export function countedOf({
  components,
  counted,
}: {
  readonly components: readonly string[];
  readonly counted: readonly string[];
}): CountedComponent[] {
  const left = [...counted];
  return components.map((component) => {
    const at = left.indexOf(component);
    if (at >= 0) left.splice(at, 1);
    return { component, isCounted: at >= 0 };
  });
}
