import { List, Text } from "@mantine/core";
import { Problem } from "../../../kit/Problem.tsx";
import { Section } from "../../../kit/parts/Section.tsx";
import { Loading } from "../../../kit/States.tsx";
import { useText } from "../../../kit/text.tsx";
import { useAnswer } from "../../../kit/use/useAnswer.ts";
import { SENTENCES } from "../questions.ts";
import type { Version } from "../types.ts";

interface Sentence {
  readonly about: string;
  readonly type: string | null;
  readonly indonesian: string;
  readonly english: string;
}

/** What a version opens, in sentences, by what they speak of. */
export function Sentences({ version }: { readonly version: Version }) {
  const { t, enumLabel } = useText();
  const variables = { number: version.agreement.number, version: version.number };
  const { data, error, isLoading } = useAnswer<{ readonly versionSentences: readonly Sentence[] | null }>(SENTENCES, variables);
  const sentences = data?.versionSentences ?? [];
  const topics = [...new Set(sentences.map(({ about }) => about))];
  return (
    <Section title={t("access.sentences")} lead={t("access.sentencesLead")}>
      <Problem error={error} />
      {isLoading && !data && <Loading />}
      {topics.map((about) => (
        <div key={about}>
          <Text component="h3" fw={600} mb={4}>
            {enumLabel("SentenceTopic", about)}
          </Text>
          <Spoken sentences={sentences.filter((one) => one.about === about)} />
        </div>
      ))}
    </Section>
  );
}

function Spoken({ sentences }: { readonly sentences: readonly Sentence[] }) {
  const { language } = useText();
  return (
    <List spacing={4} maw="90ch">
      {sentences.map(({ type, indonesian, english }) => (
        <List.Item key={`${type} ${english}`}>{language === "id" ? indonesian : english}</List.Item>
      ))}
    </List>
  );
}
