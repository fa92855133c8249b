import { List, Stack, Title } from "@mantine/core";
import { Problem } from "../../../kit/Problem.tsx";
import { Loading } from "../../../kit/States.tsx";
import { useText } from "../../../kit/text.tsx";
import { useAnswer } from "../../../kit/use/useAnswer.ts";
import { SENTENCES } from "../questions.ts";
import type { Sentence } from "../types.ts";
import type { Which } from "./ReviewPage.tsx";
import { said } from "./said.ts";

interface Spoken extends Sentence {
  readonly about: string;
}

/** The whole version in plain sentences, by what they speak of. */
export function Sentences({ which }: { readonly which: Which }) {
  const { enumLabel, language } = useText();
  const { data, error } = useAnswer<{ readonly versionSentences: readonly Spoken[] | null }>(SENTENCES, { ...which });
  if (!data) return error ? <Problem error={error} /> : <Loading />;
  const all = data.versionSentences ?? [];
  const topics = [...new Set(all.map(({ about }) => about))];
  return (
    <Stack>
      {topics.map((topic) => (
        <section key={topic}>
          <Title order={3} size="h5">
            {enumLabel("SentenceTopic", topic)}
          </Title>
          <List spacing={2}>
            {all
              .filter(({ about }) => about === topic)
              .map((sentence) => (
                <List.Item key={sentence.indonesian} style={{ overflowWrap: "anywhere" }}>
                  {said(sentence, language)}
                </List.Item>
              ))}
          </List>
        </section>
      ))}
    </Stack>
  );
}
