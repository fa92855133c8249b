import { Button, Group, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useMutation } from "urql";
import { deadline } from "../../kit/format.ts";
import { Problem } from "../../kit/Problem.tsx";
import { Act } from "../../kit/parts/Act.tsx";
import { Section } from "../../kit/parts/Section.tsx";
import { Sheet } from "../../kit/parts/Sheet.tsx";
import { Empty, Loading, Page } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { useAnswer } from "../../kit/use/useAnswer.ts";
import { usePermissions } from "../../kit/use/usePermissions.ts";
import { CONFIRM, END, REPRESENTATIVES } from "./questions.ts";
import { RegisterForm } from "./RegisterForm.tsx";
import type { Representation } from "./types.ts";

/** Who may act for whom: looked up by the person represented, registered by one agency, confirmed by another. */
export default function Representations() {
  const { t } = useText();
  const [typed, setTyped] = useState("");
  const [person, setPerson] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setPerson(typed.trim());
  };
  return (
    <Page title={t("audit.part.representations")} lead={t("audit.representationsLead")}>
      <Section title={t("audit.lookUp")}>
        <form onSubmit={submit}>
          <Group align="flex-end">
            <TextInput
              label={t("audit.represented")}
              description={t("audit.lookUpLead")}
              required
              w="24rem"
              maw="100%"
              spellCheck={false}
              autoComplete="off"
              value={typed}
              onChange={({ currentTarget: { value } }) => setTyped(value)}
            />
            <Button type="submit">{t("audit.lookUp")}</Button>
          </Group>
        </form>
        {person !== "" && <Standing person={person} />}
      </Section>
      <RegisterForm />
    </Page>
  );
}

interface Answer {
  readonly dataSubject: { readonly representatives: readonly Representation[] | null } | null;
}

function Standing({ person }: { readonly person: string }) {
  const { t, enumLabel } = useText();
  const { data, error, again } = useAnswer<Answer>(REPRESENTATIVES, { person });
  const rows = data?.dataSubject?.representatives;
  const anew = () => again();
  if (error) return <Problem error={error} />;
  if (!data) return <Loading />;
  if (!rows) return <Empty>{t("audit.representativesClosed")}</Empty>;
  if (rows.length === 0) return <Empty>{t("audit.nobodyRepresents")}</Empty>;
  return (
    <Sheet
      caption={t("audit.part.representations")}
      heads={["basis", "evidence", "until", "registeredBy", "state", "acts"].map((head) => t(`audit.representation.${head}`))}
      rows={rows}
      keyOf={({ id }) => id}
      cells={(row) => [
        enumLabel("RepresentationBasis", row.basis),
        row.evidence,
        deadline(row.validTo),
        row.registeredBy,
        <Text key="state" inherit>
          {row.endedAt
            ? t("audit.ended")
            : row.confirmedAt
              ? t("audit.inForceBy", { by: row.confirmedBy ?? "–" })
              : t("audit.waits")}
        </Text>,
        <Acts key="acts" row={row} onDone={anew} />,
      ]}
    />
  );
}

function Acts({ row: { id, confirmedAt, endedAt }, onDone }: { readonly row: Representation; readonly onDone: () => void }) {
  const { t } = useText();
  const lack = usePermissions();
  const [, confirm] = useMutation(CONFIRM);
  const [, end] = useMutation(END);
  const after = async (work: ReturnType<typeof confirm>) => {
    const { error } = await work;
    if (!error) onDone();
    return error;
  };
  if (endedAt !== null) return null;
  return (
    <Group gap="xs" align="flex-start">
      {confirmedAt === null && (
        <Act
          label={t("audit.confirm")}
          tells={t("audit.confirmRepresentationTells")}
          because={lack("confirmRepresentation")}
          act={() => after(confirm({ id }))}
        />
      )}
      <Act
        label={t("audit.end")}
        tells={t("audit.endTells")}
        because={lack("endRepresentation")}
        isGrave
        act={() => after(end({ id }))}
      />
    </Group>
  );
}
