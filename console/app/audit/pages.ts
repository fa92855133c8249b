/** Pages of this area: what is photographed, and what must be accessible. */
export const PAGES = [
  { path: "/console/audit/record", as: "auditor.bpk", name: "audit-record" },
  { path: "/console/audit/verify", as: "auditor.bpk", name: "audit-verify" },
  { path: "/console/audit/requests", as: "dpo.dukcapil", name: "audit-requests" },
  { path: "/console/audit/representations", as: "dpo.dukcapil", name: "audit-representations" },
  { path: "/console/audit/breaches", as: "dpo.hub", name: "audit-breaches" },
  { path: "/console/audit/breaches/new", as: "dpo.hub", name: "audit-breach-new" },
  { path: "/console/audit/seals", as: "dpo.bpk", name: "audit-seals" },
  { path: "/console/audit/alerts", as: "operator.hub", name: "audit-alerts" },
  { path: "/console/audit/canaries", as: "operator.hub", name: "audit-canaries" },
  { path: "/console/audit/sanctions", as: "operator.hub", name: "audit-sanctions" },
  { path: "/console/audit/processing", as: "steward.dukcapil", name: "audit-processing" },
  { path: "/console/audit/report", as: "auditor.bpk", name: "audit-report" },
] as const;
