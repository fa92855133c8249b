import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { screenshots } from "../../../cli/operations/faces/screenshots.ts";
import { useHub } from "../../kit/hub.ts";
import { hasBrowser } from "../kit/browser.ts";

const hub = useHub();
const folder = mkdtempSync(join(tmpdir(), "hub-pictures-"));
afterAll(() => rmSync(folder, { recursive: true }));
const PNG = [0x89, 0x50, 0x4e, 0x47];

describe.runIf(hasBrowser)("npx hub screenshots", () => {
  test.each(["citizen-landing", "citizen-home", "console-home"])("takes a picture of %s", async (name) => {
    expect(await screenshots(["--hub", hub.gatewayUrl, "--to", folder, "--only", name])).toBe(0);
    const picture = readFileSync(join(folder, `${name}.png`));
    expect([...picture.subarray(0, 4)]).toEqual(PNG);
    expect(picture.readUInt32BE(16)).toBe(1280);
  });
});
