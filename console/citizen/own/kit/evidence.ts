import { createHash } from "node:crypto";
import type { Upload } from "../../http/forms.ts";
import { ANNOUNCE, OBJECT, SELF } from "../../questions.ts";
import type { Told, Visit } from "../../types.ts";

/** Bytes of a picture that a form takes. */
export const MOST_BYTES = 5 * 1024 * 1024;
const TYPES: ReadonlySet<string> = new Set(["image/jpeg", "image/png", "image/webp"]);

export const photoFault = (photo: Upload | null): "none" | "type" | "size" | null => {
  if (!photo) return "none";
  if (!TYPES.has(photo.mediaType)) return "type";
  return photo.bytes.length > MOST_BYTES ? "size" : null;
};

/** Stores the picture as evidence of the person's own village, then files the objection with it. What fails first ends it. */
export async function fileWithPhoto(visit: Visit, photo: Upload | null, input: Readonly<Record<string, unknown>>): Promise<Told> {
  if (!photo) throw new Error("an objection needs a picture");
  const self = await visit.ask(SELF, { representing: null });
  const region = self.data?.["dataSubject"]?.region?.code;
  if (!region) return self;
  const { mediaType, bytes } = photo;
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const announced = await visit.ask(ANNOUNCE, { input: { kind: "IMAGE", mediaType, bytes: bytes.length, sha256, region } });
  const id = announced.data?.["announceEvidence"]?.id;
  if (!id) return announced;
  const brought = await visit.bring({ id, mediaType, bytes });
  if (brought.errors.length > 0) return brought;
  return visit.ask(OBJECT, { input: { ...input, photo: id } });
}
