/**
 * How the page of a trace looks. Colours are named once, for light and for dark; what is drawn on
 * the canvas takes them from here.
 */

export const style: string = `
:root {
  color-scheme: light;
  --paper: #ffffff; --panel: #f6f7f9; --line: #d8dce2; --lane: #b4bac4; --band: #f9fafb;
  --ink: #1b1f24; --soft: #5b6471; --faint: #98a1ad; --accent: #2457d6;
  --call: #2457d6; --granted: #11845b; --failed: #b26a00; --lost: #c62f2f; --heard: #7b8594;
  --sent: #7b8594; --life: #1b1f24; --link: #8b5cc7; --arrow: #8d97a5; --fault: #f2a91e;
  --violation: #d81e3f;
  --h0: #3b73d9; --h1: #d9822b; --h2: #2b9f6b; --h3: #b0509f; --h4: #8a7a2b; --h5: #3a9dbd;
  --h6: #c2554d; --h7: #6a6fc7; --bar: #ffffff;
}
:root[data-theme='dark'] {
  color-scheme: dark;
  --paper: #14171c; --panel: #1c2027; --line: #333a45; --lane: #4a535f; --band: #181c22;
  --ink: #e7eaee; --soft: #a4adba; --faint: #6d7785; --accent: #7aa2ff;
  --call: #7aa2ff; --granted: #4cc38a; --failed: #f0b34c; --lost: #ff7b72; --heard: #8f99a8;
  --sent: #8f99a8; --life: #e7eaee; --link: #b79aec; --arrow: #66707e; --fault: #c98a12;
  --violation: #ff5d73;
  --h0: #5b8def; --h1: #e39a4e; --h2: #49b583; --h3: #c873b8; --h4: #a8983f; --h5: #56b3d0;
  --h6: #d9766f; --h7: #878ce0; --bar: #101318;
}
* { box-sizing: border-box; }
html, body { height: 100%; margin: 0; }
body {
  display: flex; flex-direction: column; background: var(--paper); color: var(--ink);
  font: 14px/1.45 system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif;
}
header {
  display: flex; flex-wrap: wrap; align-items: center; gap: 8px 14px; padding: 10px 16px;
  border-bottom: 1px solid var(--line); background: var(--panel);
}
h1 { font-size: 16px; font-weight: 650; margin: 0; }
.count { color: var(--soft); font-variant-numeric: tabular-nums; }
.controls { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; margin-left: auto; }
button, select {
  font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--line);
  border-radius: 6px; padding: 3px 10px; min-height: 30px;
}
select { max-width: 220px; }
button:hover, select:hover { border-color: var(--soft); }
button:focus-visible, select:focus-visible, canvas:focus-visible {
  outline: 2px solid var(--accent); outline-offset: 1px;
}
button[aria-pressed='true'] {
  background: var(--accent); border-color: var(--accent); color: var(--paper);
}
.verdict { border-radius: 6px; padding: 3px 10px; font-weight: 600; }
.verdict.sound { color: var(--granted); border: 1px solid currentColor; }
.verdict.broken { color: #fff; background: #c81a38; border: 1px solid #c81a38; }
#why {
  display: none; padding: 8px 16px; border-bottom: 1px solid var(--line); color: var(--violation);
  font-weight: 500; overflow-wrap: anywhere;
}
main { display: grid; grid-template-columns: 1fr 360px; min-height: 0; flex: 1; }
#stage { display: grid; grid-template-rows: 46px 1fr; min-width: 0; min-height: 0; }
#overview {
  width: 100%; height: 46px; display: block; border-bottom: 1px solid var(--line); cursor: pointer;
}
#scroll { overflow-y: auto; overflow-x: hidden; min-height: 0; }
#chart { display: block; width: 100%; outline-offset: -3px; cursor: grab; touch-action: none; }
#chart.dragging { cursor: grabbing; }
aside {
  border-left: 1px solid var(--line); background: var(--panel); overflow: auto; padding: 14px 16px;
}
aside h2 { font-size: 15px; margin: 0 0 10px; overflow-wrap: anywhere; font-weight: 650; }
aside h3 {
  font-size: 11px; letter-spacing: 0.06em; text-transform: uppercase; color: var(--soft);
  margin: 16px 0 5px; font-weight: 600;
}
dl { display: grid; grid-template-columns: auto 1fr; gap: 3px 12px; margin: 0; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
pre {
  margin: 0; white-space: pre-wrap; overflow-wrap: anywhere;
  font: 12px/1.5 ui-monospace, 'Cascadia Mono', Menlo, 'DejaVu Sans Mono', monospace;
}
.link {
  background: none; border: 0; padding: 0; min-height: 0; color: var(--accent); text-align: left;
  text-decoration: underline; text-underline-offset: 2px; cursor: pointer;
}
#why .link { color: inherit; }
.empty { color: var(--soft); }
footer {
  display: flex; flex-wrap: wrap; gap: 4px 18px; padding: 7px 16px; color: var(--soft);
  border-top: 1px solid var(--line); background: var(--panel); font-size: 12.5px;
}
footer span { display: inline-flex; align-items: center; gap: 6px; }
footer i { width: 10px; height: 10px; border-radius: 50%; display: inline-block; }
footer i.box { border-radius: 2px; width: 16px; }
kbd {
  font: 11.5px/1 ui-monospace, Menlo, 'DejaVu Sans Mono', monospace; padding: 2px 5px;
  border: 1px solid var(--line); border-radius: 4px; background: var(--paper); color: var(--ink);
}
footer .keys { margin-left: auto; }
@media (max-width: 900px) { main { grid-template-columns: 1fr; grid-template-rows: 1fr 240px; }
  aside { border-left: 0; border-top: 1px solid var(--line); } }
@media (prefers-reduced-motion: no-preference) { button { transition: border-color 120ms; } }
`;
