import { Button, Group, Stack, Text, Title } from "@mantine/core";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { count } from "../../kit/format.ts";
import { Problem } from "../../kit/Problem.tsx";
import { Empty, Loading, Page } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { useAnswer } from "../../kit/use/useAnswer.ts";
import type { Connection } from "../kit/useList.ts";
import { bits } from "./bits.ts";
import { Decide, type Decision } from "./Decide.tsx";
import { OwnRow } from "./OwnRow.tsx";
import { REVIEW_CASES } from "./questions.ts";
import type { Case } from "./types.ts";
import { Waterfall } from "./Waterfall.tsx";

const KEYS: Readonly<Record<string, Decision>> = { s: "SAME", d: "DIFFERENT" };

/** Rows that no rule may decide, one at a time, the likeliest first. */
export function Review() {
  const { t } = useText();
  const [after, turn] = useState<string | null>(null);
  const { data, error, isLoading, again } = useAnswer<{ readonly reviewCases: Connection<Case> | null }>(REVIEW_CASES, { after });
  const [passed, pass] = useState<ReadonlySet<string>>(new Set());
  const found = data?.reviewCases;
  const left = found?.nodes?.filter(({ id }) => !passed.has(id)) ?? [];
  const [current] = left;
  const next = () => {
    if (!current) return;
    pass(new Set([...passed, current.id]));
    if (left.length === 1 && found?.pageInfo.hasNextPage) turn(found.pageInfo.endCursor);
  };
  const startOver = () => {
    pass(new Set());
    turn(null);
    again();
  };
  if (isLoading) return <Loading />;
  return (
    <Page title={t("district.queue.review.title")} lead={t("district.queue.review.lead")}>
      <Problem error={error} />
      {found?.totalCount != null && <Text>{t("district.review.left", { count: count(found.totalCount) })}</Text>}
      {current && <One key={current.id} of={current} next={next} />}
      {!current && !error && (
        <Stack align="center">
          <Empty>{t("district.queue.review.empty")}</Empty>
          {passed.size > 0 && (
            <Button variant="default" onClick={startOver}>
              {t("district.review.startOver")}
            </Button>
          )}
        </Stack>
      )}
    </Page>
  );
}

/** One case. It takes the focus when it comes; then S, D and N decide or skip, and no key does anything elsewhere. */
function One({ of, next }: { readonly of: Case; readonly next: () => void }) {
  const { t } = useText();
  const box = useRef<HTMLElement>(null);
  const [decision, decide] = useState<Decision | null>(null);
  useEffect(() => box.current?.focus(), []);
  const cancel = () => {
    decide(null);
    box.current?.focus();
  };
  const press = (event: KeyboardEvent) => {
    if (event.target !== box.current || event.ctrlKey || event.metaKey || event.altKey) return;
    const chosen = KEYS[event.key.toLowerCase()];
    if (chosen || event.key.toLowerCase() === "n") event.preventDefault();
    if (chosen) decide(chosen);
    else if (event.key.toLowerCase() === "n") next();
  };
  return (
    <section ref={box} tabIndex={-1} className="desk-case" aria-labelledby="case" onKeyDown={press}>
      <Stack gap="md">
        <Title order={2} size="h4" id="case">
          {t("district.review.case", { source: of.source, row: of.row, name: of.person?.fullName ?? "?" })}
        </Title>
        <Text size="sm" c="dimmed">
          {t("district.review.keys")}
        </Text>
        <Waterfall of={of} />
        {of.margin !== null && <Text size="sm">{t("district.review.margin", { bits: bits(of.margin) })}</Text>}
        <OwnRow row={of.row} />
        <Group>
          <Button onClick={() => decide("SAME")}>{t("district.review.same")}</Button>
          <Button variant="outline" onClick={() => decide("DIFFERENT")}>
            {t("district.review.different")}
          </Button>
          <Button variant="default" onClick={next}>
            {t("district.review.skip")}
          </Button>
        </Group>
        {decision && <Decide of={of} decision={decision} onDone={next} onCancel={cancel} />}
      </Stack>
    </section>
  );
}
