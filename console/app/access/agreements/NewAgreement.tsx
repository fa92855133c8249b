import { Alert, Button, NativeSelect, Stack, TextInput } from "@mantine/core";
import type { CombinedError } from "@urql/core";
import { type FormEvent, useState } from "react";
import { useNavigate } from "react-router";
import { useMutation, useQuery } from "urql";
import { Problem } from "../../kit/Problem.tsx";
import { Loading, Page } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { useDraft } from "../../kit/use/useDraft.ts";
import { usePermissions } from "../../kit/use/usePermissions.ts";
import { useMe } from "../../shell/me.ts";
import { CREATE_AGREEMENT, NEW_AGREEMENT } from "./questions.ts";

interface Ground {
  readonly agencies: readonly { readonly code: string; readonly name: string }[];
  readonly purposes: readonly { readonly code: string; readonly name: string; readonly citation: string }[];
}

const EMPTY = { number: "", title: "", consumer: "", purpose: "", dpiaId: "", documentSha256: "", reportDue: "" };
type Form = typeof EMPTY;

/** Opens the file of an agreement. Its content comes with a draft. */
export function NewAgreement() {
  const { t } = useText();
  const lack = usePermissions();
  const [{ data, error }] = useQuery<Ground>({ query: NEW_AGREEMENT });
  const because = lack("createAgreement");
  return (
    <Page title={t("access.newAgreement")} lead={t("access.newAgreementLead")}>
      <Problem error={error} />
      {because !== undefined && <Alert title={t("access.mayNot")}>{because}</Alert>}
      {!data && !error && <Loading />}
      {data && <AgreementForm ground={data} isAllowed={because === undefined} />}
    </Page>
  );
}

/** The parts of a form, by name of the input of CreateAgreementInput. */
const TEXTS = [
  ["number", true],
  ["title", true],
  ["dpiaId", true],
  ["documentSha256", false],
] as const;

function AgreementForm({ ground, isAllowed }: { readonly ground: Ground; readonly isAllowed: boolean }) {
  const { t } = useText();
  const [form, change, clear] = useDraft<Form>("agreement", EMPTY);
  const { consumers, consumer, purpose } = useChoices(ground, form);
  const { submit, error, isBusy } = useCreate({ ...form, consumer, purpose }, clear);
  return (
    <Stack component="form" maw="40rem" onSubmit={submit}>
      {TEXTS.map(([name, required]) => (
        <TextInput
          key={name}
          label={t(`access.new.${name}`)}
          description={t(`access.newHint.${name}`)}
          required={required}
          value={form[name]}
          onChange={({ currentTarget: { value } }) => change({ [name]: value })}
        />
      ))}
      <NativeSelect
        label={t("access.consumer")}
        value={consumer}
        data={consumers.map(({ code, name }) => ({ value: code, label: name }))}
        onChange={({ currentTarget: { value } }) => change({ consumer: value })}
      />
      <NativeSelect
        label={t("access.purpose")}
        value={purpose}
        data={ground.purposes.map(({ code, name, citation }) => ({ value: code, label: `${name} (${citation})` }))}
        onChange={({ currentTarget: { value } }) => change({ purpose: value })}
      />
      <TextInput
        type="date"
        label={t("access.new.reportDue")}
        description={t("access.newHint.reportDue")}
        value={form.reportDue}
        onChange={({ currentTarget: { value } }) => change({ reportDue: value })}
      />
      <Problem error={error} />
      <div>
        <Button type="submit" loading={isBusy} disabled={!isAllowed}>
          {t("access.create")}
        </Button>
      </div>
    </Stack>
  );
}

/** Stewards open files for their own agency, the hub's operator for any. */
function useChoices({ agencies, purposes }: Ground, form: Form) {
  const { me } = useMe();
  const isOperator = me?.steward?.roles.includes("OPERATOR") ?? false;
  const consumers = agencies.filter(({ code }) => isOperator || code === me?.agency.code);
  return { consumers, consumer: form.consumer || (consumers[0]?.code ?? ""), purpose: form.purpose || (purposes[0]?.code ?? "") };
}

function useCreate({ documentSha256, reportDue, ...form }: Form, clear: () => void) {
  const navigate = useNavigate();
  const [error, setError] = useState<CombinedError>();
  const [{ fetching: isBusy }, create] = useMutation(CREATE_AGREEMENT);
  const input = {
    ...form,
    ...(documentSha256.trim() !== "" && { documentSha256: documentSha256.trim() }),
    ...(reportDue !== "" && { reportDue: `${reportDue}T16:59:59Z` }), // the end of that day in WIB
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const done = await create({ input });
    setError(done.error);
    if (done.error) return;
    clear();
    await navigate(`/access/drafts/${encodeURIComponent(form.number)}?from=0`);
  };
  return { submit: (event: FormEvent) => void submit(event), error, isBusy };
}
