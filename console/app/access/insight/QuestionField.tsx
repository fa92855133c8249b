import { Textarea } from "@mantine/core";
import { useText } from "../../kit/text.tsx";

const MONO = { input: { fontFamily: "var(--mantine-font-family-monospace)" } };

interface FieldProps {
  readonly document: string;
  readonly variables: string;
  readonly change: (part: { readonly document?: string; readonly variables?: string }) => void;
}

/** A GraphQL document and its variables. */
export function QuestionField({ document, variables, change }: FieldProps) {
  const { t } = useText();
  return (
    <>
      <Textarea
        label={t("steward.document")}
        description={t("steward.documentLead")}
        value={document}
        autosize
        minRows={5}
        maxRows={20}
        spellCheck={false}
        styles={MONO}
        onChange={({ currentTarget: { value } }) => change({ document: value })}
      />
      <Textarea
        label={t("steward.variables")}
        value={variables}
        autosize
        maxRows={8}
        spellCheck={false}
        styles={MONO}
        onChange={({ currentTarget: { value } }) => change({ variables: value })}
      />
    </>
  );
}
