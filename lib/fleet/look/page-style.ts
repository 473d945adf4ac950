/** The page's only style. Colours of text are at least 4.5 to 1 against what they stand on, in both schemes. */
export const PAGE_STYLE = `
:root{color-scheme:light dark;--page:#fbfcfd;--card:#fff;--ink:#1c2530;--soft:#556270;--line:#d9e0e7;--red:#b3261e;--redbg:#fdecea;--amber:#7a5200;--green:#1b6335;--focus:#0b5cad}
@media(prefers-color-scheme:dark){:root{--page:#12171d;--card:#181f27;--ink:#e4e9ef;--soft:#a3b0bd;--line:#313b47;--red:#ff9f96;--redbg:#43201d;--amber:#f0c067;--green:#86d79f;--focus:#7ab8f5}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:100rem;padding:1.5rem clamp(1rem,3vw,2.5rem) 3rem;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif;overflow-wrap:anywhere}
h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:0 0 .6rem}p{margin:.3rem 0}ul{margin:0;padding:0;list-style:none}
header{margin-bottom:1rem}header p{color:var(--soft)}header strong{color:var(--ink)}
main{display:grid;gap:1rem;grid-template-columns:repeat(auto-fit,minmax(min(24rem,100%),1fr))}
main>section,main>p{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:1rem 1.2rem;min-width:0;margin:0}
main>section:first-child,main>p,main>section:nth-last-child(-n+2){grid-column:1/-1}
.good{color:var(--green)}
.findings li{padding:.4rem 0;border-top:1px solid var(--line)}.findings li:first-child{border-top:0;padding-top:0}
.findings .warn strong{color:var(--red)}.findings .info strong{color:var(--amber)}
code,pre{font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;unicode-bidi:isolate}pre{margin:.3rem 0;white-space:pre-wrap}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-top:1px solid var(--line);font-weight:400}
thead th{font-size:.82rem;font-weight:600;color:var(--soft);border-top:0}.numbers td{font-variant-numeric:tabular-nums}.numbers td,.numbers thead th:not(:first-child){text-align:right}
.bad{background:var(--redbg)}.bad th{color:var(--red)}
.scroll{overflow-x:auto}.scroll th,.scroll td{white-space:nowrap}#list{min-width:80rem;font-size:.9rem}
.counts{display:grid;gap:.8rem;grid-template-columns:repeat(auto-fit,minmax(12rem,1fr));margin:0}dt{color:var(--soft);font-size:.82rem}dd{margin:0}
#tools{margin-bottom:.6rem}[hidden]{display:none!important}
input{font:inherit;color:var(--ink);background:var(--page);border:1px solid var(--soft);border-radius:6px;padding:.3rem .6rem;width:min(24rem,70vw)}
input:focus-visible,summary:focus-visible,.scroll:focus-visible{outline:2px solid var(--focus);outline-offset:2px}
@media print{:root{color-scheme:light}body{max-width:none;padding:0;font-size:11px}#tools{display:none}}
`;
