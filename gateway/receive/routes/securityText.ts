import type { FastifyInstance } from "fastify";

/** Whom to tell of a hole, and where the file stands. */
export interface SecurityContact {
  readonly email?: string;
  readonly telephone?: string;
  readonly publicUrl: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** How long what the file says may be believed: it is made anew each day, and a gateway nobody runs any more says nothing. */
const GOOD_DAYS = 90;

/** `GET /.well-known/security.txt` (RFC 9116). Without mail address and telephone number there is none: it must name a contact. */
export function addSecurityText(app: FastifyInstance, { email, telephone, publicUrl }: SecurityContact): void {
  const contacts = [...(email ? [`mailto:${email}`] : []), ...(telephone ? [`tel:${telephone.replaceAll(/[^\d+]/g, "-")}`] : [])];
  if (contacts.length === 0) return;
  app.get("/.well-known/security.txt", (_, reply) => {
    const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
    const lines = [
      ...contacts.map((contact) => `Contact: ${contact}`),
      `Expires: ${new Date(today + GOOD_DAYS * DAY_MS).toISOString()}`,
      "Preferred-Languages: id, en",
      `Canonical: ${publicUrl}/.well-known/security.txt`,
    ];
    return reply
      .type("text/plain; charset=utf-8")
      .header("cache-control", "public, max-age=3600")
      .send(`${lines.join("\n")}\n`);
  });
}
