import type { DemoPerson } from "./people.ts";

interface LoginPage {
  /** Where the choice is posted to. */
  readonly action: string;
  readonly isCitizens: boolean;
  readonly people: readonly DemoPerson[];
  /** What nobody can be signed in as, as it was typed. */
  readonly refused?: string;
}

/** The login page of the embedded issuer: no script, nothing from elsewhere. It says aloud that it is no identity provider. */
export function loginPage({ action, isCitizens, people, refused }: LoginPage): string {
  const title = isCitizens ? "Masuk sebagai warga" : "Masuk ke konsol";
  const typed = isCitizens ? "Nomor penduduk di hub (UUID)" : "ID pengelola, misalnya steward.kemensos";
  const groups = [...new Set(people.map(({ group }) => group))].map((group, i) =>
    groupOf({ group, i, action, people: people.filter((one) => one.group === group) }),
  );
  return `<!doctype html>
<html lang="id">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${refused === undefined ? "" : "Kesalahan: "}${title} – penerbit uji dtks-hub</title>
<link rel="stylesheet" href="/login.css">
</head>
<body>
<header><p class="mark">dtks-hub</p><p class="note">Penerbit uji. Semua orang di sini rekaan dan tidak ada kata sandi.</p></header>
<main>
<h1>${title}</h1>
${refused === undefined ? "" : `<div class="fault" role="alert"><h2>Tidak ada orang dengan ID itu</h2><p><a href="#id">Periksa ID “${escaped(refused)}”</a> atau pilih dari daftar.</p></div>`}
<form method="post" action="${escaped(action)}" class="typed">
<label for="id">${typed}</label>
<div><input id="id" name="id" value="${escaped(refused ?? "")}" autocomplete="username" autocapitalize="none" spellcheck="false" required${refused === undefined ? "" : ' aria-invalid="true"'}>
<button>Masuk</button></div>
</form>
${groups.join("\n")}
</main>
</body>
</html>`;
}

interface Group {
  readonly group: string;
  readonly i: number;
  readonly action: string;
  readonly people: readonly DemoPerson[];
}

const groupOf = ({ group, i, action, people }: Group): string => `<section aria-labelledby="g${i}">
<h2 id="g${i}">${escaped(group)}</h2>
<form method="post" action="${escaped(action)}"><ul>
${people.map(({ id, name }) => `<li><button name="id" value="${escaped(id)}"><b>${escaped(name)}</b><span>${escaped(id.replace(/^person:/, ""))}</span></button></li>`).join("\n")}
</ul></form>
</section>`;

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? "");

export const LOGIN_CSS = `:root{color-scheme:light dark;--ground:#f4f6f8;--card:#fff;--content:#17212b;--muted:#4a5663;--line:#6b7684;--brand:#0b5a74;--on:#fff;--negative:#a8201a}
@media(prefers-color-scheme:dark){:root{--ground:#12181f;--card:#1b242d;--content:#eef2f5;--muted:#b3bfca;--line:#8593a1;--brand:#6cc5e0;--on:#12181f;--negative:#ff9a8f}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--content);font:1rem/1.5 system-ui,sans-serif}
header,main{max-width:62rem;margin:0 auto;padding:1rem 1.25rem}
header{display:flex;flex-wrap:wrap;gap:.25rem 1rem;align-items:baseline}
header p{margin:0}.mark{font-weight:700;color:var(--brand)}.note{color:var(--muted);font-size:.9rem}
h1{font-size:1.75rem;line-height:1.2;margin:.5rem 0 1.25rem}
h2{font-size:1.05rem;margin:1.75rem 0 .6rem}
label{display:block;font-weight:600;margin-bottom:.35rem}
.typed div{display:flex;flex-wrap:wrap;gap:.6rem}
input{flex:1 1 14rem;min-width:0;min-height:3rem;padding:.5rem .75rem;font:inherit;color:inherit;background:var(--card);border:1px solid var(--line);border-radius:.4rem}
.typed button{min-height:3rem;padding:.5rem 1.5rem;font:inherit;font-weight:600;color:var(--on);background:var(--brand);border:0;border-radius:.4rem;cursor:pointer}
ul{list-style:none;margin:0;padding:0;display:grid;gap:.5rem;grid-template-columns:repeat(auto-fill,minmax(min(100%,18rem),1fr))}
li button{display:flex;flex-direction:column;width:100%;height:100%;min-height:3rem;padding:.55rem .8rem;text-align:left;font:inherit;color:inherit;background:var(--card);border:1px solid var(--line);border-radius:.4rem;cursor:pointer}
li b,li span{overflow-wrap:anywhere}li span{color:var(--muted);font-size:.8125rem}
li button:hover{border-color:var(--brand);box-shadow:inset 3px 0 0 var(--brand)}
:focus-visible{outline:3px solid var(--brand);outline-offset:2px}
.fault{border:2px solid var(--negative);border-radius:.4rem;padding:.75rem 1rem;margin-bottom:1.25rem;background:var(--card)}
.fault h2{margin:0;color:var(--negative)}.fault p{margin:.25rem 0 0}.fault a{color:inherit}
`;
