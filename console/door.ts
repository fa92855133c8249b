import { hkdfSync } from "node:crypto";
import { join } from "node:path";
import type { Incoming } from "../gateway/types/chain.ts";
import type { FaceAnswer, Faces, OwnHub } from "../gateway/types/faces.ts";
import { createAsking } from "./asking.ts";
import { Assets } from "./assets/assets.ts";
import { createCitizenPages } from "./citizen/citizen.ts";
import type { Contact } from "./citizen/types.ts";
import { FACE_HEADERS } from "./headers.ts";
import { PublicLog } from "./log/publicLog.ts";
import { plainPage } from "./page.ts";
import { createIssuerClient } from "./session/issuer.ts";
import { isOwn } from "./session/origin.ts";
import { createSealer } from "./session/seal.ts";
import { createSessions, type FaceName } from "./session/session.ts";
import { SignIn } from "./session/signIn.ts";

export interface FaceOptions {
  readonly issuer: string;
  /** Where people reach the hub. */
  readonly publicUrl: string;
  /** Secret that sessions are sealed with. */
  readonly sessionKey: string;
  readonly clients: Readonly<Record<FaceName, { readonly id: string; readonly secret: string }>>;
  /** Agreement that citizens' pages ask under in nobody's name. */
  readonly agreement: string;
  readonly contact: Contact;
  /** Where the record's log serves; absent: its proofs are not handed on. */
  readonly logUrl?: string;
  /** File of boundaries for maps of the console (TopoJSON); absent: none. */
  readonly map?: string;
  /** Folder the console was built into; the default is that of the sources. */
  readonly folder?: string;
}

type Told = (error: unknown) => void;

interface Part {
  readonly paths: readonly string[];
  answer(request: Incoming): FaceAnswer | Promise<FaceAnswer>;
}

/** Every page of the hub: sign-in, the console, and what citizens see. `onFault` is told of faults of ours and of outages. */
export const createFaces =
  (options: FaceOptions) =>
  (hub: OwnHub, onFault: Told): Faces => {
    const { issuer, publicUrl, clients, sessionKey, folder = join(import.meta.dirname, "dist") } = options;
    const sealer = createSealer(sessionKey);
    const faceOf = (face: FaceName) => {
      const client = createIssuerClient({ issuer, client: clients[face] });
      return { issuer: client, sessions: createSessions({ face, issuer: client, sealer, publicUrl }) };
    };
    const faces = { console: faceOf("console"), warga: faceOf("warga") };
    const signIn = new SignIn({ faces, sealer, publicUrl, onFault });
    const log = options.logUrl === undefined ? [] : [new PublicLog(options.logUrl)];
    const citizens = citizensOf(options, { hub, onFault, ...faces.warga });
    const parts = [signIn, new Assets(folder, options.map), citizens, ...log];
    return {
      paths: parts.flatMap(({ paths }) => paths),
      withFile: {
        path: WITH_FILE,
        isOpen: async (request) => (await faces.warga.sessions.of(request)) !== null && isOwn(request, publicUrl),
      },
      answer: async (request) => dressed(await answered(parts, request, onFault)),
      sessionOf: async (request) => {
        const held = await signIn.held(request);
        return held && { authorization: `Bearer ${held.session.accessToken}`, cookies: held.cookies };
      },
    };
  };

/** Page of citizens with a photo in its form. */
const WITH_FILE = "/warga/sanggahan/baru";

type Citizens = Omit<Parameters<typeof createAsking>[0], "agreement">;

/** Citizens' pages, each with what renews the session it was asked in. */
function citizensOf({ publicUrl, sessionKey, agreement, contact }: FaceOptions, { sessions, ...portal }: Citizens): Part {
  // a page may be come to from anywhere, but what it sends comes from a page of ours
  const held = async (request: Incoming) =>
    request.method === "POST" && !isOwn(request, publicUrl) ? null : await sessions.of(request);
  const guarded = { ...sessions, of: held };
  const pages = createCitizenPages({
    ...createAsking({ ...portal, agreement, sessions: guarded }),
    personOf: async (request) => {
      const session = (await held(request))?.session;
      return session ? { id: session.subject.replace(/^person:/, ""), name: session.name, session: session.id } : null;
    },
    key: new Uint8Array(hkdfSync("sha256", sessionKey, "", "hub-citizen-forms/v1", 32)),
    isOwn: (request) => isOwn(request, publicUrl),
    ...{ publicUrl, contact, onFault: portal.onFault },
  });
  return {
    paths: pages.paths,
    answer: async (request) => {
      const answer = await pages.answer(request);
      if (!request.url.startsWith("/warga")) return answer; // what everybody may keep carries nobody's cookie
      return { ...answer, cookies: [...(answer.cookies ?? []), ...((await held(request))?.cookies ?? [])] };
    },
  };
}

/** By the part whose path it is; a fault of ours is a page, too. A path that leads elsewhere than it says (`/console/../x`) leads nowhere. */
async function answered(parts: readonly Part[], request: Incoming, onFault: Told): Promise<FaceAnswer> {
  const path = new URL(request.url, "http://hub.invalid").pathname;
  const isOf = ({ paths }: Part) => paths.some((one) => (one.endsWith("/*") ? path.startsWith(one.slice(0, -1)) : path === one));
  const part = path === request.url.split("?", 1)[0] ? parts.find(isOf) : undefined;
  if (!part) return plainPage({ status: 404, language: "id", title: "Halaman ini tidak ada", content: "" });
  try {
    return await part.answer(request);
  } catch (error) {
    onFault(error);
  }
  const content = `<p>${request.receiptId}</p>`;
  return plainPage({ status: 500, language: "id", title: "Halaman ini tidak dapat ditampilkan", content });
}

const dressed = (answer: FaceAnswer): FaceAnswer => ({ ...answer, headers: { ...FACE_HEADERS, ...answer.headers } });
