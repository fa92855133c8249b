import { Button, Group, Text } from "@mantine/core";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { moment } from "../../kit/format.ts";
import { Problem } from "../../kit/Problem.tsx";
import { Empty, Loading, Page } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { useAnswer } from "../../kit/use/useAnswer.ts";
import { download } from "../kit/download.ts";
import { csvOf } from "./csv.ts";
import { EntryTable } from "./EntryTable.tsx";
import { addressOf, filterOf, wantedIn } from "./filter.ts";
import { SEARCH } from "./questions.ts";
import { SearchForm } from "./SearchForm.tsx";
import type { Found } from "./types.ts";

const PAGE_SIZE = 50;

/** The record, searched. What is looked for stands in the address, but for a person. */
export function Search() {
  const { t } = useText();
  const [search, setSearch] = useSearchParams();
  const [person, setPerson] = useState("");
  const [cursors, setCursors] = useState<readonly string[]>([]);
  const wanted = wantedIn(search);
  const variables = { filter: filterOf(wanted, person), first: PAGE_SIZE, after: cursors.at(-1) ?? null };
  const { data, error, isLoading } = useAnswer<Found>(SEARCH, variables);
  const page = data?.accessRecord;
  const entries = page?.nodes ?? [];
  const lookFor = (next: typeof wanted, whom: string) => {
    setCursors([]);
    setPerson(whom);
    setSearch(addressOf(next));
  };
  return (
    <Page title={t("audit.part.record")} lead={t("audit.recordLead")}>
      <SearchForm key={search.toString()} wanted={wanted} person={person} onSearch={lookFor} />
      <Problem error={error} />
      {isLoading && !page && <Loading />}
      {page && entries.length === 0 && <Empty>{t(page.pageInfo.hasNextPage ? "audit.nothingYet" : "audit.nothingFound")}</Empty>}
      {entries.length > 0 && <EntryTable entries={entries} />}
      {page && (
        <Group justify="space-between">
          <Text size="sm" c="dimmed">
            {page.searchedTo && t("audit.searchedTo", { at: moment(page.searchedTo) })}
          </Text>
          <Pager
            cursors={cursors}
            next={page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null}
            onGo={setCursors}
            onSave={entries.length > 0 ? () => download("catatan-akses.csv", csvOf(entries)) : undefined}
          />
        </Group>
      )}
    </Page>
  );
}

interface PagerProps {
  readonly cursors: readonly string[];
  readonly next: string | null;
  readonly onGo: (cursors: readonly string[]) => void;
  readonly onSave: (() => void) | undefined;
}

function Pager({ cursors, next, onGo, onSave }: PagerProps) {
  const { t } = useText();
  return (
    <Group gap="xs">
      {onSave && (
        <Button variant="subtle" onClick={onSave}>
          {t("audit.csv")}
        </Button>
      )}
      <Button variant="default" disabled={cursors.length === 0} onClick={() => onGo(cursors.slice(0, -1))}>
        {t("audit.newer")}
      </Button>
      <Button variant="default" disabled={next === null} onClick={() => next !== null && onGo([...cursors, next])}>
        {t("audit.older")}
      </Button>
    </Group>
  );
}
