import { Checkbox, Group, Radio, Stack, TextInput } from "@mantine/core";
import { useCallback } from "react";
import { useMutation } from "urql";
import { Act } from "../../kit/parts/Act.tsx";
import { Lines } from "../../kit/parts/Lines.tsx";
import { Section } from "../../kit/parts/Section.tsx";
import { useText } from "../../kit/text.tsx";
import { useDraft } from "../../kit/use/useDraft.ts";
import { usePermissions } from "../../kit/use/usePermissions.ts";
import { OwnAgreement } from "./OwnAgreement.tsx";
import { SUBSCRIBE } from "./questions.ts";

const BLANK = {
  ...{ agreement: "", client: "", url: "", format: "WEBHOOK" },
  ...{ programs: [] as readonly string[], kinds: [] as readonly string[] },
};
const FORMATS = ["WEBHOOK", "DCI"] as const;
const KINDS = ["ENROLMENT_CHANGED", "PAYMENT_CHANGED"] as const;
const TEXTS = ["client", "url"] as const;

/** Asks for a webhook under an agreement of one's own agency. */
export function Subscribe({ again }: { readonly again: () => void }) {
  const { t } = useText();
  const because = usePermissions()("subscribeToEvents");
  const [draft, change, clear] = useDraft("subscription", BLANK);
  const [, subscribe] = useMutation(SUBSCRIBE);
  const run = async () => {
    const { error } = await subscribe({ input: draft });
    if (error) return error;
    clear();
    again();
    return undefined;
  };
  const isWhole = draft.agreement !== "" && draft.client !== "" && draft.url !== "";
  return (
    <Section title={t("steward.subscribe")}>
      <Stack maw="44rem" gap="sm">
        <Fields draft={draft} change={change} />
        <Act
          label={t("steward.subscribe")}
          tells={t("steward.subscribeTells")}
          because={because ?? (isWhole ? undefined : t("steward.formIncomplete"))}
          act={run}
        />
      </Stack>
    </Section>
  );
}

interface FieldsProps {
  readonly draft: typeof BLANK;
  readonly change: (part: Partial<typeof BLANK>) => void;
}

function Fields({ draft, change }: FieldsProps) {
  const { t, enumLabel } = useText();
  const pick = useCallback((agreement: string) => change({ agreement }), [change]);
  return (
    <>
      <OwnAgreement value={draft.agreement} onPick={pick} />
      <Group grow align="flex-start" preventGrowOverflow={false}>
        {TEXTS.map((place) => (
          <TextInput
            key={place}
            label={t(`steward.subscription.${place}`)}
            description={t(`steward.subscription.${place}Lead`)}
            value={draft[place]}
            required
            spellCheck={false}
            onChange={({ currentTarget: { value } }) => change({ [place]: value })}
          />
        ))}
      </Group>
      <Radio.Group
        label={t("steward.eventFormat")}
        description={draft.format === "DCI" ? t("steward.eventFormatDci") : undefined}
        value={draft.format}
        onChange={(format) => change({ format })}
      >
        <Group mt={4}>
          {FORMATS.map((format) => (
            <Radio key={format} value={format} label={enumLabel("EventFormat", format)} />
          ))}
        </Group>
      </Radio.Group>
      <Lines
        label={t("steward.programs")}
        description={t("steward.allIfEmpty")}
        lines={draft.programs}
        onLines={(programs) => change({ programs })}
      />
      <Checkbox.Group
        label={t("steward.eventKinds")}
        description={t("steward.allIfEmpty")}
        value={[...draft.kinds]}
        onChange={(kinds) => change({ kinds })}
      >
        <Group mt={4}>
          {KINDS.map((kind) => (
            <Checkbox key={kind} value={kind} label={enumLabel("AidEventKind", kind)} />
          ))}
        </Group>
      </Checkbox.Group>
    </>
  );
}
