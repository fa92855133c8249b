import { Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "urql";
import { deadline, moment } from "../../../kit/format.ts";
import { Problem } from "../../../kit/Problem.tsx";
import { Act } from "../../../kit/parts/Act.tsx";
import { Section } from "../../../kit/parts/Section.tsx";
import { Sheet } from "../../../kit/parts/Sheet.tsx";
import { Loading } from "../../../kit/States.tsx";
import { useText } from "../../../kit/text.tsx";
import { useAnswer } from "../../../kit/use/useAnswer.ts";
import { useDraft } from "../../../kit/use/useDraft.ts";
import { usePermissions } from "../../../kit/use/usePermissions.ts";
import { useMe } from "../../../shell/me.ts";
import { Nothing } from "../../kit/Nothing.tsx";
import { State } from "../../kit/State.tsx";
import type { Version } from "../types.ts";
import { ConfirmAct, type GlassBreak, ReviewAct } from "./GlassActs.tsx";
import { BREAK_GLASS, GLASS } from "./questions.ts";

const OF_GLASS = { mayHold: ["GlassBreak"] };

/** Openings in an emergency: two persons open an armed version for minutes, a third reviews it. */
export function Glass({ version }: { readonly version: Version }) {
  const { t } = useText();
  const { data, error } = useAnswer<{ readonly glassBreaks: readonly GlassBreak[] | null }>(GLASS, {}, OF_GLASS);
  const breaks = data?.glassBreaks?.filter(({ agreement }) => agreement?.number === version.agreement.number);
  return (
    <Section title={t("access.glass")} lead={t("access.glassLead")}>
      <Problem error={error} />
      {!data && !error && <Loading />}
      {version.armed === null ? <Text c="dimmed">{t("access.notArmed")}</Text> : <BreakAct version={version} />}
      {breaks?.length === 0 && <Nothing>{t("access.noGlass")}</Nothing>}
      {breaks && breaks.length > 0 && <Breaks breaks={breaks} consumer={version.agreement.consumer.code} />}
    </Section>
  );
}

const BLANK = { case: "" };

function BreakAct({ version: { agreement, number, armed } }: { readonly version: Version }) {
  const { t } = useText();
  const { me } = useMe();
  const lack = usePermissions();
  const [, breakGlass] = useMutation(BREAK_GLASS);
  const [draft, change, clear] = useDraft(`glass.${agreement.number}.${number}`, BLANK);
  const isOther = me?.agency.code !== agreement.consumer.code;
  return (
    <Act
      label={t("access.breakGlass")}
      tells={t("access.breakGlassTells", { minutes: armed?.minutes ?? 0, persons: armed?.persons ?? 0 })}
      because={lack("breakGlass") ?? (isOther ? t("access.onlyConsumer", { consumer: agreement.consumer.code }) : undefined)}
      isGrave
      asks={{ called: t("access.reason"), about: `breakGlass.${agreement.number}.${number}` }}
      act={async (reason) => {
        const { error } = await breakGlass({ agreement: agreement.number, version: number, case: draft.case, reason });
        if (!error) clear();
        return error;
      }}
    >
      <TextInput
        label={t("access.caseNumber")}
        required
        value={draft.case}
        onChange={({ currentTarget: { value } }) => change({ case: value })}
      />
    </Act>
  );
}

function Breaks({ breaks, consumer }: { readonly breaks: readonly GlassBreak[]; readonly consumer: string }) {
  const { t } = useText();
  return (
    <Sheet
      caption={t("access.glass")}
      heads={[t("access.requested"), t("access.state"), t("access.why"), t("access.open"), t("access.review"), ""]}
      rows={breaks}
      keyOf={({ id }) => id}
      cells={(one) => [
        `${one.requestedBy}, ${moment(one.requestedAt)}`,
        <State key="state" of="GlassState" value={one.state} />,
        `${one.case}: ${one.reason}`,
        one.openedAt !== null && one.closesAt !== null
          ? t("access.fromTo", { from: moment(one.openedAt), to: moment(one.closesAt) })
          : "–",
        <Review key="review" of={one} />,
        <Stack key="acts" gap="xs">
          {one.state === "WAITING" && <ConfirmAct of={one} consumer={consumer} />}
          {one.state === "UNREVIEWED" && <ReviewAct of={one} />}
        </Stack>,
      ]}
    />
  );
}

function Review({ of: { reviewedBy, finding, reviewDue } }: { readonly of: GlassBreak }) {
  const { t, enumLabel } = useText();
  if (finding !== null) return `${enumLabel("GlassFinding", finding)}, ${reviewedBy}`;
  return reviewDue === null ? "–" : t("access.reviewDue", { at: deadline(reviewDue) });
}
