/** The style of the page: readable on paper, on a phone, in light and in dark. */
export const pageStyle = `
:root { color-scheme: light dark; --ink: #1f2328; --muted: #667078; --faint: #d8dee4; --paper: #fff; --sheet: #f6f8fa; --accent: #0a6c74;
  --bad: #b42318; --badsheet: #fff1f0; --good: #1a7f37; --keyword: #8250df; --string: #0a6640; --number: #0550ae; --comment: #6e7781; --call: #6f42c1; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ec; --muted: #98a2ab; --faint: #333b44; --paper: #14181c; --sheet: #1b2127; --accent: #58c4cf;
  --bad: #ff8f85; --badsheet: #33191a; --good: #5fce7d; --keyword: #c9a7ff; --string: #8fd6a8; --number: #8cc0ff; --comment: #8b949e; --call: #d2b8ff; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.6 system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 2rem clamp(1rem, 4vw, 3rem) 5rem; }
header { border-bottom: 1px solid var(--faint); padding-bottom: 1rem; margin-bottom: 2rem; }
.brand { margin: 0; color: var(--accent); font-weight: 650; letter-spacing: .08em; text-transform: uppercase; font-size: .8rem; }
dl { display: flex; flex-wrap: wrap; gap: .4rem 2rem; margin: .6rem 0 0; }
dl div { display: flex; gap: .5rem; align-items: baseline; }
dt { color: var(--muted); font-size: .82rem; }
dd { margin: 0; font-variant-numeric: tabular-nums; font-weight: 550; }
.good dd { color: var(--good); } .bad dd { color: var(--bad); }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 1.2rem 0 .8rem; letter-spacing: -.01em; text-wrap: balance; }
h2 { font-size: 1.35rem; margin: 2.2rem 0 .6rem; } h3 { font-size: 1.1rem; margin: 1.6rem 0 .5rem; }
.prose { max-width: 46rem; } .prose img { max-width: 100%; } a { color: var(--accent); }
.prose table, .rich table { border-collapse: collapse; } .prose th, .prose td { padding: .3rem .7rem; border-bottom: 1px solid var(--faint); text-align: left; }
.prose code { background: var(--sheet); padding: .1em .35em; border-radius: 4px; font-size: .88em; } .prose pre code { background: none; padding: 0; }
blockquote { margin: 1rem 0; padding-left: 1rem; border-left: 3px solid var(--faint); color: var(--muted); }
section.code { margin: 1.4rem 0; }
.note { display: flex; justify-content: space-between; gap: 1rem; font-size: .75rem; color: var(--muted); font-variant-numeric: tabular-nums; padding: 0 .2rem .25rem; }
.record { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
pre { font: .84rem/1.55 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; margin: 0; overflow-x: auto; tab-size: 2; }
pre.source { background: var(--sheet); border: 1px solid var(--faint); border-radius: 8px; padding: .8rem 1rem; }
.outputs { padding: .7rem .2rem 0 1rem; border-left: 2px solid var(--faint); margin: .6rem 0 0 .2rem; display: grid; gap: .7rem; overflow-x: auto; }
.outputs pre { white-space: pre-wrap; overflow-wrap: anywhere; } .stderr { color: var(--muted); }
pre.error { color: var(--bad); background: var(--badsheet); border-radius: 8px; padding: .7rem 1rem; }
.error.code .source, .crashed .source { border-color: var(--bad); } .skipped { opacity: .6; }
.rich { max-width: 100%; overflow-x: auto; } img.rich { image-rendering: auto; }
.t-keyword { color: var(--keyword); } .t-string { color: var(--string); } .t-number, .t-literal { color: var(--number); }
.t-comment { color: var(--comment); font-style: italic; } .t-type { color: var(--accent); } .t-call { color: var(--call); }
@media print { main { max-width: none; padding: 0; } section.code { break-inside: avoid; } .outputs { overflow: visible; } }
`;
