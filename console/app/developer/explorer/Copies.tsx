import { Button, Group, Title } from "@mantine/core";
import { useAsking } from "../../kit/ask.tsx";
import { CopyButton } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { asCurl } from "../../kit/use/curl.ts";
import { saved } from "../../kit/use/saved.ts";
import { asPostman, asTypeScript } from "./copies.ts";

/** The question for other tools. None of the texts holds a token. */
export function Copies({ question }: { readonly question: string }) {
  const { t } = useText();
  const { agreement } = useAsking();
  const asked = { question, agreement, hub: location.origin };
  return (
    <section aria-labelledby="copies">
      <Title order={2} size="h4" id="copies" mb="xs">
        {t("developer.copies")}
      </Title>
      <Group>
        <CopyButton text={asCurl(asked)} label="curl" />
        <CopyButton text={asTypeScript(asked)} label="TypeScript" />
        <Button variant="default" onClick={() => saved(asPostman([["Pertanyaan", asked]]), "dtks-hub.postman_collection.json")}>
          {t("developer.postman")}
        </Button>
      </Group>
    </section>
  );
}
