import { type Credentials, credentialsOf, readTexts, type TlsFiles, type TlsTexts, UnfitCertificate } from "./credentials.ts";

/** Credentials that are renewed in their files while the process runs. */
export interface Certificates {
  /** In force. Another object once the files hold others that are fit. */
  readonly current: Credentials;
  /** The files hold what cannot be used, or what is in force has ended: somebody is to look. */
  readonly isBad: boolean;
  /** At once, not at the next second. Never rejects. */
  look(): Promise<void>;
  close(): void;
}

export interface FollowOptions {
  readonly files: TlsFiles;
  /** What was in them at the start. */
  readonly first: Credentials;
  readonly onRenewed?: (credentials: Credentials) => void;
  /** Told once of every change, good or not. */
  readonly onLook?: (isGood: boolean) => void;
  readonly log: { warn(fields: object, text: string): void; info(fields: object, text: string): void };
  readonly everyMs?: number;
}

const SECOND = 1000;

/**
 * Looks each second for other content. What is unfit keeps what is in force, and is told of once it was seen twice: whoever writes three files may be
 * half done.
 */
export function followCertificates(options: FollowOptions): Certificates {
  const { files, first, onRenewed, onLook, log, everyMs = SECOND } = options;
  let current = first;
  let unfit: string | undefined;
  let isTold = false;
  let looking = Promise.resolve();
  let pending = 0;

  const good = (texts: TlsTexts): void => {
    const isNew = markOf(texts) !== markOf(current);
    if (isNew) {
      current = credentialsOf(texts, Date.now());
      onRenewed?.(current);
      log.info({ endsAt: new Date(current.endsAt).toISOString() }, "certificates were renewed");
    } else if (isTold) log.info({}, "the files of the certificates are in order again");
    if (isNew || isTold) onLook?.(true);
    unfit = undefined;
    isTold = false;
  };
  const bad = (reason: string): void => {
    const isSeen = unfit === reason;
    unfit = reason;
    if (!isSeen || isTold) return;
    isTold = true;
    log.warn({ alarm: "CERTIFICATES_UNFIT", reason }, "the files of the certificates cannot be used; those before stay in force");
    onLook?.(false);
  };
  const read = async (): Promise<void> => {
    try {
      good(await readTexts(files));
    } catch (error) {
      bad(error instanceof UnfitCertificate ? error.message : String(error));
    }
  };
  /** After the look under way, which may have read before the files changed. */
  const look = (): Promise<void> => {
    pending += 1;
    looking = looking.then(read).finally(() => {
      pending -= 1;
    });
    return looking;
  };
  const looks = setInterval(() => void (pending > 0 || look()), everyMs).unref();
  return {
    get current() {
      return current;
    },
    get isBad() {
      return isTold || Date.now() >= current.endsAt;
    },
    look,
    close: () => clearInterval(looks),
  };
}

const markOf = ({ ca, cert, key }: TlsTexts): string => [ca, cert, key].join("\n\n");
