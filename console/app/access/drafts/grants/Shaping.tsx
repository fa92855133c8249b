import { NativeSelect, Textarea } from "@mantine/core";
import { useState } from "react";
import { useText } from "../../../kit/text.tsx";
import { type DataClass, type Fault, faultAt, type Grant, MASKS, type Threshold } from "../draft.ts";
import { fieldId } from "../FaultSummary.tsx";

export interface FormProps {
  readonly grant: Grant;
  readonly place: string;
  readonly faults: readonly Fault[];
  readonly onGrant: (grant: Grant) => void;
}

/** What an effect still needs to know: which mask, which thresholds; and of a class which topic. */
export function Shaping({ grant, place, faults, onGrant, classes }: FormProps & { readonly classes: readonly DataClass[] }) {
  const { t, enumLabel } = useText();
  const topics = classes.flatMap((one) => (one.class === grant.selector && one.topic !== null ? [one.topic] : []));
  return (
    <>
      {topics.length > 0 && (
        <NativeSelect
          id={fieldId(`${place}.topic`)}
          label={t("steward.topic")}
          value={grant.topic ?? ""}
          error={faultAt(faults, `${place}.topic`)}
          data={[
            { value: "", label: t("steward.anyTopic") },
            ...topics.map((value) => ({ value, label: enumLabel("DataTopic", value) })),
          ]}
          onChange={({ currentTarget: { value } }) => onGrant({ ...grant, topic: value || null })}
        />
      )}
      {grant.effect === "MASK" && (
        <NativeSelect
          id={fieldId(`${place}.mask`)}
          label={t("steward.mask")}
          value={grant.mask ?? ""}
          error={faultAt(faults, `${place}.mask`)}
          data={MASKS.map((value) => ({ value, label: t(`steward.mask.${value}`) }))}
          onChange={({ currentTarget: { value } }) => onGrant({ ...grant, mask: value })}
        />
      )}
      {grant.effect === "CLAIM" && <Thresholds {...{ grant, place, faults, onGrant }} />}
    </>
  );
}

/** One argument a line: `n: 4, 5`. */
function Thresholds({ grant, place, faults, onGrant }: FormProps) {
  const { t } = useText();
  const [text, setText] = useState(() => written(grant.thresholds ?? []));
  return (
    <Textarea
      id={fieldId(`${place}.thresholds`)}
      label={t("steward.thresholds")}
      description={t("steward.thresholdsLead")}
      value={text}
      autosize
      spellCheck={false}
      error={faultAt(faults, `${place}.thresholds`)}
      onChange={({ currentTarget: { value } }) => {
        setText(value);
        const thresholds = read(value);
        onGrant({ ...grant, thresholds: thresholds.length > 0 ? thresholds : null });
      }}
    />
  );
}

const written = (thresholds: readonly Threshold[]): string =>
  thresholds.map(({ argument, values }) => `${argument}: ${values.join(", ")}`).join("\n");

function read(text: string): Threshold[] {
  return text.split("\n").flatMap((line) => {
    const [argument = "", values = ""] = line.split(":");
    const found = values.split(",").map((value) => value.trim());
    return argument.trim() === "" ? [] : [{ argument: argument.trim(), values: found.filter((value) => value !== "") }];
  });
}
