import { FileInput, NativeSelect, NumberInput, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { useClient } from "urql";
import { useAsking } from "../../kit/ask.tsx";
import { useText } from "../../kit/text.tsx";
import { useNames } from "../kit/names.ts";
import type { Field, Values } from "./act.ts";
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
  return fields.map((field) => {
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
  const name = useNames();
  const common = {
    label: t(`district.field.${field.name}`),
    required: !field.isOptional,
    value,
    withAsterisk: !field.isOptional,
  };
  if (field.kind === "hash") return <FileHash {...common} put={put} />;
  if (field.kind === "photos") return <Photos label={common.label} value={value} put={put} about={about} />;
  if (field.kind === "number")
    return <NumberInput {...common} min={1} allowDecimal={false} onChange={(next) => put(`${next}`)} />;
  if (field.kind === "words")
    return (
      <Textarea {...common} autosize minRows={3} maxLength={1000} onChange={({ currentTarget }) => put(currentTarget.value)} />
    );
  if (field.kind === "choice") {
    const options = field.values.map((one) => ({ value: one, label: name(field.type, one) }));
    const data = [{ value: "", label: t("district.kit.choose") }, ...options];
    return <NativeSelect {...common} data={data} onChange={({ currentTarget }) => put(currentTarget.value)} />;
  }
  const type = field.kind === "date" ? "date" : "text";
  return <TextInput {...common} type={type} maxLength={200} onChange={({ currentTarget }) => put(currentTarget.value)} />;
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
