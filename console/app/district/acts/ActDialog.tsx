import { Button, Fieldset, Group, Modal, Stack, Text } from "@mantine/core";
import type { FormEvent } from "react";
import { useMutation } from "urql";
import { Problem } from "../../kit/Problem.tsx";
import { useText } from "../../kit/text.tsx";
import { useDraft } from "../../kit/use/useDraft.ts";
import type { Act, Seen, Values } from "./act.ts";
import { Fields } from "./Fields.tsx";

interface DialogProps<Row extends Seen> {
  readonly act: Act<Row>;
  readonly rows: readonly Row[];
  readonly nameOf: (row: Row) => string;
  /** What pictures prove, and where that is; the first row unless said. */
  readonly about?: { readonly id: string; readonly region: string };
  readonly onClose: () => void;
  readonly onDone: () => void;
}

const NOTHING: Values = {};

/** Asks once more: what will happen, to how many, and what the act needs to know. What was typed outlives a refusal and a lost session, but comes up with no other rows. */
export function ActDialog<Row extends Seen & Placed>({ act, rows, nameOf, onClose, onDone, ...said }: DialogProps<Row>) {
  const { t } = useText();
  const [values, change, clear] = useDraft<Values>(
    `district.${act.name}.${subject(rows, said.about?.id)}`,
    act.preset ?? NOTHING,
  );
  const [{ error, fetching }, mutate] = useMutation(act.document);
  const [one] = rows;
  const parts = act.parts ?? rows.map((row) => ({ id: row.id, label: nameOf(row) }));
  const about = said.about ?? (one && { id: one.id, region: one.region?.code ?? "" });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (fetching) return;
    const { error: fault } = await mutate(act.variables(rows, values));
    if (fault) return;
    clear();
    onDone();
  };
  const cancel = () => {
    clear();
    onClose();
  };
  return (
    <Modal
      opened
      onClose={cancel}
      title={t(`district.act.${act.name}`)}
      size="lg"
      closeButtonProps={{ "aria-label": t("district.kit.close") }}
    >
      <form onSubmit={(event) => void submit(event)}>
        <Stack>
          <Text>{t(`district.act.${act.name}.lead`, { count: rows.length, name: one ? nameOf(one) : "" })}</Text>
          {act.isEnd && <Text c="var(--negative)">{t("district.kit.forGood")}</Text>}
          <Fields fields={act.fields ?? []} values={values} change={change} {...(about && { about })} />
          {act.each &&
            parts.map(({ id, label }) => (
              <Fieldset key={id} legend={label}>
                <Fields fields={act.each ?? []} values={values} change={change} of={`${id}.`} />
              </Fieldset>
            ))}
          {act.foretells?.(rows, values)}
          <Problem error={error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={cancel}>
              {t("district.kit.cancel")}
            </Button>
            <Button type="submit" loading={fetching} {...(act.isEnd && { color: "red" })} data-autofocus={!act.fields}>
              {t(`district.act.${act.name}`)}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

const subject = (rows: readonly Seen[], about = ""): string => [about, ...rows.map(({ id }) => id).sort()].join(" ");

interface Placed {
  readonly region?: { readonly code: string } | null;
}
