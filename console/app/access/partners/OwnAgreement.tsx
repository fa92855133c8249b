import { NativeSelect } from "@mantine/core";
import { useEffect } from "react";
import { useText } from "../../kit/text.tsx";
import { useMe } from "../../shell/me.ts";
import { type Governed, useGoverned } from "../drafts/useDrafting.ts";

interface OwnProps {
  readonly value: string;
  readonly onPick: (number: string) => void;
}

const isInForce = ({ versions }: Governed): boolean => versions.some(({ state }) => state === "ACTIVE" || state === "SUSPENDED");

/** One of the agreements of one's agency that have a version in force; the first is picked where none is. */
export function OwnAgreement({ value, onPick }: OwnProps) {
  const { t } = useText();
  const { me } = useMe();
  const { agreements } = useGoverned();
  const choices = (agreements ?? []).filter((one) => isInForce(one) && one.consumer.code === me?.agency.code);
  const first = choices[0]?.number;
  useEffect(() => {
    if (value === "" && first !== undefined) onPick(first);
  }, [value, first, onPick]);
  return (
    <NativeSelect
      label={t("steward.agreement")}
      value={value}
      data={[
        { value: "", label: t("steward.choose") },
        ...choices.map(({ number, title }) => ({ value: number, label: `${number} · ${title}` })),
      ]}
      onChange={({ currentTarget: { value: picked } }) => onPick(picked)}
    />
  );
}
