import { NativeSelect } from "@mantine/core";
import { useText } from "../../kit/text.tsx";
import { usePages } from "../kit/usePages.ts";
import { AGREEMENT_NAMES } from "./questions.ts";

interface Line {
  readonly number: string;
  readonly title: string;
  readonly versions: readonly { readonly number: number; readonly state: string }[];
}

interface FieldProps {
  readonly value: string;
  readonly onPick: (number: string) => void;
}

/** One of the agreements that have a version in force. */
export function AgreementField({ value, onPick }: FieldProps) {
  const { t } = useText();
  const { nodes } = usePages<Line>(AGREEMENT_NAMES);
  const inForce = (nodes ?? []).filter(({ versions }) => versions.some(({ state }) => state === "ACTIVE"));
  return (
    <NativeSelect
      label={t("steward.underAgreement")}
      value={value}
      data={[
        { value: "", label: t("steward.choose") },
        ...inForce.map(({ number, title }) => ({ value: number, label: `${number} · ${title}` })),
      ]}
      onChange={({ currentTarget: { value: picked } }) => onPick(picked)}
    />
  );
}
