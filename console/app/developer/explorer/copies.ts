import { type Asked, bodyOf, headersOf } from "../../kit/use/curl.ts";

export function asTypeScript(asked: Asked): string {
  const { authorization: _, ...headers } = headersOf(asked, "");
  return `const response = await fetch(${JSON.stringify(`${asked.hub}/graphql`)}, {
  method: "POST",
  headers: { ...${JSON.stringify(headers)}, authorization: \`Bearer \${process.env["HUB_TOKEN"]}\` },
  body: JSON.stringify({ query: ${JSON.stringify(asked.question)} }),
});
const { data, errors, extensions } = await response.json();
`;
}

/** A collection (format 2.1) of questions by name; the token is its variable `token`. */
export function asPostman(questions: readonly (readonly [name: string, asked: Asked])[]): string {
  const item = questions.map(([name, asked]) => ({
    name,
    request: {
      method: "POST",
      url: `${asked.hub}/graphql`,
      header: Object.entries(headersOf(asked, "{{token}}")).map(([key, value]) => ({ key, value })),
      body: { mode: "raw", raw: bodyOf(asked), options: { raw: { language: "json" } } },
    },
  }));
  const schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json";
  return JSON.stringify({ info: { name: "dtks-hub", schema }, variable: [{ key: "token", value: "" }], item }, null, 2);
}
