import { Checkbox, Fieldset, FileInput, NativeSelect, NumberInput, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useEffect, useState } from "react";
import { useClient } from "urql";
import { useAsking } from "../../kit/ask.tsx";
import { useText } from "../../kit/text.tsx";
import { useDuties } from "../kit/duties.tsx";
import { FamilyPick } from "../kit/FamilyPick.tsx";
import { useNames } from "../kit/names.ts";
import { RegionPath, VILLAGE } from "../kit/RegionPath.tsx";
import { type Field, type Values, YES } from "./act.ts";
import { bringPicture, hashOf } from "./files.ts";

interface FormProps {
  readonly fields: readonly Field[];
  readonly values: Values;
  readonly change: (part: Values) => void;
  /** Before the names of the values: of fields asked of each row. */
  readonly of?: string;
  /** What pictures prove, and where it lies. */
  readonly about?: { readonly id: string; readonly region: string };
}

/** The inputs of a form, by what they are. */
export function Fields({ fields, values, change, of = "", about }: FormProps) {
  const asked = fields.filter(({ when }) => when?.(values) ?? true);
  return asked.map((field) => {
    const name = `${of}${field.name}`;
    const put = (value: string) => change({ [name]: value });
    return <Input key={name} field={field} value={values[name] ?? ""} put={put} about={about} />;
  });
}

interface InputProps {
  readonly field: Field;
  readonly value: string;
  readonly put: (value: string) => void;
  readonly about: FormProps["about"];
}

function Input({ field, value, put, about }: InputProps) {
  const { t } = useText();
  const label = t(`district.field.${field.name}`);
  const common = { label, required: !field.isOptional, value, withAsterisk: !field.isOptional };
  if (field.kind === "hash") return <FileHash {...common} put={put} />;
  if (field.kind === "photos") return <Photos label={label} value={value} put={put} about={about} />;
  if (field.kind === "choice" || field.kind === "pick") return <Choice {...common} field={field} put={put} />;
  if (field.kind === "family" || field.kind === "member") return <FamilyPick {...common} of={field.kind} put={put} />;
  if (field.kind === "village") return <Village label={label} value={value} put={put} />;
  if (field.kind === "check")
    return (
      <Checkbox label={label} checked={value === YES} onChange={({ currentTarget: { checked } }) => put(checked ? YES : "")} />
    );
  if (field.kind === "number")
    return <NumberInput {...common} min={1} allowDecimal={false} onChange={(next) => put(`${next}`)} />;
  if (field.kind === "words")
    return (
      <Textarea {...common} autosize minRows={3} maxLength={1000} onChange={({ currentTarget }) => put(currentTarget.value)} />
    );
  const type = field.kind === "date" ? "date" : "text";
  return <TextInput {...common} type={type} maxLength={200} onChange={({ currentTarget }) => put(currentTarget.value)} />;
}

interface ChoiceProps {
  readonly field: Extract<Field, { readonly kind: "choice" | "pick" }>;
  readonly label: string;
  readonly value: string;
  readonly required: boolean;
  readonly put: (value: string) => void;
}

function Choice({ field, put, ...common }: ChoiceProps) {
  const { t } = useText();
  const name = useNames();
  const options =
    field.kind === "choice"
      ? field.values.map((value) => ({ value, label: name(field.type, value) }))
      : field.options.map(({ value, label }) => ({ value, label: label ?? t(`district.pick.${field.name}.${value}`) }));
  const data = [{ value: "", label: t("district.kit.choose") }, ...options];
  return <NativeSelect {...common} data={data} onChange={({ currentTarget }) => put(currentTarget.value)} />;
}

interface VillageProps {
  readonly label: string;
  readonly value: string;
  readonly put: (value: string) => void;
}

/** A village below those on duty; whoever is on duty in one has nothing to choose. */
function Village({ label, value, put }: VillageProps) {
  const { root } = useDuties();
  const only = root?.length === VILLAGE ? root : null;
  useEffect(() => {
    if (only !== null && value !== only) put(only);
  });
  if (only !== null) return <TextInput label={label} value={only} readOnly />;
  return (
    <Fieldset legend={label}>
      <RegionPath value={value} put={(code) => put(code ?? "")} />
    </Fieldset>
  );
}

interface FileHashProps {
  readonly label: string;
  readonly value: string;
  readonly required: boolean;
  readonly put: (value: string) => void;
}

/** Of a document only the hash goes to the hub: it proves later which paper it was. */
function FileHash({ label, value, required, put }: FileHashProps) {
  const { t } = useText();
  const take = async (file: File | null) => put(file ? await hashOf(file) : "");
  return (
    <Stack gap={4}>
      <FileInput
        label={label}
        required={required && value === ""}
        placeholder={t("district.kit.chooseFile")}
        description={t("district.kit.hashed")}
        onChange={(file) => void take(file)}
      />
      {value !== "" && (
        <Text size="xs" ff="monospace" style={{ overflowWrap: "anywhere" }}>
          SHA-256 {value}
        </Text>
      )}
    </Stack>
  );
}

/** Pictures brought as evidence at once; the form keeps their hashes. */
function Photos({ label, value, put, about }: Omit<InputProps, "field"> & { readonly label: string }) {
  const { t } = useText();
  const client = useClient();
  const { agreement, caseNumber } = useAsking();
  const [fault, setFault] = useState<string | null>(null);
  const take = async (files: File[]) => {
    if (!about) return;
    const bringing = { client, agreement, caseNumber, about: about.id, region: about.region };
    try {
      const hashes = await Promise.all(files.map((file) => bringPicture(file, bringing)));
      put(hashes.join(" "));
      setFault(null);
    } catch (error) {
      setFault(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <FileInput
      multiple
      label={label}
      accept="image/jpeg,image/png,image/webp"
      placeholder={t("district.kit.choosePictures")}
      description={t("district.kit.brought", { count: value === "" ? 0 : value.split(" ").length })}
      error={fault}
      onChange={(files) => void take(files)}
    />
  );
}
