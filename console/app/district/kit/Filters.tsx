import { Group, NativeSelect } from "@mantine/core";
import { useText } from "../../kit/text.tsx";
import { useNames } from "./names.ts";
import { RegionPath } from "./RegionPath.tsx";
import { type Filter, useFilters } from "./useList.ts";

/** What a queue is narrowed to; kept in the address, so that it can be shared. */
export function Filters({ filters }: { readonly filters: readonly Filter[] }) {
  const { t } = useText();
  const { chosen, put } = useFilters(filters);
  const name = useNames();
  return (
    <Group align="flex-end" gap="sm" role="search" aria-label={t("district.kit.filters")}>
      {filters.map((filter) => {
        const set = (value: string | null) => put({ [filter.name]: value, after: null, open: null });
        if (filter.kind === "region") return <RegionPath key={filter.name} value={chosen[filter.name]} put={set} />;
        const options = filter.values.map((value) => ({ value, label: name(filter.type, value) }));
        return (
          <NativeSelect
            key={filter.name}
            label={t(`district.filter.${filter.name}`)}
            value={chosen[filter.name] ?? "-"}
            data={[...(filter.isNeeded ? [] : [{ value: "-", label: t("district.kit.all") }]), ...options]}
            onChange={({ currentTarget }) => set(currentTarget.value)}
          />
        );
      })}
    </Group>
  );
}
