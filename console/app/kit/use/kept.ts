/** What this tab keeps of a person's work, under that person's name: whoever sits down next finds none of it. */
const OWN = "hub.";
const OWNER = `${OWN}person`;
/** Whom the pages are shown to, as the session says; null: nobody who is known. */
let person: string | null = null;

const signedIn = async (): Promise<string | null> => {
  const answer = await fetch("/session").catch(() => null);
  if (!answer?.ok) return null;
  return ((await answer.json()) as { readonly person: { readonly id: string } }).person.id;
};

/**
 * Learns who has signed in, before anything is shown. What another person left in this tab is forgotten; while nobody is signed in it waits for its owner.
 * A page that comes back into view for another person than it was shown to is loaded anew.
 */
export async function recognise(): Promise<void> {
  for (const key of Object.keys(localStorage)) if (key.startsWith("graphiql:")) localStorage.removeItem(key);
  person = await signedIn();
  if (person === null) return;
  if (sessionStorage.getItem(OWNER) !== person) forget();
  sessionStorage.setItem(OWNER, person);
  addEventListener("focus", () => void signedIn().then((now) => now !== null && now !== person && location.reload()));
}

/** Everything that any person left in this tab. */
export function forget(): void {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(OWN)) sessionStorage.removeItem(key);
}

const keyOf = (name: string): string => `${OWN}${person ?? ""}.${name}`;

/** Null: nothing is kept by that name, or nothing that can be read. */
export function kept<T>(name: string): T | null {
  try {
    return JSON.parse(sessionStorage.getItem(keyOf(name)) ?? "null") as T | null;
  } catch {
    return null;
  }
}

/** `null` keeps nothing. */
export function keep(name: string, value: unknown): void {
  if (value === null) sessionStorage.removeItem(keyOf(name));
  else sessionStorage.setItem(keyOf(name), JSON.stringify(value));
}
