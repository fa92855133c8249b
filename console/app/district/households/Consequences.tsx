import { List, Text } from "@mantine/core";
import { useText } from "../../kit/text.tsx";

interface Consequence {
  readonly code: string;
  readonly indonesian: string;
  readonly english: string;
}
export interface Foreseen {
  readonly digest: string;
  readonly consequences: readonly Consequence[] | null;
  readonly pkh: readonly Consequence[] | null;
  readonly seats: readonly Consequence[] | null;
}

/** What a change does to families, aid and seats, a sentence each. */
export function Consequences({ of: { consequences, pkh, seats } }: { readonly of: Foreseen }) {
  const { t, language } = useText();
  const all = [...(consequences ?? []), ...(pkh ?? []), ...(seats ?? [])];
  return (
    <div>
      <Text fw={600}>{t("district.change.preview")}</Text>
      <List size="sm">
        {all.map(({ indonesian, english }, at) => (
          <List.Item key={at}>{language === "id" ? indonesian : english}</List.Item>
        ))}
      </List>
      {all.length === 0 && <Text size="sm">{t("district.change.nothing")}</Text>}
    </div>
  );
}
