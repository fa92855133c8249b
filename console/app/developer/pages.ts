const as = "analis.bpjs_kesehatan";

export const PAGES = [
  { name: "developer", path: "/console/developer", as },
  { name: "developer-reference", path: "/console/developer/reference", as },
  { name: "developer-reference-type", path: "/console/developer/reference/Person", as },
  { name: "developer-documents", path: "/console/developer/documents", as },
  { name: "developer-keys", path: "/console/developer/keys", as },
  { name: "developer-news", path: "/console/developer/news", as },
  { name: "explorer", path: "/console/explorer", as },
] as const;
