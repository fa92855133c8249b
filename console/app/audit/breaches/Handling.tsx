import { Textarea } from "@mantine/core";
import { useMutation } from "urql";
import { Act } from "../../kit/parts/Act.tsx";
import { Section } from "../../kit/parts/Section.tsx";
import { useText } from "../../kit/text.tsx";
import { useDraft } from "../../kit/use/useDraft.ts";
import { usePermissions } from "../../kit/use/usePermissions.ts";
import { CLOSE, HANDLE } from "./questions.ts";
import type { BreachCase } from "./types.ts";

interface ActProps {
  readonly found: BreachCase;
  readonly again: () => void;
}

/** What is done about it: the notices tell it as it stands here. */
export function Handling({ found: { number, handling, closedAt }, again }: ActProps) {
  const { t } = useText();
  const lack = usePermissions();
  const [draft, change, clear] = useDraft(`audit.handling.${number}`, { handling });
  const [, handle] = useMutation(HANDLE);
  const isSame = draft.handling.trim() === handling.trim();
  return (
    <Section title={t("audit.breach.handling")}>
      <Textarea
        label={t("audit.breach.handling")}
        description={t("audit.noPersonalData")}
        maw="52rem"
        autosize
        minRows={3}
        maxLength={2000}
        readOnly={closedAt !== null}
        value={draft.handling}
        onChange={({ currentTarget: { value } }) => change({ handling: value })}
      />
      {closedAt === null && (
        <Act
          label={t("audit.saveHandling")}
          tells={t("audit.saveHandlingTells")}
          because={lack("updateBreachHandling") ?? (isSame ? t("audit.unchanged") : undefined)}
          act={async () => {
            const { error } = await handle({ number, handling: draft.handling.trim() });
            if (!error) {
              clear();
              again();
            }
            return error;
          }}
        />
      )}
    </Section>
  );
}

export function CloseAct({ found: { number, state, closedAt }, again }: ActProps) {
  const { t } = useText();
  const lack = usePermissions();
  const [, close] = useMutation(CLOSE);
  if (closedAt !== null) return null;
  return (
    <Act
      label={t("audit.closeCase")}
      tells={t("audit.closeCaseTells", { number })}
      isGrave
      because={lack("closeBreach") ?? (state === "OPEN" ? t("audit.notAllTold") : undefined)}
      act={async () => {
        const { error } = await close({ number });
        if (!error) again();
        return error;
      }}
    />
  );
}
