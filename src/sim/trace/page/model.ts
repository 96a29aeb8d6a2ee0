/**
 * The first part of the script of the page, as text: what is drawn, which of it is shown, and where
 * it stands. It runs in the browser, with nothing but the page's own data.
 *
 * A place is a number on the axis: the rank of an event among those shown, or its time. The window
 * is from place `view.from` on, `view.scale` pixels for each.
 */

export const model: string = `
'use strict';
const data = JSON.parse(document.getElementById('data').textContent);
const { lanes, resources, events, messages, holds, faults } = data;
const total = events.length;
const kinds = data.kinds;
const settings = { resource: -1, keepAlives: false, axis: 'order' };
const view = { from: 0, scale: 10, width: 800, height: 600 };
let selected = -1;
let shown = [];
let places = new Float64Array(total);
const incoming = new Map(messages.map((message) => [message.to, message]));
const outgoing = new Map();
for (const message of messages) {
  if (!outgoing.has(message.from)) outgoing.set(message.from, []);
  outgoing.get(message.from).push(message);
}
const violations = [...events.keys()].filter((index) => {
  return kinds[events[index].kind] === 'violation';
});

/** Events of the world and of processes are about every resource. */
function isAbout(item) {
  return settings.resource < 0 || item.resources.includes(settings.resource);
}

function isShown(event) {
  const kind = kinds[event.kind];
  if (kind === 'violation' || kind === 'fault') return true;
  if (kind === 'quiet') return settings.keepAlives && settings.resource < 0;
  return kind === 'life' || isAbout(event);
}

/** Which events are shown, and where all of them stand. */
function arrange() {
  shown = [];
  let rank = 0;
  for (let index = 0; index < total; index++) {
    const event = events[index];
    const isIn = isShown(event);
    if (isIn) shown.push(index);
    places[index] = settings.axis === 'time' ? event.at : rank;
    if (isIn) rank += 1;
  }
}

function lastPlace() {
  return total === 0 ? 1 : Math.max(1e-3, places[total - 1]);
}

function xOf(place) {
  return gutter + (place - view.from) * view.scale;
}

function placeAt(x) {
  return view.from + (x - gutter) / view.scale;
}

/** The position in shown of the first event at or after a place. */
function firstShownAt(place) {
  let low = 0;
  let high = shown.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (places[shown[middle]] < place) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The position in shown of an event, or of the next that is shown. */
function positionOf(index) {
  let low = 0;
  let high = shown.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (shown[middle] < index) low = middle + 1;
    else high = middle;
  }
  return low;
}

function clampView() {
  const room = view.width - gutter - 24;
  const last = lastPlace();
  const least = room / (last * 1.02 + 1e-9);
  const most = settings.axis === 'time' ? 4000 : 160;
  view.scale = Math.min(Math.max(view.scale, Math.min(least, most)), most);
  const span = room / view.scale;
  view.from = Math.max(-0.5 * 24 / view.scale, Math.min(view.from, last - span * 0.9));
  if (last <= span) view.from = -24 / view.scale;
}

function fit() {
  view.scale = (view.width - gutter - 48) / lastPlace();
  view.from = -24 / view.scale;
  clampView();
}

/** Keeps what stands at x where it is. */
function zoom(factor, x) {
  const place = placeAt(x);
  view.scale *= factor;
  clampView();
  view.from = place - (x - gutter) / view.scale;
  clampView();
}

function show(index) {
  const x = xOf(places[index]);
  const margin = Math.min(160, (view.width - gutter) / 4);
  if (x < gutter + margin || x > view.width - margin) {
    view.from = places[index] - (view.width - gutter) / 2 / view.scale;
    clampView();
  }
}

function formatMs(ms) {
  if (ms >= 10000) return (ms / 1000).toFixed(3) + ' s';
  return (Math.round(ms * 1000) / 1000).toLocaleString('en-US') + ' ms';
}
`;
