import { Button, Popover, Text } from "@mantine/core";
import { useState } from "react";
import { headersUnder, useAsking } from "../../kit/ask.tsx";
import { useText } from "../../kit/text.tsx";
import { asCurl } from "../../kit/use/curl.ts";
import { saved } from "../../kit/use/saved.ts";
import { exportOf, graphqlOf, sqlOf } from "../asking/copied.ts";
import { useGround } from "../asking/ground.tsx";
import type { Answer } from "../asking/useCells.ts";

/** The question behind figures, to ask it elsewhere, and its rows as a file. */
export function Copies({ answers, title }: { readonly answers: readonly Answer[]; readonly title: string }) {
  const { t } = useText();
  const [told, tell] = useState("");
  return (
    <Popover width={280} position="bottom-end" trapFocus returnFocus transitionProps={{ duration: 0 }} onClose={() => tell("")}>
      <Popover.Target>
        <Button size="compact-md" variant="default" aria-label={t("figures.copiesOf", { title })}>
          {t("figures.copies")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        {answers.map((answer, at) => (
          <OfOne key={`${at}${answer.asked.cube}`} answer={answer} tell={tell} />
        ))}
        <p role="status" className="fig-told">
          {told}
        </p>
      </Popover.Dropdown>
    </Popover>
  );
}

function OfOne({ answer: { asked }, tell }: { readonly answer: Answer; readonly tell: (told: string) => void }) {
  const { t, enumLabel } = useText();
  const { agreement, caseNumber } = useAsking();
  const cube = useGround().cubeOf(asked.cube);
  const texts: readonly (readonly [name: string, text: string])[] = [
    ["GraphQL", graphqlOf(asked)],
    ["cURL", asCurl({ question: graphqlOf(asked), agreement, hub: location.origin })],
    ["SQL", sqlOf(cube, asked)],
  ];
  const copy = (name: string, text: string) =>
    navigator.clipboard.writeText(text).then(
      () => tell(t("figures.copied", { name })),
      () => tell(t("figures.notCopied")),
    );
  const save = (format: "csv" | "xlsx") =>
    fetched(exportOf(asked, format), headersUnder(agreement, caseNumber)).then(
      () => tell(t("figures.saved", { format: format.toUpperCase() })),
      (cause: Error) => tell(t("figures.notSaved", { reason: cause.message })),
    );
  return (
    <>
      <Text size="sm" c="dimmed">
        {enumLabel("CubeCode", asked.cube)}
      </Text>
      {texts.map(([name, text]) => (
        <Button key={name} variant="subtle" fullWidth justify="start" onClick={() => void copy(name, text)}>
          {t("figures.copy", { name })}
        </Button>
      ))}
      {(["csv", "xlsx"] as const).map((format) => (
        <Button key={format} variant="subtle" fullWidth justify="start" onClick={() => void save(format)}>
          {t("figures.save", { format: format.toUpperCase() })}
        </Button>
      ))}
    </>
  );
}

/** By fetch and not by a link, which could not name the agreement. Rejects with the hub's words. */
async function fetched(path: string, headers: Record<string, string>): Promise<void> {
  const answer = await fetch(path, { headers });
  if (!answer.ok)
    throw new Error(((await answer.json()) as { errors?: { message: string }[] }).errors?.[0]?.message ?? String(answer.status));
  const [, cube = "", format = ""] = /export\/(\w+)\?format=(\w+)/.exec(path) ?? [];
  saved(await answer.blob(), `${cube.toLowerCase()}.${format}`);
}
