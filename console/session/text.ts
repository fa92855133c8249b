import type { Language } from "../../schema/errors.ts";

/** What can go wrong when somebody signs in. */
export const FAULTS = {
  issuer: {
    status: 503,
    id: ["Layanan masuk tidak dapat dihubungi", "Penyedia identitas tidak menjawab. Coba lagi sebentar lagi."],
    en: ["The sign-in service cannot be reached", "The identity provider does not answer. Try again in a moment."],
  },
  stale: {
    status: 400,
    id: [
      "Proses masuk tidak dapat dilanjutkan",
      "Halaman masuk sudah kedaluwarsa, sudah dipakai, atau dimulai di peramban lain.",
    ],
    en: ["This sign-in cannot go on", "The sign-in page has expired, was used already, or was opened in another browser."],
  },
  refused: {
    status: 403,
    id: ["Anda belum masuk", "Proses masuk dibatalkan atau ditolak oleh penyedia identitas."],
    en: ["You are not signed in", "Signing in was cancelled, or refused by the identity provider."],
  },
  long: {
    status: 502,
    id: [
      "Proses masuk tidak dapat diselesaikan",
      "Token dari penyedia identitas terlalu panjang untuk disimpan di peramban. Sampaikan kepada pengelola hub.",
    ],
    en: [
      "This sign-in cannot be completed",
      "The tokens of the identity provider are too long to be kept in a browser. Tell whoever runs the hub.",
    ],
  },
  foreign: {
    status: 403,
    id: ["Permintaan ini tidak berasal dari halaman kami", "Buka kembali halaman kami dan ulangi dari sana."],
    en: ["This request does not come from a page of ours", "Open our page again and repeat it there."],
  },
} as const satisfies Record<string, { readonly status: number } & Record<Language, readonly [title: string, text: string]>>;
export type Fault = keyof typeof FAULTS;

/** The hub's session is over, the issuer's goes next. */
export const LEAVING: Readonly<Record<Language, readonly [title: string, text: string, link: string]>> = {
  id: ["Anda telah keluar", "Berikutnya penyedia identitas mengakhiri sesinya sendiri.", "Lanjutkan ke penyedia identitas"],
  en: ["You have signed out", "The identity provider ends its own session next.", "Go on to the identity provider"],
};

export const AGAIN: Readonly<Record<Language, readonly [again: string, home: string]>> = {
  id: ["Masuk lagi", "Ke halaman depan"],
  en: ["Sign in again", "To the front page"],
};
