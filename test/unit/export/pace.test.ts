import { expect, test } from "vitest";
import { atPace } from "../../../gateway/receive/routes/exports.ts";

async function* piecesOf(count: number) {
  for (let n = 0; n < count; n++) yield new Uint8Array(16_000);
}

test("who takes a file piece by piece and pauses for good is cut, whatever was taken before", async () => {
  const cut = new Promise<void>((resolve) => {
    void atPace(piecesOf(3), resolve, 5).next(); // and no more
  });
  await expect(cut).resolves.toBeUndefined();
});

test("who takes a file as it comes is not, and slowness of its source is not the reader's", async () => {
  let cuts = 0;
  async function* slowly() {
    for await (const piece of piecesOf(3)) {
      await new Promise((resume) => setTimeout(resume, 20));
      yield piece;
    }
  }
  let pieces = 0;
  for await (const _ of atPace(slowly(), () => cuts++, 10)) pieces += 1;
  expect([pieces, cuts]).toEqual([3, 0]);
});
