import "./reference.css";
import { Anchor, Group, List, Text, TextInput, Title } from "@mantine/core";
import { type GraphQLNamedType, type GraphQLSchema, isIntrospectionType, isObjectType } from "graphql";
import { useDeferredValue, useMemo } from "react";
import { Link, useParams, useSearchParams } from "react-router";
import { Empty, Loading, Page } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { found, termOf } from "./find.ts";
import { OneType } from "./OneType.tsx";
import { useSchema } from "./useSchema.ts";

/** The schema to read: every type, field, argument and value that the chosen agreement shows, official term first. */
export default function Reference() {
  const { t } = useText();
  const { name } = useParams();
  const { schema, isMissing } = useSchema();
  if (isMissing) return <Empty>{t("developer.noSchema")}</Empty>;
  if (schema === null) return <Loading />;
  const type = name === undefined ? undefined : schema.getType(name);
  return type ? <OneType type={type} /> : <Everything schema={schema} />;
}

function Everything({ schema }: { readonly schema: GraphQLSchema }) {
  const { t } = useText();
  const [params, setParams] = useSearchParams();
  const sought = params.get("q") ?? "";
  const wanted = useDeferredValue(sought);
  const hits = useMemo(() => found(schema, wanted), [schema, wanted]);
  const change = (q: string) => setParams(q === "" ? {} : { q }, { replace: true });
  return (
    <Page title={t("developer.reference")} lead={t("developer.referenceLead")}>
      <TextInput
        type="search"
        label={t("developer.search")}
        value={sought}
        onChange={({ currentTarget: { value } }) => change(value)}
        maw={480}
      />
      {wanted === "" ? <Types schema={schema} /> : <Hits hits={hits} />}
    </Page>
  );
}

function Hits({ hits }: { readonly hits: ReturnType<typeof found> }) {
  const { t } = useText();
  return (
    <section aria-live="polite">
      <Text c="dimmed">{t("developer.found", { count: hits.length })}</Text>
      <List listStyleType="none" spacing="xs">
        {hits.slice(0, 100).map(({ coordinate, type, description }) => (
          <List.Item key={coordinate}>
            <Anchor component={Link} to={`/developer/reference/${type}#${coordinate}`} ff="monospace" underline="always">
              {coordinate}
            </Anchor>{" "}
            <Text span>{description}</Text>
          </List.Item>
        ))}
      </List>
    </section>
  );
}

const kindOf = (type: GraphQLNamedType): string => type.astNode?.kind.replace("Definition", "").replace(/Type$/, "") ?? "";
const KINDS = ["Object", "Interface", "Union", "Enum", "InputObject", "Scalar"] as const;

function Types({ schema }: { readonly schema: GraphQLSchema }) {
  const { t } = useText();
  const types = Object.values(schema.getTypeMap()).filter((type) => !isIntrospectionType(type) && type.astNode);
  const roots = [schema.getQueryType(), schema.getMutationType()].filter((type) => isObjectType(type));
  return (
    <>
      <Group>
        {roots.map(({ name }) => (
          <Anchor key={name} component={Link} to={`/developer/reference/${name}`} fw={600}>
            {name}
          </Anchor>
        ))}
      </Group>
      {KINDS.map((kind) => (
        <section key={kind} aria-labelledby={kind}>
          <Title order={2} size="h4" id={kind} mb="xs">
            {t(`developer.kind.${kind}`)}
          </Title>
          <List listStyleType="none" className="reference-columns">
            {types
              .filter((type) => kindOf(type) === kind)
              .map((type) => (
                <List.Item key={type.name}>
                  <Anchor component={Link} to={`/developer/reference/${type.name}`} underline="always">
                    {type.name}
                  </Anchor>{" "}
                  <Text span size="sm" c="dimmed">
                    {termOf(type.description)}
                  </Text>
                </List.Item>
              ))}
          </List>
        </section>
      ))}
    </>
  );
}
