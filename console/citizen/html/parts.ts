import type { Visit } from "../types.ts";
import { type Hole, type Html, html, when } from "./html.ts";

/** What is wrong with a form, by the id of the field it is about; "" is the form as a whole. */
export type Faults = ReadonlyMap<string, string>;
export const NO_FAULTS: Faults = new Map();

/** All faults at once, each a link to its field. */
export const summary = ({ t }: Visit, faults: Faults): Hole =>
  faults.size > 0 &&
  html`<div class="box bad" role="alert" aria-labelledby="salah"><h2 id="salah">${t("form.faults")}</h2><ul class="plain">
${[...faults].map(([id, text]) => html`<li>${id === "" ? text : html`<a href="#${id}">${text}</a>`}</li>`)}
</ul></div>`;

interface FieldOptions {
  /** Also its id. */
  readonly name: string;
  readonly label: Hole;
  readonly hint?: Hole;
  readonly faults: Faults;
}

/** A labelled control with hint and fault, which the control names by `aria-describedby`. */
function field({ name, label, hint, faults }: FieldOptions, control: (attributes: Html) => Html): Html {
  const fault = faults.get(name);
  const described = [hint ? `${name}-hint` : "", fault === undefined ? "" : `${name}-fault`].filter(Boolean).join(" ");
  const attributes = html`id="${name}" name="${name}"${described !== "" && html` aria-describedby="${described}"`}${fault !== undefined && html` aria-invalid="true"`}`;
  return html`<div class="field${fault !== undefined && " wrong"}"><label for="${name}">${label}</label>
${hint && html`<span class="hint" id="${name}-hint">${hint}</span>`}${fault !== undefined && html`<span class="fault" id="${name}-fault">${fault}</span>`}
${control(attributes)}</div>`;
}

interface TextOptions extends FieldOptions {
  readonly value: string;
  readonly most?: number;
  readonly autocomplete?: string;
  readonly inputmode?: "numeric" | "decimal" | "search";
}

export const textField = (options: TextOptions): Html =>
  field(
    options,
    (attributes) =>
      html`<input ${attributes} value="${options.value}" maxlength="${options.most ?? 100}" autocomplete="${options.autocomplete ?? "off"}"${options.inputmode && html` inputmode="${options.inputmode}"`} spellcheck="false">`,
  );

export const textArea = (options: TextOptions): Html =>
  field(
    options,
    (attributes) => html`<textarea ${attributes} maxlength="${options.most ?? 2000}" rows="5">${options.value}</textarea>`,
  );

export const fileField = (options: FieldOptions & { readonly accept: string }): Html =>
  field(options, (attributes) => html`<input type="file" ${attributes} accept="${options.accept}">`);

export type Choice = readonly [value: string, label: string];

export const select = (options: FieldOptions & { readonly choices: readonly Choice[]; readonly chosen: string }): Html =>
  field(
    options,
    (attributes) =>
      html`<select ${attributes}>${options.choices.map(([value, label]) => html`<option value="${value}" ${when(value === options.chosen, "selected")}>${label}</option>`)}</select>`,
  );

/** One or several of a few, each with room for a thumb. The first has the field's own id, where a fault leads. */
export const options = ({
  name,
  label,
  hint,
  faults,
  choices,
  chosen,
  kind,
}: FieldOptions & {
  readonly choices: readonly Choice[];
  readonly chosen: readonly string[];
  readonly kind: "radio" | "checkbox";
}): Html => {
  const fault = faults.get(name);
  return html`<fieldset${fault !== undefined && html` class="wrong"`}><legend>${label}</legend>
${hint && html`<span class="hint">${hint}</span>`}${fault !== undefined && html`<span class="fault">${fault}</span>`}
${choices.map(([value, text], at) => html`<label class="option"><input type="${kind}" id="${at === 0 ? name : `${name}-${at}`}" name="${name}" value="${value}" ${when(chosen.includes(value), "checked")}> <span>${text}</span></label>`)}
</fieldset>`;
};

export interface DateParts {
  readonly day: string;
  readonly month: string;
  readonly year: string;
}

/** A date in three fields: nobody has to find a birthday in a calendar. `name` is the id of the first. */
export const dateField = (
  { t }: Visit,
  {
    name,
    label,
    hint,
    faults,
    value,
    autocomplete,
  }: FieldOptions & { readonly value: DateParts; readonly autocomplete: boolean },
): Html => {
  const fault = faults.get(name);
  const part = (id: string, key: keyof DateParts, most: number) => html`<div><label for="${id}">${t(`date.${key}`)}</label>
<input id="${id}" name="${id}" value="${value[key]}" inputmode="numeric" maxlength="${most}" autocomplete="${autocomplete ? `bday-${key}` : "off"}"${fault !== undefined && html` aria-invalid="true" aria-describedby="${name}-fault"`}></div>`;
  return html`<fieldset${fault !== undefined && html` class="wrong"`}><legend>${label}</legend>
${hint && html`<span class="hint">${hint}</span>`}${fault !== undefined && html`<span class="fault" id="${name}-fault">${fault}</span>`}
<div class="row">${part(name, "day", 2)}${part(`${name}-month`, "month", 2)}${part(`${name}-year`, "year", 4)}</div></fieldset>`;
};

/** What every form that changes or asks something carries: proof that this hub has shown it, and to whom. */
export const signed = ({ forms, holder }: Visit, form: string): Html =>
  html`<input type="hidden" name="tanda" value="${forms.issue(form, holder)}">`;

/** A form of one button. */
export const oneButton = (visit: Visit, { action, label, hidden = {}, look = "quiet" }: OneButton): Html =>
  html`<form class="inline" method="post" action="${action}">${signed(visit, action)}${Object.entries(hidden).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}<button class="${look}">${label}</button></form>`;

interface OneButton {
  readonly action: string;
  readonly label: Hole;
  readonly hidden?: Readonly<Record<string, string | number>>;
  readonly look?: "quiet" | "danger" | "";
}

/** Terms and what they are; those without a value say so. */
export const facts = ({ t }: Visit, rows: readonly (readonly [term: string, value: Hole])[]): Html =>
  html`<dl>${rows.map(([term, value]) => html`<dt>${term}</dt><dd>${value === null || value === undefined || value === "" ? html`<span class="muted">${t("page.nothing")}</span>` : value}</dd>`)}</dl>`;
