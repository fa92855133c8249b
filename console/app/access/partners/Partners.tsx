import { Anchor, Group } from "@mantine/core";
import { Link, Navigate, Route, Routes, useLocation } from "react-router";
import { useText } from "../../kit/text.tsx";
import { mayEnter, useMe } from "../../shell/me.ts";
import { EventsPage } from "./EventsPage.tsx";
import { FeedKeysPage } from "./FeedKeysPage.tsx";

/** `roles`: those a page elsewhere is open to. */
const WAYS = [
  { name: "feed-keys", to: "/access/partners/feed-keys" },
  { name: "events", to: "/access/partners/events" },
  { name: "documents", to: "/developer/documents", roles: ["ANALYST", "STEWARD"] },
  { name: "sanctions", to: "/audit/sanctions" },
] as const;

/** What partners hold under their agreements beside the right to ask: keys and webhooks; and where their documents and sanctions are. */
export default function Partners() {
  return (
    <>
      <Ways />
      <Routes>
        <Route index element={<Navigate to="feed-keys" replace />} />
        <Route path="feed-keys" element={<FeedKeysPage />} />
        <Route path="events" element={<EventsPage />} />
      </Routes>
    </>
  );
}

function Ways() {
  const { t } = useText();
  const { pathname } = useLocation();
  const { me } = useMe();
  const open = WAYS.filter((way) => !("roles" in way) || mayEnter(way.roles, me));
  return (
    <Group component="nav" gap="md" aria-label={t("steward.partners")}>
      {open.map(({ name, to }) => (
        <Anchor key={name} component={Link} to={to} {...(pathname === to && { "aria-current": "page", fw: 600 })}>
          {t(`steward.partner.${name}`)}
        </Anchor>
      ))}
    </Group>
  );
}
