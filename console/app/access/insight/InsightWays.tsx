import { Anchor, Group } from "@mantine/core";
import { Link } from "react-router";
import { useText } from "../../kit/text.tsx";

/** From one page of this part to the others. */
export function InsightWays() {
  const { t } = useText();
  return (
    <Group gap="md">
      <Anchor component={Link} to="/access/insight/explain">
        {t("steward.explain")}
      </Anchor>
      <Anchor component={Link} to="/access/insight/try">
        {t("steward.try")}
      </Anchor>
    </Group>
  );
}
