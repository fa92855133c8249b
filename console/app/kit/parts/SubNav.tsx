import { Anchor, Group } from "@mantine/core";
import { Link, useLocation } from "react-router";
import "./subNav.css";

interface SubNavProps {
  readonly label: string;
  readonly items: readonly { readonly to: string; readonly label: string; readonly isLoaded?: boolean }[];
}

/** Pages of an area. `isLoaded`: a page that the server must hand out anew. */
export function SubNav({ label, items }: SubNavProps) {
  const { pathname } = useLocation();
  const here = items.filter(({ to }) => pathname === to || pathname.startsWith(`${to}/`)).at(-1)?.to;
  return (
    <Group component="nav" aria-label={label} gap={0} mb="lg" className="sub-nav no-print">
      {items.map(({ to, label: text, isLoaded = false }) => (
        <Anchor
          key={to}
          component={Link}
          to={to}
          reloadDocument={isLoaded}
          underline="never"
          aria-current={to === here ? "page" : undefined}
        >
          {text}
        </Anchor>
      ))}
    </Group>
  );
}
