import { Button, Group, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { Problem } from "../../kit/Problem.tsx";
import { Section } from "../../kit/parts/Section.tsx";
import { Empty, Loading, Page } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { useAnswer } from "../../kit/use/useAnswer.ts";
import { useDraft } from "../../kit/use/useDraft.ts";
import { AgreementField } from "./AgreementField.tsx";
import { InsightWays } from "./InsightWays.tsx";
import { QuestionField } from "./QuestionField.tsx";
import { EXPLAIN_ACCESS, EXPLAIN_REQUEST } from "./questions.ts";
import type { Explanation } from "./types.ts";
import { Verdicts } from "./Verdicts.tsx";

interface Answer {
  readonly explained: Explanation | null;
}

/** Why a question is answered as it is: of a request on record (`?receipt=`), or of any question under an agreement (`?agreement=`). */
export function ExplainPage() {
  const { t } = useText();
  const [search] = useSearchParams();
  const receipt = search.get("receipt");
  return (
    <Page title={t("steward.explain")} lead={t("steward.explainLead")} actions={<InsightWays />}>
      <ByReceipt receipt={receipt} />
      <ByQuestion key={search.get("agreement")} agreement={search.get("agreement") ?? ""} />
    </Page>
  );
}

function ByReceipt({ receipt }: { readonly receipt: string | null }) {
  const { t } = useText();
  const [, go] = useSearchParams();
  const [typed, setTyped] = useState(receipt ?? "");
  const { data, error, isLoading } = useAnswer<Answer>(EXPLAIN_REQUEST, { receipt }, { pause: receipt === null });
  return (
    <Section title={t("steward.byReceipt")} lead={t("steward.byReceiptLead")}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          go({ receipt: typed.trim() });
        }}
      >
        <Group align="flex-end">
          <TextInput
            label={t("steward.receipt")}
            value={typed}
            spellCheck={false}
            onChange={({ currentTarget: { value } }) => setTyped(value)}
            style={{ flex: "1 1 20rem", maxWidth: "28rem" }}
          />
          <Button type="submit" disabled={typed.trim() === ""}>
            {t("steward.explainDo")}
          </Button>
        </Group>
      </form>
      <Problem error={error} />
      {isLoading && <Loading />}
      {data && (data.explained ? <Verdicts explained={data.explained} /> : <Empty>{t("steward.unknownReceipt")}</Empty>)}
    </Section>
  );
}

function ByQuestion({ agreement: given }: { readonly agreement: string }) {
  const { t } = useText();
  const [draft, change] = useDraft("explain", { agreement: "", document: "", variables: "" });
  const agreement = given || draft.agreement;
  const [asked, ask] = useState<{ readonly agreement: string; readonly document: string; readonly variables: string | null }>();
  const { data, error, isLoading } = useAnswer<Answer>(EXPLAIN_ACCESS, { ...asked }, { pause: asked === undefined });
  return (
    <Section title={t("steward.byQuestion")} lead={t("steward.byQuestionLead")}>
      <Stack maw="52rem">
        <AgreementField value={agreement} onPick={(number) => change({ agreement: number })} />
        <QuestionField {...draft} change={change} />
        <div>
          <Button
            disabled={agreement === "" || draft.document.trim() === ""}
            loading={isLoading}
            onClick={() => ask({ agreement, document: draft.document, variables: draft.variables.trim() || null })}
          >
            {t("steward.explainDo")}
          </Button>
        </div>
      </Stack>
      <Problem error={error} />
      {data && (data.explained ? <Verdicts explained={data.explained} /> : <Empty>{t("steward.unknownAgreement")}</Empty>)}
    </Section>
  );
}
