import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { createServer } from "../../../gateway/receive/server.ts";

test("npx hub sbom lists what is deployed with versions, and nothing that only developers need", async () => {
  const text = await new Promise<string>((resolve, reject) =>
    execFile(process.execPath, ["cli/hub.js", "sbom"], { maxBuffer: 64 * 1024 * 1024 }, (error, stdout) =>
      error ? reject(error) : resolve(stdout),
    ),
  );
  const { bomFormat, components } = JSON.parse(text) as {
    bomFormat: string;
    components: { name: string; version: string; licenses?: unknown }[];
  };
  expect(bomFormat).toBe("CycloneDX");
  const listed = new Set(components.map(({ name, version }) => `${name}@${version}`));
  const names = new Set(components.map(({ name }) => name));
  const { dependencies, devDependencies } = JSON.parse(readFileSync("package.json", "utf8"));
  for (const [name, version] of Object.entries(dependencies)) expect(listed).toContain(`${name}@${version}`);
  for (const name of ["vitest", "knip", "vite", "playwright-core"])
    expect([name in devDependencies, names.has(name)]).toEqual([true, false]);
});

const textOf = async (contact: { email?: string; telephone?: string }) => {
  const answer = () => Promise.reject(new Error("nobody asks"));
  const app = createServer({ answer, unready: () => [], security: { ...contact, publicUrl: "https://hub.example" } });
  const { statusCode, headers, body } = await app.inject("/.well-known/security.txt");
  await app.close();
  return { statusCode, type: headers["content-type"], lines: body.trimEnd().split("\n") };
};

test("who finds a hole is told whom to tell, by a file that does not outlive the hub", async () => {
  const { statusCode, type, lines } = await textOf({ email: "keamanan@hub.example", telephone: "+62 21 500 000" });
  expect([statusCode, type]).toEqual([200, "text/plain; charset=utf-8"]);
  const [mail, telephone, expires = "", ...rest] = lines;
  expect([mail, telephone]).toEqual(["Contact: mailto:keamanan@hub.example", "Contact: tel:+62-21-500-000"]);
  const days = (Date.parse(expires.replace("Expires: ", "")) - Date.now()) / 86_400_000;
  expect(days).toBeGreaterThan(30);
  expect(days).toBeLessThan(365);
  expect(rest).toEqual(["Preferred-Languages: id, en", "Canonical: https://hub.example/.well-known/security.txt"]);
});

test("without a contact there is no such file: one that names nobody is worse", async () => {
  expect((await textOf({})).statusCode).toBe(404);
});

test("publiccode.yml names this software, its licence and both languages", () => {
  const code = parse(readFileSync("docs/publiccode.yml", "utf8"));
  const { license, version } = JSON.parse(readFileSync("package.json", "utf8"));
  expect([code.legal.license, code.softwareVersion]).toEqual([license, version]);
  for (const language of ["id", "en"]) expect(code.description[language].longDescription.length).toBeGreaterThan(150);
});
