import { Button, Stack, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { Problem } from "../../../kit/Problem.tsx";
import { Page } from "../../../kit/States.tsx";
import { useText } from "../../../kit/text.tsx";
import { useDraft } from "../../../kit/use/useDraft.ts";
import { Proof } from "./Proof.tsx";
import { useProof } from "./useProof.ts";

const EMPTY = { receipt: "", leaf: "", text: "", key: "" };
const LEAF = /^[\da-f]{64}$/i;

/** Verifies a receipt somebody was given: everything is computed in this browser. */
export default function Verify() {
  const { t } = useText();
  const [draft, change] = useDraft("audit.verify", EMPTY);
  const [receipt, leaf] = [draft.receipt.trim(), draft.leaf.trim()];
  const { prove, proven, error, isBusy } = useProof({
    ...{ receipt, leaf, key: draft.key.trim() },
    text: draft.text === "" ? null : draft.text,
  });
  const [fault, setFault] = useState<string>();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setFault(LEAF.test(leaf) ? undefined : t("audit.leafFault"));
    if (LEAF.test(leaf)) void prove();
  };
  const field = (
    name: "receipt" | "leaf" | "key",
    more: { label: string; description?: string; required?: boolean; error?: string | undefined },
  ) => (
    <TextInput
      {...more}
      spellCheck={false}
      value={draft[name]}
      onChange={({ currentTarget: { value } }) => change({ [name]: value })}
    />
  );
  return (
    <Page title={t("audit.part.verify")} lead={t("audit.verifyLead")}>
      <form onSubmit={submit}>
        <Stack gap="sm" maw="48rem">
          {field("receipt", { label: t("audit.filter.receipt"), required: true })}
          {field("leaf", { label: t("audit.leaf"), description: t("audit.leafLead"), required: true, error: fault })}
          <TextOfEntry text={draft.text} onText={(text) => change({ text })} />
          {field("key", { label: t("audit.logKey"), description: t("audit.logKeyLead") })}
          <div>
            <Button type="submit" loading={isBusy}>
              {t("audit.verify")}
            </Button>
          </div>
        </Stack>
      </form>
      <Problem error={error} />
      {proven && <Proof proven={proven} of={{ receipt, leaf }} />}
    </Page>
  );
}

function TextOfEntry({ text, onText }: { readonly text: string; readonly onText: (text: string) => void }) {
  const { t } = useText();
  return (
    <Textarea
      label={t("audit.text")}
      description={t("audit.textLead")}
      autosize
      minRows={2}
      maxRows={10}
      spellCheck={false}
      value={text}
      onChange={({ currentTarget: { value } }) => onText(value)}
    />
  );
}
