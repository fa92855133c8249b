import { List, Text } from "@mantine/core";
import type { CombinedError } from "@urql/core";
import { useMutation } from "urql";
import { count, day, moment } from "../format.ts";
import { Problem } from "../Problem.tsx";
import { Act } from "../parts/Act.tsx";
import { Section } from "../parts/Section.tsx";
import { Sheet } from "../parts/Sheet.tsx";
import { useText } from "../text.tsx";
import { useAnswer } from "../use/useAnswer.ts";
import { ACKNOWLEDGE, NOTICES, STEWARDS_NOTICES } from "./questions.ts";

interface Said {
  readonly indonesian: string;
  readonly english: string;
}
interface Change {
  readonly coordinate: string;
  readonly severity: string;
  readonly sentence: Said | null;
  readonly advice: Said | null;
  readonly documents?: readonly string[] | null;
}
interface Notice {
  readonly id: string;
  readonly severity: string;
  readonly effectiveOn: string;
  readonly sentAt: string;
  readonly acknowledgedBy?: string | null;
  readonly acknowledgedAt: string | null;
  readonly agreement: { readonly number: string } | null;
  readonly changes: readonly Change[] | null;
}

/** What agreements of the own agency are told before the schema changes; `mayAcknowledge`: the page is a steward's. */
export function Notices({ mayAcknowledge = false }: { readonly mayAcknowledge?: boolean }) {
  const { t, enumLabel } = useText();
  const { data, error, again } = useAnswer<{ readonly schemaNotices: readonly Notice[] | null }>(
    mayAcknowledge ? STEWARDS_NOTICES : NOTICES,
  );
  const notices = data?.schemaNotices ?? [];
  if ((data || isHidden(error)) && notices.length === 0) return null; // nothing to tell, or an agreement that does not open it
  return (
    <Section title={t("kit.notices", { count: count(notices.length) })} lead={t("kit.noticesLead")}>
      <Problem error={error} />
      <Sheet
        caption={t("kit.noticesLead")}
        heads={[
          t("kit.noticeFrom"),
          t("kit.noticeAgreement"),
          t("kit.noticeSeverity"),
          t("kit.noticeChanges"),
          t("kit.noticeRead"),
        ]}
        rows={notices}
        keyOf={({ id }) => id}
        cells={(notice) => [
          day(notice.effectiveOn),
          notice.agreement?.number,
          <Text key="severity" span fw={600}>
            {enumLabel("SchemaChangeSeverity", notice.severity)}
          </Text>,
          <Changes key="changes" changes={notice.changes ?? []} />,
          <Read key="read" notice={notice} mayAcknowledge={mayAcknowledge} again={again} />,
        ]}
      />
    </Section>
  );
}

/** Who is shown nothing of a field's class is not told either that there is such a field. */
const isHidden = (error: CombinedError | undefined): boolean =>
  error?.graphQLErrors[0]?.extensions["code"] === "GRAPHQL_VALIDATION_FAILED";

function Changes({ changes }: { readonly changes: readonly Change[] }) {
  const { t, language } = useText();
  const said = (one: Said | null) => (language === "id" ? one?.indonesian : one?.english);
  return (
    <details>
      <summary>{t("kit.noticeCount", { count: count(changes.length) })}</summary>
      <List size="sm" style={{ overflowWrap: "anywhere" }}>
        {changes.map(({ coordinate, sentence, advice, documents }) => (
          <List.Item key={`${coordinate} ${sentence?.english}`}>
            {said(sentence)} {said(advice)}
            {documents && documents.length > 0 && ` ${t("kit.noticeDocuments", { names: documents.join(", ") })}`}
          </List.Item>
        ))}
      </List>
    </details>
  );
}

interface ReadProps {
  readonly notice: Notice;
  readonly mayAcknowledge: boolean;
  readonly again: () => void;
}

function Read({ notice: { id, acknowledgedBy, acknowledgedAt, agreement }, mayAcknowledge, again }: ReadProps) {
  const { t } = useText();
  const [, acknowledge] = useMutation(ACKNOWLEDGE);
  if (acknowledgedAt !== null) return [acknowledgedBy, moment(acknowledgedAt)].filter(Boolean).join(", ");
  if (!mayAcknowledge) return t("kit.noticeUnread");
  const act = async () => {
    const { error } = await acknowledge({ id });
    if (!error) again();
    return error;
  };
  return (
    <Act label={t("kit.noticeAcknowledge")} tells={t("kit.noticeTells", { agreement: agreement?.number ?? "" })} act={act} />
  );
}
