import type { FaceAnswer } from "../../../../gateway/types/faces.ts";
import type { Faults } from "../../html/parts.ts";
import { redirect } from "../../http/answers.ts";
import { EMPTY_FORM, type Form } from "../../http/forms.ts";
import type { Told, Visit } from "../../types.ts";
import { lengthFaults } from "./fields.ts";
import { troubleText } from "./frame.ts";

interface Act {
  readonly form: Form;
  /** What is wrong with what was filled in. */
  readonly faults: Faults;
  readonly ask: () => Promise<Told>;
  /** Where to, once it is done; with GET, so that nobody does it twice. */
  readonly done: string;
  /** The page again, with what may be shown of what was filled in. */
  readonly again: (faults: Faults, shown: Form) => FaceAnswer | Promise<FaceAnswer>;
}

/** A form that was sent: shown by this hub to this person, without faults, asked once, and then away from it. Otherwise the page again. */
export async function act(visit: Visit, { form, ask, done, again, ...given }: Act): Promise<FaceAnswer> {
  const faults = new Map([...given.faults, ...lengthFaults(visit, form)]);
  const token = visit.forms.check(form.value("tanda"), visit.url.pathname, visit.holder);
  // words of a form that this person was never shown are somebody else's: not shown, lest they send them on
  if (token === "forged") return again(new Map([["", visit.t("form.strange")]]), EMPTY_FORM);
  if (token === "of another") return again(new Map([["", visit.t("form.another")], ...faults]), form);
  if (token === "too old") return again(new Map([["", visit.t("form.stale")], ...faults]), form);
  if (faults.size > 0) return again(faults, form);
  const { errors } = await ask();
  return errors.length > 0 ? again(new Map([["", troubleText(visit, errors)]]), form) : redirect(done);
}
