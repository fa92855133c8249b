import { NativeSelect } from "@mantine/core";
import { useEffect, useState } from "react";
import { headersUnder, useAsking } from "../kit/ask.tsx";
import { useText } from "../kit/text.tsx";
import type { Me } from "./me.ts";
import { TITLE } from "./questions.ts";

interface Choice {
  readonly number: string;
  /** Null: the agreement does not open its own name. */
  readonly title: string | null;
}

/** Under which of the agreements open to this person is asked. Without a second one there is no choice. */
export function AgreementPicker({ me }: { readonly me: Me | undefined }) {
  const { t } = useText();
  const { agreement, choose } = useAsking();
  const [choices, setChoices] = useState<readonly Choice[]>([]);
  useEffect(() => {
    choicesOpen().then(setChoices, () => setChoices([]));
  }, []);
  const isGone = agreement !== null && choices.length > 0 && choices.every(({ number }) => number !== agreement);
  useEffect(() => {
    if (isGone) choose(null); // chosen in another role, or before it ended
  }, [isGone, choose]);
  if (choices.length < 2) return null;
  const label = t("shell.agreement");
  const unchosen = me === undefined ? [{ value: "", label }] : [];
  return (
    <NativeSelect
      label={label}
      value={me?.agreement.number ?? agreement ?? ""}
      data={[...unchosen, ...choices.map(({ number, title }) => ({ value: number, label: [number, title].join(" · ") }))]}
      onChange={({ currentTarget: { value } }) => choose(value === "" ? null : value)}
    />
  );
}

async function choicesOpen(): Promise<readonly Choice[]> {
  const answer = await fetch("/session/agreements");
  const numbers = answer.ok ? ((await answer.json()) as readonly string[]) : [];
  if (numbers.length < 2) return numbers.map((number) => ({ number, title: null }));
  return Promise.all(numbers.map(async (number) => ({ number, title: await titleOf(number).catch(() => null) })));
}

async function titleOf(number: string): Promise<string | null> {
  const headers = { ...headersUnder(number, null), "content-type": "application/json" };
  const answer = await fetch("/graphql", { method: "POST", headers, body: JSON.stringify({ query: TITLE }) });
  const { data } = (await answer.json()) as { readonly data?: { readonly me: Pick<Me, "agreement"> } | null };
  return data?.me.agreement.title ?? null;
}
