/**
 * The last part of the script of the page, as text: what keys, pointer and controls do, and the
 * details of the event that is selected.
 */

export const control: string = String.raw`
let isDrawing = false;

function redraw() {
  if (isDrawing) return;
  isDrawing = true;
  requestAnimationFrame(() => {
    isDrawing = false;
    drawAll();
  });
}

function select(index) {
  selected = index;
  if (index >= 0) show(index);
  tell();
  redraw();
}

/** To the next event that is shown: of all, or of the lane of the one that is selected. */
function step(by, isOnLane) {
  if (shown.length === 0) return;
  const lane = selected >= 0 ? events[selected].lane : -1;
  const found = positionOf(selected);
  const isOn = selected >= 0 && shown[found] === selected;
  let position = isOn ? found + by : by > 0 ? found : found - 1;
  if (selected < 0) position = firstShownAt(placeAt(gutter));
  const isElsewhere = () => shown[position] !== undefined && events[shown[position]].lane !== lane;
  while (isOnLane && lane >= 0 && isElsewhere()) position += by;
  if (shown[position] !== undefined) select(shown[position]);
}

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className !== undefined) made.className = className;
  return made;
}

function facts(pairs) {
  const list = element('dl');
  for (const [term, value] of pairs) list.append(element('dt', term), element('dd', value));
  return list;
}

function jump(index, prefix) {
  const button = element('button', prefix + events[index].title, 'link');
  button.type = 'button';
  button.addEventListener('click', () => select(index));
  return button;
}

function tell() {
  const panel = document.getElementById('details');
  panel.replaceChildren();
  if (selected < 0) {
    panel.append(element('p', 'Select an event: click it, or step with the arrow keys.', 'empty'));
    return;
  }
  const event = events[selected];
  panel.append(element('h2', event.title));
  panel.append(facts([['event', event.id], ['time', formatMs(event.at)], ...event.facts]));
  if (event.cause >= 0) {
    const lane = lanes[events[event.cause].lane];
    const prefix = lane === undefined ? '' : lane + ' ';
    panel.append(element('h3', 'Led to by'), jump(event.cause, prefix));
  }
  const led = (outgoing.get(selected) || []).filter((message) => !message.isKeepAlive);
  if (led.length > 0) panel.append(element('h3', 'Led to'));
  for (const { to } of led.slice(0, 12)) {
    const row = element('div');
    row.append(jump(to, lanes[events[to].lane] + ' '));
    panel.append(row);
  }
  if (event.lines.length === 0) return;
  panel.append(element('h3', 'In full'), element('pre', event.lines.join('\n')));
}

function filter(change) {
  const middle = placeAt(gutter + (view.width - gutter) / 2);
  const seen = shown[Math.min(shown.length - 1, firstShownAt(middle))] || 0;
  const near = selected >= 0 ? selected : seen;
  const share = view.scale * lastPlace();
  Object.assign(settings, change);
  arrange();
  view.scale = share / lastPlace();
  clampView();
  view.from = places[near] - (view.width - gutter) / 2 / view.scale;
  clampView();
  document.getElementById('shown').textContent = shown.length.toLocaleString('en-US') + ' of ' +
    total.toLocaleString('en-US') + ' events';
  redraw();
}

function centre() {
  return gutter + (view.width - gutter) / 2;
}

const keys = {
  ArrowRight: () => step(1, false),
  ArrowLeft: () => step(-1, false),
  ArrowDown: () => step(1, true),
  ArrowUp: () => step(-1, true),
  c: () => selected >= 0 && events[selected].cause >= 0 && select(events[selected].cause),
  v: () => violations.length > 0 && select(violations[0]),
  '+': () => zoom(1.4, selected >= 0 ? xOf(places[selected]) : centre()),
  '-': () => zoom(1 / 1.4, selected >= 0 ? xOf(places[selected]) : centre()),
  0: fit,
  Home: () => select(shown[0] ?? -1),
  End: () => select(shown[shown.length - 1] ?? -1),
  Escape: () => select(-1),
};
keys['='] = keys['+'];

document.addEventListener('keydown', (event) => {
  const act = keys[event.key];
  const isTyping = event.target instanceof HTMLSelectElement;
  if (act === undefined || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  act();
  redraw();
});

function nearest(x, y) {
  let best = -1;
  let bestAway = 14 * 14;
  for (let position = firstShownAt(placeAt(x - 14)); position < shown.length; position++) {
    const index = shown[position];
    const dx = xOf(places[index]) - x;
    if (dx > 14) break;
    if (events[index].lane < 0) continue;
    const dy = laneY(events[index].lane) - y;
    if (dx * dx + dy * dy < bestAway) [best, bestAway] = [index, dx * dx + dy * dy];
  }
  return best;
}

let drag = null;
chart.addEventListener('pointerdown', (event) => {
  drag = { x: event.offsetX, from: view.from, moved: false };
  chart.setPointerCapture(event.pointerId);
});
chart.addEventListener('pointermove', (event) => {
  if (drag === null) return;
  if (Math.abs(event.offsetX - drag.x) > 3) drag.moved = true;
  if (!drag.moved) return;
  chart.classList.add('dragging');
  view.from = drag.from - (event.offsetX - drag.x) / view.scale;
  clampView();
  redraw();
});
chart.addEventListener('pointerup', (event) => {
  chart.classList.remove('dragging');
  if (drag !== null && !drag.moved) {
    const bar = holds.find((hold) => isBarAt(hold, event.offsetX, event.offsetY));
    select(bar === undefined ? nearest(event.offsetX, event.offsetY) : bar.from);
  }
  drag = null;
});

function isBarAt(hold, x, y) {
  const row = rows.indexOf(hold.resource);
  if (row < 0 || Math.abs(rowY(row) - y) > 11) return false;
  return x >= xOf(places[hold.from]) && x <= xOf(places[hold.to]) && x > gutter;
}

chart.addEventListener('wheel', (event) => {
  const isAlong = Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey;
  if (!isAlong && !event.ctrlKey && chart.offsetHeight > view.height) return;
  event.preventDefault();
  if (isAlong) {
    view.from += (event.deltaX || event.deltaY) / view.scale;
    clampView();
  } else zoom(Math.exp(-event.deltaY * 0.002), event.offsetX);
  redraw();
}, { passive: false });

function jumpTo(event) {
  if (event.buttons !== 1) return;
  const span = (view.width - gutter) / view.scale;
  view.from = (event.offsetX / view.width) * lastPlace() - span / 2;
  clampView();
  redraw();
}
overview.addEventListener('pointerdown', jumpTo);
overview.addEventListener('pointermove', jumpTo);

function toggle(id, onChange) {
  const button = document.getElementById(id);
  button.addEventListener('click', () => {
    const isOn = button.getAttribute('aria-pressed') !== 'true';
    button.setAttribute('aria-pressed', String(isOn));
    onChange(isOn);
  });
}

function click(id, act) {
  document.getElementById(id).addEventListener('click', () => {
    act();
    redraw();
  });
}

function paint(isDark) {
  document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
  document.getElementById('dark').setAttribute('aria-pressed', String(isDark));
  readColours();
  redraw();
}

toggle('keepAlives', (isOn) => filter({ keepAlives: isOn }));
toggle('axis', (isOn) => filter({ axis: isOn ? 'time' : 'order' }));
toggle('dark', paint);
click('in', keys['+']);
click('out', keys['-']);
click('fit', fit);
document.getElementById('resource').addEventListener('change', (event) => {
  filter({ resource: Number(event.target.value) });
});
const why = document.getElementById('why');
if (violations.length > 0) {
  why.style.display = 'block';
  why.append(jump(violations[0], ''));
}
new ResizeObserver(() => {
  clampView();
  redraw();
}).observe(document.getElementById('scroll'));

readColours();
arrange();
paint(window.matchMedia('(prefers-color-scheme: dark)').matches);
drawAll();
filter({});
if (shown.length > 160) {
  view.scale = (view.width - gutter) / 120;
  const end = violations[0] ?? holds[0]?.from ?? 0;
  view.from = places[end] - (violations.length > 0 ? 100 : 30);
  clampView();
} else fit();
if (violations.length > 0) select(violations[0]);
tell();
drawAll();
/** When the page was first drawn, in milliseconds from when it began to load. */
requestAnimationFrame(() => setTimeout(() => {
  document.documentElement.dataset.openedMs = String(Math.round(performance.now()));
}, 0));
`;
