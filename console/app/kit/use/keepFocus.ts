/** An element and what it stands in, from the inside out. */
type Place = readonly Element[];

const DIALOG = '[role="dialog"]';
const isHeld = (element: Element): boolean =>
  element.isConnected && element !== document.body && element !== document.documentElement;

/**
 * Whoever goes by keyboard stays where they were when what had the focus goes from the page: an act that is done, a link that led on, a dialog that closes
 * over it. The focus goes to the closest thing around it that is still there, and of a dialog back to what it was opened from; never to the start of the page.
 */
export function keepFocus(): void {
  let place: Place = [];
  let outside: Place = []; // of a dialog
  document.addEventListener("focusin", ({ target }) => {
    if (!(target instanceof Element)) return;
    place = placeOf(target);
    if (target.closest(DIALOG) === null) outside = place;
  });
  const mend = () => {
    const [last] = place;
    if (document.activeElement !== document.body || last === undefined || last.isConnected) return;
    focus(place.find(isHeld) ?? outside.find(isHeld));
  };
  new MutationObserver(mend).observe(document.body, { childList: true, subtree: true });
}

/** As far out as the page, or the dialog: what holds a dialog stays when it is closed, and is nowhere. */
function placeOf(element: Element): Place {
  const [around, most]: [Element[], Element | null] = [[], element.closest(DIALOG)];
  for (let at: Element | null = element; at !== null && at.id !== "root"; at = at === most ? null : at.parentElement)
    around.push(at);
  return around;
}

/** Also what is no control: it is left out again as soon as the focus leaves it. */
function focus(element: Element | undefined): void {
  if (!(element instanceof HTMLElement)) return;
  element.focus({ preventScroll: true });
  if (document.activeElement === element) return;
  element.tabIndex = -1;
  element.addEventListener("blur", () => element.removeAttribute("tabindex"), { once: true });
  element.focus({ preventScroll: true });
}
