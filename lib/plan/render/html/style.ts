/** The page's only style. Colours of text are at least 4.5 to 1 against what they stand on, in both schemes. */
export const STYLE = `
:root{color-scheme:light dark;
--page:#fbfcfd;--card:#fff;--ink:#1c2530;--soft:#556270;--line:#d9e0e7;--shade:#f2f5f8;--link:#0b5cad;--focus:#0b5cad;
--red:#b3261e;--redbg:#fdecea;--amber:#7a5200;--amberbg:#fff4d9;--blue:#0b5394;--bluebg:#e6f0fb;--green:#1b6335;--greenbg:#e4f4e9;--violet:#6a2f9c;--violetbg:#f3eafb;--grey:#46525e;--greybg:#eaeef2;
--del:#fbdcd9;--ins:#cdebd5}
@media(prefers-color-scheme:dark){:root{
--page:#12171d;--card:#181f27;--ink:#e4e9ef;--soft:#a3b0bd;--line:#313b47;--shade:#1e2630;--link:#7ab8f5;--focus:#7ab8f5;
--red:#ff9f96;--redbg:#43201d;--amber:#f0c067;--amberbg:#3b2f12;--blue:#8cc1f7;--bluebg:#17304a;--green:#86d79f;--greenbg:#17361f;--violet:#cfa6f5;--violetbg:#33214a;--grey:#b4c0cb;--greybg:#2a333d;
--del:#5b2623;--ins:#1d4a2a}}
*{box-sizing:border-box}
html{scroll-padding-top:1rem}
body{margin:0 auto;max-width:84rem;padding:1.5rem clamp(1rem,3vw,2.5rem) 3rem;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif;overflow-wrap:anywhere}
h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:0 0 .6rem}h3,h4{font-size:1rem;margin:0;font-weight:600}h4{font-weight:400}
p{margin:.3rem 0}ul{margin:0;padding:0;list-style:none}
a{color:var(--link)}a:focus-visible,summary:focus-visible,button:focus-visible,input:focus-visible,select:focus-visible,[tabindex]:focus-visible{outline:2px solid var(--focus);outline-offset:2px;border-radius:3px}
code,pre{font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere;unicode-bidi:isolate}
pre{margin:.4rem 0;padding:.6rem .8rem;background:var(--shade);border-radius:6px;white-space:pre-wrap}
[hidden]{display:none!important}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:var(--card);padding:.4rem .8rem;z-index:2}
.base,footer,.source,.where,.counts,.same,.none,.left{color:var(--soft)}
.source,.where{font-size:.87rem}.source code{font-size:12px}
header{margin-bottom:1.2rem}
.tally{display:flex;flex-wrap:wrap;gap:.6rem;margin:.9rem 0 0}
.tally div{display:flex;flex-direction:column-reverse;min-width:7rem;padding:.5rem .9rem;border-radius:8px;background:var(--greybg);color:var(--grey)}
.tally dt{font-size:.82rem}.tally dd{margin:0;font-size:1.5rem;font-weight:650;line-height:1.2;font-variant-numeric:tabular-nums}
.tally .delete,.tally .replace{background:var(--redbg);color:var(--red)}.tally .interrupt{background:var(--amberbg);color:var(--amber)}.tally .update{background:var(--bluebg);color:var(--blue)}.tally .create{background:var(--greenbg);color:var(--green)}
.tally .zero{background:var(--shade);color:var(--soft)}.tally .zero dd{font-weight:400}
.alerts,.card,.first>*,main>section{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:1rem 1.2rem}
main{display:grid;gap:1rem}
main>section:has(#list){background:none;border:0;padding:.6rem 0 0}
.alerts{border-left:4px solid var(--red)}.alerts li{padding:.15rem 0}.alerts strong{color:var(--red)}
.first{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:1rem;align-items:start}
.destroys>li{padding:.5rem 0;border-top:1px solid var(--line)}.destroys>li:first-child{border-top:0;padding-top:0}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(17rem,100%),1fr));gap:1rem}.cards:empty{display:none}
.card li{padding:.2rem 0}
.badge{display:inline-block;font-size:.78rem;font-weight:600;line-height:1.3;padding:.1rem .5rem;border-radius:4px;background:var(--greybg);color:var(--grey);white-space:nowrap}
.badge::before{margin-right:.35em;font-family:ui-monospace,"DejaVu Sans Mono",monospace}
.badge.delete{background:var(--redbg);color:var(--red)}.badge.delete::before{content:"-"}
.badge.replace{background:var(--redbg);color:var(--red)}.badge.replace::before{content:"-/+"}
.badge.interrupt{background:var(--amberbg);color:var(--amber)}.badge.interrupt::before{content:"!~"}
.badge.update{background:var(--bluebg);color:var(--blue)}.badge.update::before{content:"~"}
.badge.create{background:var(--greenbg);color:var(--green)}.badge.create::before{content:"+"}
.badge.move,.badge.import{background:var(--violetbg);color:var(--violet)}.badge.move::before{content:">"}.badge.import::before{content:"<"}.badge.forget::before{content:"."}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.35rem .6rem}
thead th{font-size:.82rem;font-weight:600;color:var(--soft)}tbody th{font-weight:400}
.scroll{overflow-x:auto;position:relative}
.matrix td,.matrix tbody th{border-top:1px solid var(--line)}.matrix{width:auto;min-width:100%}.matrix th,.matrix .same{white-space:nowrap}.matrix tbody th{white-space:normal;min-width:8.5rem}.matrix a{text-decoration:none}.matrix a:hover{text-decoration:underline}.part{white-space:nowrap;margin-right:.3rem}
#tools{display:flex;flex-wrap:wrap;gap:.7rem 1.2rem;align-items:center;padding:.7rem 1.2rem;margin-bottom:.8rem;background:var(--card);border:1px solid var(--line);border-radius:10px;position:sticky;top:0;z-index:1}
#tools label{display:inline-flex;gap:.45rem;align-items:center}#tools fieldset{display:flex;flex-wrap:wrap;gap:.3rem .9rem;border:0;margin:0;padding:0}#tools legend{float:left;padding:0 .6rem 0 0}
#tools input[type=search]{width:min(19rem,60vw)}#tools .choice{gap:.3rem}
#tools input[type=search],#tools select,button{font:inherit;color:var(--ink);background:var(--page);border:1px solid var(--soft);border-radius:6px;padding:.3rem .6rem}
button{cursor:pointer}output{color:var(--soft);font-size:.9rem}
summary{cursor:pointer}
.stack{background:var(--card);border:1px solid var(--line);border-radius:10px;margin-bottom:.6rem;content-visibility:auto;contain-intrinsic-size:auto 3.2rem;scroll-margin-top:5rem}
.stack>summary{padding:.75rem 1.2rem}.stack>summary h3{display:inline;overflow-wrap:anywhere}.stack[open]>summary{border-bottom:1px solid var(--line)}
.body{padding:.6rem 1.2rem 1rem}
.change{padding:.6rem 0;border-top:1px solid var(--line);scroll-margin-top:5rem}.changes>.change:first-child{border-top:0}
.change:target,.change:focus{background:var(--shade);box-shadow:0 0 0 .5rem var(--shade);outline:0}
.folded .changes{padding-left:1.2rem}
.change{content-visibility:auto;contain-intrinsic-size:auto 3rem}
.address{display:inline-block;margin-right:.3rem;max-width:100%}a.address{color:inherit;text-decoration:none}a.address:hover{text-decoration:underline}.address code{font-weight:600}
.more,.noise{color:var(--soft);margin:.2rem 0}.more[open]{color:inherit}
.notes{margin-bottom:.4rem}.notes li,.reasons li{padding:.1rem 0;color:var(--soft)}
.notes li.caution,.reasons li.caution{color:var(--ink)}.caution strong{color:var(--red);margin-right:.3rem}
.reasons{margin:.2rem 0 0}.finding::before{content:"finding "}
details.values{margin-top:.2rem;color:var(--soft)}details.values pre{color:var(--ink)}
table.values{margin-top:.4rem;table-layout:fixed;background:var(--shade);border-radius:6px}
table.values>thead>tr>th:first-child{width:24%}table.values>tbody>tr>*{border-top:1px solid var(--line)}
.mark{display:inline-block;margin-left:.4rem;font-size:.78rem;color:var(--soft);border:1px solid var(--line);border-radius:4px;padding:0 .35rem}.mark.forces{color:var(--red);border-color:currentColor}
.unknown{color:var(--soft);font-style:italic}
del,ins{text-decoration:none;border-radius:2px}del{background:var(--del)}ins{background:var(--ins)}
td.del,li.del{background:var(--del)}td.ins,li.ins{background:var(--ins)}li.del,li.ins{padding:.1rem .4rem;font:13px/1.5 ui-monospace,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
li.del::before{content:"- "}li.ins::before{content:"+ "}
.lines thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}.lines{table-layout:fixed;font:13px/1.5 ui-monospace,"DejaVu Sans Mono",monospace}.lines td{padding:.05rem .5rem;white-space:pre-wrap;overflow-wrap:anywhere;border:0}.lines .at *{color:var(--soft);font:inherit;padding-top:.4rem}
.parts>li{margin:.15rem 0}.pair{display:grid;grid-template-columns:1fr 1fr;gap:.6rem}
.level{display:inline-block;font-size:.78rem;font-weight:600;padding:.1rem .5rem;border-radius:4px}.level{background:var(--greybg);color:var(--grey)}.level.denied{background:var(--redbg);color:var(--red)}.level.warning{background:var(--amberbg);color:var(--amber)}
.findings>li{padding:.4rem 0}.findings ul{padding-left:1.2rem}
figure{margin:0 0 1rem;overflow-x:auto}figcaption{margin-bottom:.4rem}img{max-width:100%;height:auto}
footer{margin-top:1.2rem;font-size:.87rem;overflow-wrap:anywhere}
@media(max-width:60rem){.first{grid-template-columns:minmax(0,1fr)}#tools{position:static}.stack,.change{scroll-margin-top:1rem}}
@media(max-width:40rem){body{padding:1rem .7rem 2rem}.alerts,.card,.first>*,main>section{padding:.8rem}.tally div{min-width:5.4rem;flex:1}
table.values,table.values>tbody,table.values>tbody>tr,table.values>tbody>tr>*{display:block;width:auto}table.values>thead{display:none}table.values>tbody>tr>td{border:0}td.before::before,td.after::before{color:var(--soft);font-size:.82rem}td.before::before{content:"before "}td.after::before{content:"after "}.pair{grid-template-columns:1fr}}
@media print{:root{color-scheme:light}body{max-width:none;padding:0;font-size:11px}#tools,.skip{display:none!important}.stack,.change{content-visibility:visible;break-inside:auto}.stack>summary,h2{break-after:avoid}a{color:inherit;text-decoration:none}.first{grid-template-columns:1fr}}
`;
