import { Alert, Button, Code, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { headersUnder, useAsking } from "../../kit/ask.tsx";
import { Section } from "../../kit/parts/Section.tsx";
import { Page } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { useAnswer } from "../../kit/use/useAnswer.ts";
import { useDraft } from "../../kit/use/useDraft.ts";
import { useMe } from "../../shell/me.ts";
import { AgreementField } from "./AgreementField.tsx";
import { type Answered, asked } from "./asked.ts";
import { InsightWays } from "./InsightWays.tsx";
import { QuestionField } from "./QuestionField.tsx";
import { EXPLAIN_ACCESS } from "./questions.ts";
import type { Explanation } from "./types.ts";
import { Verdicts } from "./Verdicts.tsx";

interface Tried {
  readonly agreement: string;
  readonly document: string;
  readonly variables: string | null;
  readonly own: Answered;
  readonly theirs: Answered;
}

/** One question under two agreements: one's own, and another's, as its agency would be answered. */
export function TryPage() {
  const { t } = useText();
  const { agreement: under, caseNumber } = useAsking();
  const [draft, change] = useDraft("try", { agreement: "", document: EXAMPLE, variables: "" });
  const [tried, setTried] = useState<Tried>();
  const [isBusy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    const variables = draft.variables.trim() || null;
    const question = { document: draft.document, variables };
    const headers = headersUnder(under, caseNumber);
    const own = await asked(question, headers);
    const theirs = await asked(question, { ...headers, "hub-try-as": draft.agreement });
    setTried({ agreement: draft.agreement, ...question, own, theirs });
    setBusy(false);
  };
  return (
    <Page title={t("steward.try")} lead={t("steward.tryLead")} actions={<InsightWays />}>
      <Stack maw="52rem">
        <AgreementField value={draft.agreement} onPick={(agreement) => change({ agreement })} />
        <QuestionField {...draft} change={change} />
        <div>
          <Button disabled={draft.agreement === "" || draft.document.trim() === ""} loading={isBusy} onClick={() => void run()}>
            {t("steward.tryDo")}
          </Button>
        </div>
      </Stack>
      {tried && <Compared tried={tried} />}
    </Page>
  );
}

const EXAMPLE = `{
  households(first: 2) {
    nodes {
      region { code }
      members { person { fullName nik } }
    }
  }
}`;

function Compared({ tried }: { readonly tried: Tried }) {
  const { t } = useText();
  const { me } = useMe();
  const { agreement, document, variables, own, theirs } = tried;
  const { data } = useAnswer<{ readonly explained: Explanation | null }>(EXPLAIN_ACCESS, { agreement, document, variables });
  return (
    <>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <One title={t("steward.ownAnswer", { agreement: me?.agreement.number ?? "" })} answered={own} />
        <One title={t("steward.theirAnswer", { agreement })} answered={theirs} />
      </SimpleGrid>
      {data?.explained && (
        <Section title={t("steward.verdicts")}>
          <Verdicts explained={data.explained} />
        </Section>
      )}
    </>
  );
}

function One({ title, answered: { data, errors } }: { readonly title: string; readonly answered: Answered }) {
  const { t } = useText();
  return (
    <section aria-label={title}>
      <Title order={2} size="h5">
        {title}
      </Title>
      {errors.length > 0 && (
        <Alert variant="outline" color="red" title={t("steward.deniedParts", { count: errors.length })}>
          {errors.map(({ code, message }) => (
            <Text key={message} size="sm">
              <Code>{code}</Code> {message}
            </Text>
          ))}
        </Alert>
      )}
      <Code block tabIndex={0} style={{ maxHeight: "28rem", overflow: "auto" }}>
        {JSON.stringify(data, null, 2)}
      </Code>
    </section>
  );
}
