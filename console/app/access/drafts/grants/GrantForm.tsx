import { Group, NativeSelect, Stack, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { EFFECTS, USES } from "../../../../../schema/policy/words.ts";
import { Lines } from "../../../kit/parts/Lines.tsx";
import { useText } from "../../../kit/text.tsx";
import { type DataClass, faultAt, type Grant, MASKS } from "../draft.ts";
import { fieldId } from "../FaultSummary.tsx";
import type { Loosening } from "./loosening.ts";
import { type Coordinate, SelectorField } from "./SelectorField.tsx";
import { type FormProps, Shaping } from "./Shaping.tsx";

interface GrantFormProps extends FormProps {
  readonly classes: readonly DataClass[];
  readonly loosening: Loosening | null;
}

const OPEN_OR_SHUT = ["ALLOW", "DENY"];
const ALL_EFFECTS = EFFECTS.map((effect) => effect.toUpperCase());

/** The words of one grant. What goes together is judged by the hub when the draft is saved. */
export function GrantForm({ classes, loosening, ...form }: GrantFormProps) {
  const { grant, onGrant } = form;
  const [known, setKnown] = useState<Coordinate>();
  const uses = known?.coordinate === grant.selector ? USES.filter((use) => known.uses.includes(use)) : USES;
  const effects = grant.use === "OUTPUT" ? ALL_EFFECTS : OPEN_OR_SHUT;
  const say = (part: Partial<Grant>) => onGrant(tidied({ ...grant, ...part }));
  const pick = (selector: string, found: Coordinate | undefined) => {
    setKnown(found);
    say({ selector, topic: null });
  };
  return (
    <Stack gap="xs" p="xs" bg="var(--ground-low)">
      <Group align="flex-start" gap="xs">
        <Word {...form} of="use" type="DataUse" values={uses} onGrant={say} />
        <SelectorField {...form} classes={classes} onPick={pick} />
        <Word {...form} of="effect" type="GrantEffect" values={effects} onGrant={say} />
        <Shaping {...form} onGrant={say} classes={classes} />
        <Clause {...form} onGrant={say} />
      </Group>
      <Reason {...form} loosening={loosening} onGrant={say} />
      {grant.use === "OUTPUT" && ["ALLOW", "MASK"].includes(grant.effect) && <Home {...form} onGrant={say} />}
    </Stack>
  );
}

interface WordProps extends FormProps {
  readonly of: "use" | "effect";
  readonly type: string;
  readonly values: readonly string[];
}

function Word({ of, type, values, grant, place, faults, onGrant }: WordProps) {
  const { t, enumLabel } = useText();
  return (
    <NativeSelect
      id={fieldId(`${place}.${of}`)}
      label={t(`steward.word.${of}`)}
      value={grant[of]}
      error={faultAt(faults, `${place}.${of}`)}
      data={values.map((value) => ({ value, label: enumLabel(type, value) }))}
      onChange={({ currentTarget: { value } }) => onGrant({ ...grant, [of]: value })}
    />
  );
}

function Clause({ grant, place, faults, onGrant }: FormProps) {
  const { t } = useText();
  return (
    <TextInput
      id={fieldId(`${place}.clause`)}
      label={t("steward.clause")}
      value={grant.clause}
      error={faultAt(faults, `${place}.clause`)}
      maxLength={300}
      required
      onChange={({ currentTarget: { value } }) => onGrant({ ...grant, clause: value })}
    />
  );
}

/** Why a field or a class is opened further. Where nothing is loosened, and the hub asks for no reason, there is nothing to say. */
function Reason({ grant, place, faults, loosening, onGrant }: FormProps & { readonly loosening: Loosening | null }) {
  const { t } = useText();
  const fault = faultAt(faults, `${place}.widenReason`);
  const isAsked = loosening !== null || grant.widenReason !== null || fault !== undefined;
  if (!isAsked || grant.selector === "") return null;
  return (
    <Textarea
      id={fieldId(`${place}.widenReason`)}
      label={t("steward.widenReason")}
      description={t("steward.widenReasonLead")}
      value={grant.widenReason ?? ""}
      error={fault ?? (loosening && !grant.widenReason ? t("steward.reasonNeeded") : undefined)}
      maxLength={300}
      autosize
      required={loosening !== null}
      onChange={({ currentTarget: { value } }) => onGrant({ ...grant, widenReason: value || null })}
    />
  );
}

/** Without what only another effect or use could have. */
function tidied(grant: Grant): Grant {
  const effect = grant.use === "OUTPUT" || OPEN_OR_SHUT.includes(grant.effect) ? grant.effect : "ALLOW";
  const mask = effect === "MASK" ? (grant.mask ?? "initials") : null;
  const isRegional = grant.use === "OUTPUT" && (effect === "ALLOW" || effect === "MASK");
  const home = isRegional ? { home: grant.home, elsewhere: grant.elsewhere } : { home: null, elsewhere: null };
  return { ...grant, effect, mask, thresholds: effect === "CLAIM" ? grant.thresholds : null, ...home };
}

function Home({ grant, place, faults, onGrant }: FormProps) {
  const { t } = useText();
  return (
    <Group align="flex-start" gap="xs">
      <Lines
        id={fieldId(`${place}.home`)}
        label={t("steward.home")}
        description={t("steward.homeLead")}
        lines={grant.home ?? []}
        error={faultAt(faults, `${place}.home`, true)}
        onLines={(home) =>
          onGrant({
            ...grant,
            ...(home.length === 0 ? { home: null, elsewhere: null } : { home, elsewhere: grant.elsewhere ?? "null" }),
          })
        }
      />
      {grant.home && (
        <NativeSelect
          id={fieldId(`${place}.elsewhere`)}
          label={t("steward.elsewhere")}
          value={grant.elsewhere ?? "null"}
          error={faultAt(faults, `${place}.elsewhere`)}
          data={MASKS.map((value) => ({ value, label: t(`steward.mask.${value}`) }))}
          onChange={({ currentTarget: { value } }) => onGrant({ ...grant, elsewhere: value })}
        />
      )}
    </Group>
  );
}
