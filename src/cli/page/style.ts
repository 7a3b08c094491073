import type { Markup } from './markup.ts';

/** How the page looks: by the reader's wish light or dark, on paper and on a telephone. */
export const style: Markup = {
  html: `
:root { --ink: #1c1e21; --quiet: #5c6370; --paper: #fff; --line: #d8dce2; --good: #1a7f37; --bad: #b42318;
  --back: #9a6700; --plain: #8b949e; --link: #0a58ca; --wash: #f4f6f8 }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e8eb; --quiet: #a3abb6; --paper: #15181c; --line: #343a42;
  --good: #4ac26b; --bad: #ff7b72; --back: #e3b341; --plain: #7d8590; --link: #79b8ff; --wash: #1e2329 } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 62rem; padding: 1rem; color: var(--ink); background: var(--paper);
  font: 15px/1.5 system-ui, sans-serif }
a { color: var(--link) } a:focus-visible, summary:focus-visible, [tabindex]:focus-visible { outline: 2px solid var(--link); outline-offset: 2px }
.skip { position: absolute; left: -99rem } .skip:focus { position: static }
h1 { font-size: 1.5rem; margin: .2rem 0 } h2 { font-size: 1.15rem; margin: 1.8rem 0 .5rem; border-bottom: 1px solid var(--line) }
h3 { font-size: 1rem; margin: 1rem 0 .3rem }
nav ul { display: flex; flex-wrap: wrap; gap: .3rem 1rem; list-style: none; margin: 0; padding: 0 }
.headline { font-size: 1.1rem; font-weight: 600; padding: .6rem .8rem; border-left: 4px solid var(--bad); background: var(--wash) }
.headline.succeeded { border-color: var(--good) } .headline.rolled-back { border-color: var(--back) }
.headline.running, .headline.waiting-for-approval { border-color: var(--plain) }
.failure { border: 1px solid var(--bad); padding: .2rem .8rem; margin: .8rem 0; overflow-wrap: anywhere }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem } dt { color: var(--quiet) } dd { margin: 0; overflow-wrap: anywhere }
.scroll { overflow-x: auto } table { border-collapse: collapse; width: 100% }
caption { text-align: left; color: var(--quiet); padding: .3rem 0 }
th, td { text-align: left; vertical-align: top; padding: .3rem .7rem .3rem 0; border-bottom: 1px solid var(--line) }
code, pre { font: 13px/1.45 ui-monospace, monospace } p code, td:not(:first-child) code { overflow-wrap: anywhere }
pre { background: var(--wash); padding: .8rem; overflow-x: auto }
.quiet { color: var(--quiet) } svg .quiet { fill: var(--quiet) }
.timeline { width: 100%; height: auto; font: 12px system-ui, sans-serif } .timeline text { fill: var(--ink) }
rect.good { fill: var(--good) } rect.bad { fill: var(--bad) } rect.back { fill: var(--back) } rect.plain { fill: var(--plain) }
.badge { white-space: nowrap } .badge.good { color: var(--good) } .badge.bad { color: var(--bad); font-weight: 600 } .badge.back { color: var(--back) }
.bars { list-style: none; padding: 0 } .bars li { display: grid; grid-template-columns: 12rem 1fr 5rem; gap: .6rem; align-items: center }
.bar { background: var(--wash); height: .9rem } .bar span { display: block; height: 100%; background: var(--link) }
@media print { nav, .skip { display: none } }
`,
};
