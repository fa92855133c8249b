import "graphiql/setup-workers/vite";
import "graphiql/style.css";
import "./explorer.css";
import { useMantineColorScheme } from "@mantine/core";
import { GraphiQL } from "graphiql";
import { type GraphQLSchema, parse } from "graphql";
import { useMemo, useState } from "react";
import { headersUnder, useAsking } from "../../kit/ask.tsx";
import { Loading, Page } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { useSchema } from "../reference/useSchema.ts";
import { Aftermath, type Answer } from "./Aftermath.tsx";
import { Copies } from "./Copies.tsx";
import { PlanPanel } from "./PlanPanel.tsx";

const FIRST = "{\n  me {\n    client\n    agreement {\n      number\n      title\n    }\n  }\n}\n";
/** Questions name people: the editor writes none down, in no storage and in no history of questions. */
const NOWHERE = { length: 0, getItem: () => null, setItem() {}, removeItem() {}, clear() {} };
const NONE: [] = [];
/** The page this document was loaded for: the editor needs a Content-Security-Policy of its own, and only a load brings it. */
const landedOn = location.pathname;

/** GraphiQL from this host, over the schema as the agreement shows it. */
export default function Explorer() {
  const { t } = useText();
  const { schema, isMissing } = useSchema();
  if (!landedOn.startsWith("/console/explorer")) location.reload();
  return (
    <Page title={t("developer.explorer")} lead={t("developer.explorerLead")}>
      {isMissing && t("developer.noSchema")}
      {schema === null ? !isMissing && <Loading /> : <Editor schema={schema} />}
    </Page>
  );
}

function Editor({ schema }: { readonly schema: GraphQLSchema }) {
  const { agreement, caseNumber } = useAsking();
  const { colorScheme } = useMantineColorScheme();
  const [question, setQuestion] = useState(() => new URLSearchParams(location.search).get("query") ?? FIRST);
  const [variables, setVariables] = useState("");
  const [operationName, setOperationName] = useState<string | null>(null);
  const [answer, setAnswer] = useState<Answer | null>(null);
  const fetcher = useMemo(() => asking({ agreement, caseNumber, told: setAnswer }), [agreement, caseNumber]);
  return (
    <>
      <div className="explorer">
        <GraphiQL
          schema={schema}
          fetcher={fetcher}
          initialQuery={question}
          onEditQuery={setQuestion}
          onEditVariables={setVariables}
          onEditOperationName={setOperationName}
          isHeadersEditorEnabled={false}
          storage={NOWHERE}
          plugins={NONE}
          {...(colorScheme !== "auto" && { forcedTheme: colorScheme })}
        >
          <GraphiQL.Logo>
            <span className="explorer-logo">dtks-hub</span>
          </GraphiQL.Logo>
        </GraphiQL>
      </div>
      <Aftermath answer={answer} />
      <PlanPanel asked={{ question, variables, operationName }} />
      <Copies question={question} />
    </>
  );
}

interface Options {
  readonly agreement: string | null;
  readonly caseNumber: string | null;
  readonly told: (answer: Answer) => void;
}
interface Asked {
  readonly query: string;
  readonly variables?: unknown;
  readonly operationName?: string | null | undefined;
}

const asking =
  ({ agreement, caseNumber, told }: Options) =>
  async ({ query, variables, operationName }: Asked) => {
    parse(query); // what cannot be read is said where it is written, and asked of nobody
    const response = await fetch("/graphql", {
      method: "POST",
      headers: {
        ...headersUnder(agreement, caseNumber),
        "content-type": "application/json",
        accept: "application/graphql-response+json",
      },
      body: JSON.stringify({ query, variables, operationName }),
    });
    const answer = (await response.json()) as Answer;
    told(answer);
    return answer;
  };
