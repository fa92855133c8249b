import { Blockquote, Group, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useMutation } from "urql";
import { deadline } from "../../kit/format.ts";
import { Act } from "../../kit/parts/Act.tsx";
import { Section } from "../../kit/parts/Section.tsx";
import { CopyButton } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { usePermissions } from "../../kit/use/usePermissions.ts";
import { type Said, saidIn } from "../kit/said.ts";
import { NOTIFIED } from "./questions.ts";
import type { BreachCase } from "./types.ts";

interface NoticesProps {
  readonly found: BreachCase;
  readonly again: () => void;
}

/** The letters to those concerned and to the authority, ready to send, and that they were sent. */
export function Notices({ found, again }: NoticesProps) {
  const { t } = useText();
  return (
    <Section title={t("audit.notices")} lead={t("audit.noticesLead")}>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl">
        <Letter
          number={found.number}
          whom="SUBJECTS"
          text={found.noticeToSubjects}
          toldAt={found.subjectsNotifiedAt}
          again={again}
        />
        <Letter
          number={found.number}
          whom="AUTHORITY"
          text={found.noticeToAuthority}
          toldAt={found.authorityNotifiedAt}
          again={again}
        />
      </SimpleGrid>
    </Section>
  );
}

interface LetterProps {
  readonly number: string;
  readonly whom: "SUBJECTS" | "AUTHORITY";
  readonly text: Said | null;
  readonly toldAt: string | null;
  readonly again: () => void;
}

function Letter({ number, whom, text, toldAt, again }: LetterProps) {
  const { t, enumLabel, language } = useText();
  const lack = usePermissions();
  const [, tell] = useMutation(NOTIFIED);
  const letter = saidIn(language, text);
  return (
    <Stack gap="xs">
      <Title order={3} size="h5">
        {enumLabel("BreachAudience", whom)}
      </Title>
      {text === null ? (
        <Text c="dimmed">{t("audit.noticeLater")}</Text>
      ) : (
        <Blockquote p="md" color="var(--brand)" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
          {letter}
        </Blockquote>
      )}
      <Group align="flex-start">
        {text !== null && <CopyButton text={letter} label={t("audit.copyText")} />}
        {toldAt === null ? (
          <Act
            label={t("audit.markTold")}
            tells={t("audit.markToldTells", { whom: enumLabel("BreachAudience", whom) })}
            because={lack("markNotified") ?? (text === null ? t("audit.noticeLater") : undefined)}
            act={async () => {
              const { error } = await tell({ number, whom });
              if (!error) again();
              return error;
            }}
          />
        ) : (
          <Text c="var(--positive)">
            <span aria-hidden>✓ </span>
            {t("audit.toldAt", { at: deadline(toldAt) })}
          </Text>
        )}
      </Group>
    </Stack>
  );
}
