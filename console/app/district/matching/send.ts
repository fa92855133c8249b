import { saved } from "../../kit/use/saved.ts";
import { wordsIn } from "../acts/files.ts";

interface Uploading {
  readonly file: File;
  /** Register the file is of, such as DTKS. */
  readonly source: string;
  /** Which header is which column, as JSON; empty: guessed. */
  readonly mapping: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Told how much has gone, 0 to 1. */
  readonly told: (part: number) => void;
  readonly signal: AbortSignal;
}

/** Sends a file to be matched; returns the id of its job. Throws an Error with the hub's words. `fetch` tells nothing of what has gone already. */
export function uploadFile({ file, source, mapping, headers, told, signal }: Uploading): Promise<string> {
  const query = new URLSearchParams({ source, fileName: file.name, ...(mapping !== "" && { mapping }) });
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/matching/jobs?${query}`);
    request.responseType = "json";
    for (const [name, value] of Object.entries({ ...headers, "content-type": "text/csv" })) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => told(total === 0 ? 0 : loaded / total);
    request.onload = () => {
      const id = request.response?.data?.startMatching?.id as string | undefined;
      if (id === undefined) reject(new Error(wordsIn(request.response) || `HTTP ${request.status}`));
      else resolve(id);
    };
    request.onerror = () => reject(new TypeError("network"));
    request.onabort = () => reject(new DOMException("aborted", "AbortError"));
    signal.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}

/** Has the browser keep an answer as a file. Throws an Error with the hub's words. */
export async function download(path: string, name: string, headers: Readonly<Record<string, string>>): Promise<void> {
  const answer = await fetch(path, { headers });
  if (!answer.ok) throw new Error(wordsIn(await answer.json().catch(() => null)) || `HTTP ${answer.status}`);
  saved(await answer.blob(), name);
}
