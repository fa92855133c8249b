import type { Page } from "playwright-core";

export const press = (page: Page, name: string | RegExp) => page.getByRole("button", { name, exact: true }).click();
/** The button in the dialog that is open. */
export const inDialog = (page: Page, name: string) =>
  page.getByRole("dialog").getByRole("button", { name, exact: true }).last().click();

/** A button that asks once more, with what is typed into its dialog by label. It is done when the dialog is gone. */
export async function act(page: Page, name: string, typed: Readonly<Record<string, string>> = {}): Promise<void> {
  await press(page, name);
  const dialog = page.getByRole("dialog");
  for (const [label, text] of Object.entries(typed)) await dialog.getByLabel(label).fill(text);
  await inDialog(page, name);
  await dialog.waitFor({ state: "detached" });
}
