import { Anchor, Badge, Breadcrumbs, Code, Table, Text } from "@mantine/core";
import { type GraphQLArgument, type GraphQLNamedType, type GraphQLType, getNamedType, isEnumType, isUnionType } from "graphql";
import { useEffect } from "react";
import { Link, useLocation } from "react-router";
import { Page } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { type Part, partsOf } from "./find.ts";

/** One type: what it is, its fields or values, with links to what they lead to. */
export function OneType({ type }: { readonly type: GraphQLNamedType }) {
  const { t } = useText();
  const { hash } = useLocation();
  useEffect(() => document.getElementById(decodeURIComponent(hash.slice(1)))?.scrollIntoView(), [hash]);
  return (
    <Page title={type.name} {...(type.description && { lead: type.description })}>
      <Breadcrumbs>
        <Anchor component={Link} to="/developer/reference">
          {t("developer.reference")}
        </Anchor>
        <Text>{type.name}</Text>
      </Breadcrumbs>
      {isUnionType(type) && type.getTypes().map((one) => <TypeLink key={one.name} type={one} />)}
      <Parts type={type} parts={partsOf(type)} />
    </Page>
  );
}

function Parts({ type, parts }: { readonly type: GraphQLNamedType; readonly parts: readonly Part[] }) {
  const { t, enumLabel } = useText();
  if (parts.length === 0) return null;
  return (
    <Table.ScrollContainer minWidth={480} type="native" tabIndex={0} role="region" aria-label={type.name}>
      <Table verticalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t(isEnumType(type) ? "developer.value" : "developer.field")}</Table.Th>
            <Table.Th>{t("developer.meaning")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {parts.map((part) => (
            <Table.Tr key={part.name} id={`${type.name}.${part.name}`}>
              <Table.Td valign="top">
                <Code>{part.name}</Code> {part.type && <TypeLink type={part.type} />}
              </Table.Td>
              <Table.Td>
                {isEnumType(type) && <Text fw={600}>{enumLabel(type.name, part.name)}</Text>}
                <Text>{part.description}</Text>
                <Outdated reason={part.deprecationReason} />
                <Arguments args={part.args ?? []} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Outdated({ reason }: { readonly reason: string | null | undefined }) {
  const { t } = useText();
  if (!reason) return null;
  return (
    <Text c="var(--warning)">
      <Badge variant="outline" color="orange" tt="none">
        {t("developer.deprecated")}
      </Badge>{" "}
      {reason}
    </Text>
  );
}

function Arguments({ args }: { readonly args: readonly GraphQLArgument[] }) {
  if (args.length === 0) return null;
  return (
    <ul>
      {args.map(({ name, type, description }) => (
        <li key={name}>
          <Code>{name}</Code> <TypeLink type={type} /> <Text span>{description}</Text>
        </li>
      ))}
    </ul>
  );
}

function TypeLink({ type }: { readonly type: GraphQLType }) {
  const { name, astNode } = getNamedType(type);
  if (!astNode) return <Text span>{String(type)}</Text>;
  return (
    <Anchor component={Link} to={`/developer/reference/${name}`} ff="monospace" size="sm" underline="always">
      {String(type)}
    </Anchor>
  );
}
