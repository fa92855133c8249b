import { NativeSelect, TextInput } from "@mantine/core";
import { useMutation } from "urql";
import { Act } from "../../kit/parts/Act.tsx";
import { useText } from "../../kit/text.tsx";
import { useDraft } from "../../kit/use/useDraft.ts";
import { usePermissions } from "../../kit/use/usePermissions.ts";
import { endOf } from "../kit/days.ts";
import { IMPOSE } from "./questions.ts";

export interface Agency {
  readonly code: string;
  readonly name: string;
}

const EMPTY = { agency: "", client: "", kind: "WARNING", decision: "", until: "" };
const KINDS = ["WARNING", "SUSPENSION", "REVOCATION"];

/** Imposes a sanction: what shuts out does so from the next question on. */
export function ImposeAct({ agencies, onDone }: { readonly agencies: readonly Agency[]; readonly onDone: () => void }) {
  const { t, enumLabel } = useText();
  const lack = usePermissions();
  const [draft, change, clear] = useDraft("audit.sanction", EMPTY);
  const [, impose] = useMutation(IMPOSE);
  return (
    <Act
      label={t("audit.impose")}
      tells={t(`audit.imposeTells.${draft.kind}`)}
      because={lack("imposeSanction")}
      isGrave
      asks={{ called: t("audit.publicReason"), about: `imposeSanction.${draft.agency}.${draft.kind}` }}
      act={async (reason) => {
        const until = draft.kind === "SUSPENSION" && draft.until !== "" ? endOf(draft.until) : null;
        const { agency, kind, decision } = draft;
        const { error } = await impose({ input: { agency, kind, decision, client: draft.client.trim() || null, until, reason } });
        if (!error) {
          clear();
          onDone();
        }
        return error;
      }}
    >
      <NativeSelect
        label={t("audit.sanction.agency")}
        required
        value={draft.agency}
        data={[{ value: "", label: t("audit.choose") }, ...agencies.map(({ code, name }) => ({ value: code, label: name }))]}
        onChange={({ currentTarget: { value } }) => change({ agency: value })}
      />
      <NativeSelect
        label={t("audit.sanction.kind")}
        value={draft.kind}
        data={KINDS.map((value) => ({ value, label: enumLabel("SanctionKind", value) }))}
        onChange={({ currentTarget: { value } }) => change({ kind: value })}
      />
      <More draft={draft} change={change} />
    </Act>
  );
}

function More({ draft, change }: { readonly draft: typeof EMPTY; readonly change: (part: Partial<typeof EMPTY>) => void }) {
  const { t } = useText();
  return (
    <>
      <TextInput
        label={t("audit.sanction.decision")}
        required
        value={draft.decision}
        onChange={({ currentTarget: { value } }) => change({ decision: value })}
      />
      <TextInput
        label={t("audit.sanction.client")}
        description={t("audit.wholeAgency")}
        value={draft.client}
        onChange={({ currentTarget: { value } }) => change({ client: value })}
      />
      {draft.kind === "SUSPENSION" && (
        <TextInput
          type="date"
          label={t("audit.sanction.until")}
          description={t("audit.untilLifted")}
          value={draft.until}
          onChange={({ currentTarget: { value } }) => change({ until: value })}
        />
      )}
    </>
  );
}
