const VERIFIER = "verifikator.dinsos_banyuwangi";
const OPERATOR = "operator.dinsos_banyuwangi";
const DISTRICT = "bansos.dinsos_banyuwangi";
const ANALYST = "analis.kemensos";

const page = (name: string, path: string, as: string) => ({ name: `district-${name}`, path: `/console/district${path}`, as });

/** Every page of the desk, with somebody whose work it is. */
export const PAGES = [
  page("home", "", VERIFIER),
  page("home-aid", "", DISTRICT),
  page("proposals", "/proposals", VERIFIER),
  page("proposal-new", "/proposals/new", OPERATOR),
  page("objections", "/objections", VERIFIER),
  page("ranking", "/ranking", "pusdatin.kemensos"),
  page("households", "/households", OPERATOR),
  page("changes", "/changes", VERIFIER),
  page("quality", "/quality?rule=STALE", VERIFIER),
  page("validation", "/validation", VERIFIER),
  page("needs", "/needs", VERIFIER),
  page("payments", "/payments?state=-", DISTRICT),
  page("payment-differences", "/payments/differences", DISTRICT),
  page("payment-failures", "/payments/failures", DISTRICT),
  page("payment-trace", "/payments/trace", DISTRICT),
  page("reviews", "/reviews", DISTRICT),
  page("errors", "/errors", DISTRICT),
  page("pbi", "/pbi", DISTRICT),
  page("pbi-members", "/pbi/members", DISTRICT),
  page("pbi-candidates", "/pbi/candidates", DISTRICT),
  page("school", "/school", DISTRICT),
  page("review", "/matching", ANALYST),
  page("jobs", "/matching/jobs", ANALYST),
];
