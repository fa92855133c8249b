import { Button, Group, NativeSelect, SimpleGrid, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useQuery } from "urql";
import { useAsking } from "../../kit/ask.tsx";
import { useText } from "../../kit/text.tsx";
import { mayEnter, useMe } from "../../shell/me.ts";
import type { Part, Wanted } from "./filter.ts";
import { CHOICES } from "./questions.ts";
import type { Choices } from "./types.ts";

interface FormProps {
  readonly wanted: Wanted;
  readonly person: string;
  readonly onSearch: (wanted: Wanted, person: string) => void;
}

const NOTHING: Wanted = { agency: "", agreement: "", purpose: "", coordinate: "", status: "", from: "", to: "", receipt: "" };
/** What explains a field stands below it, so that the fields of a row stand in line. */
const BELOW: ("label" | "input" | "description" | "error")[] = ["label", "input", "description", "error"];
/** Ends that are no error. */
const ENDED_WELL = ["ANSWERED", "INTENDED"];

/** What to look for. A person is named in a case only, whose number goes on record with the search. */
export function SearchForm({ wanted, person, onSearch }: FormProps) {
  const { t } = useText();
  const { me } = useMe();
  const { caseNumber, name } = useAsking();
  const [draft, setDraft] = useState(wanted);
  const [whom, setWhom] = useState(person);
  const [inCase, setCase] = useState(caseNumber ?? "");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (whom.trim() !== "" && inCase.trim() !== (caseNumber ?? "")) name(inCase.trim() || null);
    onSearch(draft, whom.trim());
  };
  const change = (part: Part, value: string) => setDraft((before) => ({ ...before, [part]: value }));
  return (
    <form onSubmit={submit} aria-label={t("audit.search")}>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing="sm">
        <Pickers draft={draft} change={change} />
        <Texts draft={draft} change={change} />
        {mayEnter(["AUDITOR", "DPO"], me) && (
          <>
            <TextInput
              label={t("audit.person")}
              description={t("audit.personLead")}
              inputWrapperOrder={BELOW}
              value={whom}
              onChange={({ currentTarget: { value } }) => setWhom(value)}
              autoComplete="off"
              spellCheck={false}
            />
            <TextInput
              label={t("shell.case")}
              description={t("audit.caseLead")}
              inputWrapperOrder={BELOW}
              required={whom.trim() !== ""}
              value={inCase}
              onChange={({ currentTarget: { value } }) => setCase(value)}
            />
          </>
        )}
      </SimpleGrid>
      <Group mt="sm">
        <Button type="submit">{t("audit.search")}</Button>
        <Button variant="subtle" onClick={() => onSearch(NOTHING, "")}>
          {t("audit.clear")}
        </Button>
      </Group>
    </form>
  );
}

interface FieldsProps {
  readonly draft: Wanted;
  readonly change: (part: Part, value: string) => void;
}

function Pickers({ draft, change }: FieldsProps) {
  const { t, codes, codeLabel } = useText();
  const [{ data }] = useQuery<Choices>({ query: CHOICES });
  const all = { value: "", label: t("audit.all") };
  const named = (rows: Choices["agencies"] | undefined) => [
    all,
    ...(rows ?? []).map(({ code, name }) => ({ value: code, label: name })),
  ];
  const outcomes = [
    all,
    ...[...ENDED_WELL, ...codes].map((status) => ({ value: status, label: outcomeLabel(status, t, codeLabel) })),
  ];
  const pick = (part: Part, data_: { value: string; label: string }[]) => (
    <NativeSelect
      label={t(`audit.filter.${part}`)}
      value={draft[part]}
      data={data_}
      onChange={({ currentTarget: { value } }) => change(part, value)}
    />
  );
  return (
    <>
      {pick("agency", named(data?.agencies))}
      {pick("purpose", named(data?.purposes))}
      {pick("status", outcomes)}
    </>
  );
}

function Texts({ draft, change }: FieldsProps) {
  const { t } = useText();
  const field = (part: Part, type: "text" | "date" = "text") => (
    <TextInput
      key={part}
      type={type}
      label={t(`audit.filter.${part}`)}
      value={draft[part]}
      spellCheck={false}
      onChange={({ currentTarget: { value } }) => change(part, value)}
    />
  );
  return [field("agreement"), field("coordinate"), field("receipt"), field("from", "date"), field("to", "date")];
}

type Text = ReturnType<typeof useText>;
/** How an entry ended: in plain words for the two ends that are no error, else what is said of the code. */
export const outcomeLabel = (status: string, t: Text["t"], codeLabel: Text["codeLabel"]): string => {
  if (status === "ANSWERED") return t("audit.outcome.answered");
  if (status === "INTENDED") return t("audit.outcome.announced");
  const said = codeLabel(status);
  return said === status || said.includes("{") || said.length > 60 ? status : said;
};
