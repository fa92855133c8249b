import { Button, Fieldset, Group, NativeSelect, Stack } from "@mantine/core";
import { useState } from "react";
import { Problem } from "../../kit/Problem.tsx";
import { Loading } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { useDuties } from "./duties.tsx";
import { familiesIn, type Home, membersIn } from "./homes.ts";
import { HOUSEHOLDS } from "./questions.ts";
import { RegionPath } from "./RegionPath.tsx";
import { useList } from "./useList.ts";

interface PickProps {
  readonly of: "family" | "member";
  readonly label: string;
  readonly value: string;
  readonly required: boolean;
  readonly put: (id: string) => void;
}

/** A family, or one of its members, out of the households on duty: a region first, then page by page, for nobody is found by name. */
export function FamilyPick({ of, label, value, required, put }: PickProps) {
  const { t } = useText();
  const { root } = useDuties();
  const [region, narrow] = useState<string | null>(null);
  const [after, turn] = useState<string | null>(null);
  const { rows, page, error, isLoading } = useList<Home>({
    ...{ query: HOUSEHOLDS, root: "households" },
    variables: { region: region ?? root, after },
  });
  const found = of === "family" ? familiesIn : membersIn;
  const groups = rows.map((home) => ({
    group: `${home.address ?? ""}, ${home.region?.name ?? ""}`,
    items: found(home).map((one) => ({ value: one.id, label: one.label })),
  }));
  const isHere = value === "" || groups.some(({ items }) => items.some((one) => one.value === value));
  const data = [{ value: "", label: t("district.kit.choose") }, ...(isHere ? [] : [{ value, label: value }]), ...groups];
  const go = (cursor: string | null) => turn(cursor);
  const goTo = (code: string | null) => {
    narrow(code);
    turn(null);
  };
  return (
    <Fieldset legend={label}>
      <Stack gap="xs">
        <RegionPath value={region ?? undefined} put={goTo} />
        <Problem error={error} />
        {isLoading ? (
          <Loading />
        ) : (
          <NativeSelect
            aria-label={label}
            required={required}
            value={value}
            data={data}
            onChange={({ currentTarget }) => put(currentTarget.value)}
          />
        )}
        <Group>
          {after !== null && (
            <Button size="xs" variant="default" onClick={() => go(null)}>
              {t("district.kit.first")}
            </Button>
          )}
          {page?.hasNextPage && (
            <Button size="xs" variant="default" onClick={() => go(page.endCursor)}>
              {t("district.kit.next")}
            </Button>
          )}
        </Group>
      </Stack>
    </Fieldset>
  );
}
