import { AwsClient } from "aws4fetch";
import type { Bytes, Store } from "./store.ts";

const RETRIES = 2;

/**
 * A bucket of S3 or what speaks like it: `s3://<key>:<secret>@<bucket>?endpoint=<origin>&region=<region>`; objects are named by the SHA-256 of their
 * bytes. S3 wants the length first, so a piece of evidence is held while it is sent: 20 MB at most.
 */
export function openBucket(url: URL): Store {
  const region = url.searchParams.get("region") ?? "ap-southeast-3";
  const endpoint = url.searchParams.get("endpoint") ?? `https://s3.${region}.amazonaws.com`;
  const [accessKeyId, secretAccessKey] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
  const client = new AwsClient({ accessKeyId, secretAccessKey, region, service: "s3", retries: RETRIES });
  const addressOf = (sha256: string) => `${endpoint}/${url.hostname}/${sha256}`;
  return {
    async put(sha256, bytes) {
      const body = await whole(bytes);
      // the store holds the bytes against this hash, too
      const headers = { "x-amz-content-sha256": sha256, "content-type": "application/octet-stream" };
      const answer = await client.fetch(addressOf(sha256), { method: "PUT", headers, body });
      await answer.arrayBuffer();
      if (!answer.ok) throw new Error(`the object store answered ${answer.status}`);
    },
    async *get(sha256) {
      const answer = await client.fetch(addressOf(sha256));
      if (!answer.ok || answer.body === null) throw new Error(`the object store answered ${answer.status}`);
      yield* answer.body;
    },
  };
}

async function whole(bytes: Bytes): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  for await (const piece of bytes) pieces.push(piece);
  return new Uint8Array(Buffer.concat(pieces));
}
