import type { FaceAnswer } from "../../../gateway/types/faces.ts";
import { redirect } from "../http/answers.ts";
import type { Page, Visit } from "../types.ts";
import { accesses } from "./accesses.ts";
import { aid } from "./aid.ts";
import { aidDetails } from "./details.ts";
import {
  leaveProgram,
  leaveRegistry,
  revokeProgramWithdrawal,
  revokeWithdrawal,
  withdrawFromProgram,
  withdrawFromRegistry,
} from "./endings.ts";
import { home } from "./home.ts";
import { signInAgain } from "./kit/frame.ts";
import { appeal, appealForm, object, objectionForm, objections, objectToRanking, rankingForm } from "./objections.ts";
import { proposalForm, proposals, propose, takeBack } from "./proposals.ts";
import { copy, represent, signedIn } from "./represent.ts";
import { cancelRequest, fileRequest, liftRestriction, requestForm, requests } from "./requests.ts";
import { trace } from "./trace.ts";

/** Pages of who is signed in, by method and path. */
export const OWN_PAGES: Readonly<Record<string, Page>> = {
  "GET /warga": home,
  "GET /warga/masuk": signedIn,
  "GET /warga/salinan": copy,
  "POST /warga/mewakili": represent,
  "GET /warga/bantuan": aid,
  "GET /warga/bantuan/rincian": aidDetails,
  "GET /warga/bantuan/mundur": leaveProgram,
  "POST /warga/bantuan/mundur": withdrawFromProgram,
  "POST /warga/bantuan/batal-mundur": revokeProgramWithdrawal,
  "GET /warga/penyaluran": trace,
  "GET /warga/usulan": proposals,
  "GET /warga/usulan/baru": proposalForm,
  "POST /warga/usulan/baru": propose,
  "POST /warga/usulan/tarik": takeBack,
  "GET /warga/sanggahan": objections,
  "GET /warga/sanggahan/baru": objectionForm,
  "POST /warga/sanggahan/baru": object,
  "GET /warga/sanggahan/banding": appealForm,
  "POST /warga/sanggahan/banding": appeal,
  "GET /warga/sanggahan/peringkat": rankingForm,
  "POST /warga/sanggahan/peringkat": objectToRanking,
  "GET /warga/akses": accesses,
  "GET /warga/permohonan": requests,
  "GET /warga/permohonan/baru": requestForm,
  "POST /warga/permohonan/baru": fileRequest,
  "POST /warga/permohonan/batal": cancelRequest,
  "POST /warga/permohonan/akhiri": liftRestriction,
  "GET /warga/mundur": leaveRegistry,
  "POST /warga/mundur": withdrawFromRegistry,
  "POST /warga/mundur/batal": revokeWithdrawal,
};

/** To the sign-in and back here; what was filled in while the session ended is kept. */
export function signInFirst(visit: Visit, method: string): FaceAnswer {
  const { pathname, search } = visit.url;
  // what a page of somebody else's sends is not kept: it would come back as if it were written here
  if (method === "POST" && visit.isOwn) return signInAgain(visit);
  const to = method === "POST" ? "/warga" : `${pathname}${search}`;
  return redirect(`/sign-in?${new URLSearchParams({ face: "warga", to })}`);
}
