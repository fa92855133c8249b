import { Group, Stack, Text, TextInput } from "@mantine/core";
import { dayInWib } from "../../../../../schema/values/wib.ts";
import { count } from "../../../kit/format.ts";
import { Problem } from "../../../kit/Problem.tsx";
import { Sheet } from "../../../kit/parts/Sheet.tsx";
import { Loading } from "../../../kit/States.tsx";
import { useText } from "../../../kit/text.tsx";
import { useAnswer } from "../../../kit/use/useAnswer.ts";
import { useFilter } from "../../../kit/use/useFilter.ts";
import { REPORT_PREVIEW } from "./questions.ts";

interface Used {
  readonly coordinate: string;
  readonly requests: number;
}

interface Usage {
  readonly requests: number;
  readonly persons: number;
  readonly refused: number;
  readonly coordinates: readonly Used[];
  readonly denials: readonly Used[];
}

const DAY_MS = 24 * 60 * 60 * 1000;
const SEMESTER_DAYS = 181;

/** What the record says of an agreement's use, day to day; the half year until today unless other days are picked. */
export function Preview({ agreement, until }: { readonly agreement: string; readonly until: string | null }) {
  const { t } = useText();
  const [value, set] = useFilter();
  const end = Math.min(Date.now(), until === null ? Date.now() : Date.parse(until));
  const from = value("from") || dayInWib(new Date(end - SEMESTER_DAYS * DAY_MS));
  const to = value("to") || dayInWib(new Date(end));
  const { data, error, isLoading } = useAnswer<{ readonly semesterReport: Usage | null }>(REPORT_PREVIEW, {
    agreement,
    from,
    to,
  });
  const usage = data?.semesterReport;
  return (
    <Stack gap="xs">
      <Group align="flex-end">
        <TextInput
          type="date"
          label={t("access.from")}
          value={from}
          onChange={({ currentTarget }) => set("from", currentTarget.value)}
        />
        <TextInput
          type="date"
          label={t("access.to")}
          value={to}
          onChange={({ currentTarget }) => set("to", currentTarget.value)}
        />
      </Group>
      <Problem error={error} />
      {isLoading && !data && <Loading />}
      {usage && (
        <Text>
          {t("access.usage", { requests: count(usage.requests), persons: count(usage.persons), refused: count(usage.refused) })}
        </Text>
      )}
      {usage && usage.coordinates.length > 0 && <Coordinates caption={t("access.shownFields")} used={usage.coordinates} />}
      {usage && usage.denials.length > 0 && <Coordinates caption={t("access.deniedFields")} used={usage.denials} />}
    </Stack>
  );
}

function Coordinates({ caption, used }: { readonly caption: string; readonly used: readonly Used[] }) {
  const { t } = useText();
  return (
    <details>
      <summary>{`${caption} (${count(used.length)})`}</summary>
      <Sheet
        caption={caption}
        heads={[t("access.coordinate"), t("access.answers")]}
        rows={used}
        keyOf={({ coordinate }) => coordinate}
        cells={({ coordinate, requests }) => [
          <Text key="coordinate" span ff="monospace" size="sm">
            {coordinate}
          </Text>,
          count(requests),
        ]}
      />
    </details>
  );
}
