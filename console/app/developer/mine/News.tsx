import { Code, List, Title } from "@mantine/core";
import type { ReactNode } from "react";
import changelog from "../../../../CHANGELOG.md?raw";
import { Notices } from "../../kit/notices/Notices.tsx";
import { Page } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";

interface Section {
  readonly heading: string;
  readonly points: readonly string[];
}

/** What changes for the own agreements, and what changed for partners: CHANGELOG.md, the way it was when this page was built. */
export default function News() {
  const { t } = useText();
  return (
    <Page title={t("developer.news")} lead={t("developer.newsLead")}>
      <Notices />
      {sectionsOf(changelog).map(({ heading, points }, at) => (
        <section key={`${at}${heading}`} lang="en">
          <Title order={2} size="h4" mb="xs">
            {heading}
          </Title>
          <List spacing="xs" style={{ overflowWrap: "anywhere" }}>
            {points.map((point) => (
              <List.Item key={point}>{formatted(point)}</List.Item>
            ))}
          </List>
        </section>
      ))}
    </Page>
  );
}

/** Headings with the points below them; lines that go on are joined. */
function sectionsOf(text: string): Section[] {
  const sections: { heading: string; points: string[] }[] = [];
  for (const line of text.split("\n")) {
    const points = sections.at(-1)?.points ?? [];
    if (/^##+ /.test(line)) sections.push({ heading: line.replace(/^#+ /, ""), points: [] });
    else if (line.startsWith("- ")) points.push(line.slice(2));
    else if (line.startsWith("  ") && points.length > 0) points.push(`${points.pop()} ${line.trim()}`);
  }
  return sections.filter(({ points }) => points.length > 0);
}

/** `code` and **bold**, which is all the log uses. */
const formatted = (text: string): ReactNode[] =>
  text.split(/(`[^`]+`|\*\*[^*]+\*\*)/).map((part, at) => {
    if (part.startsWith("`")) return <Code key={`${at}${part}`}>{part.slice(1, -1)}</Code>;
    return part.startsWith("**") ? <strong key={`${at}${part}`}>{part.slice(2, -2)}</strong> : part;
  });
