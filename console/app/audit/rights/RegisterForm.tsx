import { NativeSelect, SimpleGrid, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useMutation } from "urql";
import { Act } from "../../kit/parts/Act.tsx";
import { Section } from "../../kit/parts/Section.tsx";
import { useText } from "../../kit/text.tsx";
import { useDraft } from "../../kit/use/useDraft.ts";
import { usePermissions } from "../../kit/use/usePermissions.ts";
import { endOf } from "../kit/days.ts";
import { REGISTER } from "./questions.ts";

const BASES = ["PARENT", "GUARDIAN", "CARER", "HEIR", "PROXY"];
const EMPTY = { person: "", representative: "", basis: "PROXY", evidence: "", until: "" };

/** Registers who acts for another; it takes force when another agency confirms it. */
export function RegisterForm() {
  const { t, enumLabel } = useText();
  const lack = usePermissions();
  const [draft, change, clear] = useDraft("audit.representation", EMPTY);
  const [isDone, setDone] = useState(false);
  const [, register] = useMutation(REGISTER);
  const isWhole = Object.values(draft).every((value) => value.trim() !== "");
  const field = (name: keyof typeof EMPTY, type: "text" | "date" = "text") => (
    <TextInput
      type={type}
      label={t(`audit.register.${name}`)}
      required
      spellCheck={false}
      autoComplete="off"
      value={draft[name]}
      onChange={({ currentTarget: { value } }) => change({ [name]: value })}
    />
  );
  return (
    <Section title={t("audit.registerTitle")} lead={t("audit.registerLead")}>
      <SimpleGrid cols={{ base: 1, sm: 2 }} maw="48rem">
        {field("person")}
        {field("representative")}
        <NativeSelect
          label={t("audit.register.basis")}
          value={draft.basis}
          data={BASES.map((value) => ({ value, label: enumLabel("RepresentationBasis", value) }))}
          onChange={({ currentTarget: { value } }) => change({ basis: value })}
        />
        {field("evidence")}
        {field("until", "date")}
      </SimpleGrid>
      <Act
        label={t("audit.registerTitle")}
        tells={t("audit.registerTells")}
        because={lack("registerRepresentation") ?? (isWhole ? undefined : t("audit.fillAll"))}
        act={async () => {
          const input = { ...draft, until: endOf(draft.until) };
          const { error } = await register({ input });
          setDone(!error);
          if (!error) clear();
          return error;
        }}
      />
      {isDone && <Text role="status">{t("audit.registered")}</Text>}
    </Section>
  );
}
