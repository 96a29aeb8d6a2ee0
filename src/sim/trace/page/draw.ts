/**
 * The second part of the script of the page, as text: puts the present window on the canvas. What
 * lies outside of it is not gone through.
 */

export const draw: string = `
const gutter = 96;
const axisHeight = 26;
const chart = document.getElementById('chart');
const overview = document.getElementById('overview');
const chartContext = chart.getContext('2d');
const overviewContext = overview.getContext('2d');
let colours = {};
let rows = [];

function readColours() {
  const computed = getComputedStyle(document.documentElement);
  const names = ['paper', 'panel', 'line', 'lane', 'band', 'ink', 'soft', 'faint', 'accent'];
  names.push('call', 'granted', 'failed', 'lost', 'heard', 'sent', 'life', 'link', 'arrow');
  names.push('fault', 'violation', 'h0', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'h7', 'bar');
  colours = {};
  for (const name of names) colours[name] = computed.getPropertyValue('--' + name).trim();
  colours.other = colours.heard;
  colours.quiet = colours.faint;
}

function laneGap() {
  const room = view.height - axisHeight - 62 - Math.min(rows.length, 6) * 26;
  return Math.max(46, Math.min(120, room / Math.max(1, lanes.length)));
}

function laneY(lane) {
  return axisHeight + laneGap() * (lane + 0.5) + 8;
}

function rowY(row) {
  return axisHeight + laneGap() * lanes.length + 46 + row * 26;
}

function resize(canvas, width, height) {
  const ratio = window.devicePixelRatio || 1;
  const wanted = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== wanted[0]) canvas.width = wanted[0];
  if (canvas.height !== wanted[1]) canvas.height = wanted[1];
  canvas.style.height = height + 'px';
  const context = canvas.getContext('2d');
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}

function drawAll() {
  const box = document.getElementById('scroll');
  view.width = box.clientWidth;
  view.height = box.clientHeight;
  const held = new Set(holds.filter(isAboutHold).map((hold) => hold.resource));
  rows = [...held].sort((one, other) => one - other);
  const height = Math.max(view.height, rowY(rows.length) + 14);
  const context = resize(chart, view.width, height);
  context.fillStyle = colours.paper;
  context.fillRect(0, 0, view.width, height);
  drawBands(context, height);
  drawAxis(context, height);
  drawFaults(context);
  drawLanes(context);
  drawHolds(context);
  drawMessages(context);
  drawEvents(context);
  drawViolations(context, height);
  drawGutter(context, height);
  drawOverview();
}

function isAboutHold(hold) {
  return settings.resource < 0 || hold.resource === settings.resource;
}

function drawBands(context, height) {
  context.fillStyle = colours.band;
  for (let lane = 0; lane < lanes.length; lane += 2) {
    context.fillRect(0, laneY(lane) - laneGap() / 2, view.width, laneGap());
  }
  context.fillStyle = colours.panel;
  const top = rowY(0) - 22;
  if (rows.length > 0) context.fillRect(0, top, view.width, height - top);
}

function drawAxis(context, height) {
  context.font = '11px system-ui, sans-serif';
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillStyle = colours.soft;
  context.strokeStyle = colours.line;
  context.lineWidth = 1;
  const step = 130 / view.scale;
  const first = Math.floor(placeAt(gutter) / step);
  for (let tick = first; xOf(tick * step) < view.width; tick++) {
    const place = tick * step;
    const position = Math.min(shown.length - 1, firstShownAt(place));
    if (place < 0 || position < 0) continue;
    const at = settings.axis === 'time' ? place : events[shown[position]].at;
    const x = settings.axis === 'time' ? xOf(place) : xOf(places[shown[position]]);
    if (place > lastPlace() || x < gutter) continue;
    context.fillText(formatMs(at), Math.max(gutter + 26, x), axisHeight / 2);
    context.beginPath();
    context.moveTo(x, axisHeight - 5);
    context.lineTo(x, height);
    context.globalAlpha = 0.45;
    context.stroke();
    context.globalAlpha = 1;
  }
}

/** On the lanes that they befall; what befalls none of them is marked on the axis. */
function drawFaults(context) {
  const free = lanes.map(() => Number.NEGATIVE_INFINITY);
  for (const fault of faults) {
    const left = Math.max(gutter, xOf(places[fault.from]));
    const right = Math.max(left + 3, xOf(places[fault.to]));
    if (right < gutter || left > view.width) continue;
    context.fillStyle = colours.fault;
    if (fault.lanes.length === 0) context.fillRect(left, axisHeight - 3, right - left, 3);
    for (const lane of fault.lanes) {
      const top = laneY(lane) - laneGap() / 2 + 2;
      context.globalAlpha = 0.16;
      context.fillRect(left, top, right - left, laneGap() - 4);
      context.globalAlpha = 1;
      context.fillRect(left, top, right - left, 2);
    }
    const first = Math.min(...fault.lanes);
    if (right - left < 60 || free[first] > left) continue;
    free[first] = drawFaultName(context, { fault, left, right, lane: first });
  }
}

/** @returns where it ends */
function drawFaultName(context, { fault, left, right, lane }) {
  const top = laneY(lane) - laneGap() / 2;
  context.save();
  context.beginPath();
  context.rect(left, top, right - left - 4, laneGap());
  context.clip();
  context.font = '11px system-ui, sans-serif';
  context.textAlign = 'left';
  context.textBaseline = 'top';
  context.fillStyle = colours.ink;
  context.fillText(fault.what, left + 5, top + 7);
  const end = left + 15 + context.measureText(fault.what).width;
  context.restore();
  return end;
}

function drawLanes(context) {
  context.lineWidth = 1.5;
  context.strokeStyle = colours.lane;
  context.beginPath();
  for (let lane = 0; lane < lanes.length; lane++) {
    context.moveTo(gutter, laneY(lane));
    context.lineTo(view.width, laneY(lane));
  }
  context.stroke();
}

function drawHolds(context) {
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.font = '600 11px system-ui, sans-serif';
  for (const hold of holds) {
    const row = rows.indexOf(hold.resource);
    if (row < 0) continue;
    const left = Math.max(gutter, xOf(places[hold.from]));
    const right = Math.min(view.width, Math.max(left + 2, xOf(places[hold.to])));
    if (right < gutter || left > view.width) continue;
    const others = holds.length < 2000 ? overlapsOf(hold) : 0;
    const top = rowY(row) - 9 + others * 4;
    context.fillStyle = colours['h' + (hold.lane % 8)];
    context.beginPath();
    context.roundRect(left, top, right - left, 18, 3);
    context.fill();
    if (others > 0) {
      context.lineWidth = 1.5;
      context.strokeStyle = hold.mode === 'shared' ? colours.paper : colours.violation;
      context.stroke();
    }
    if (right - left < 26) continue;
    context.save();
    context.beginPath();
    context.rect(left, top, right - left - 4, 18);
    context.clip();
    context.fillStyle = colours.bar;
    const mode = hold.mode === 'shared' ? ' shared' : '';
    const end = hold.end === 'released' ? '' : ' · ' + hold.end;
    context.fillText(lanes[hold.lane] + mode + ' · ' + hold.token + end, left + 6, top + 9.5);
    context.restore();
  }
}

/** How many holders of the same resource it came upon. */
function overlapsOf(hold) {
  let count = 0;
  for (const other of holds) {
    if (other.resource !== hold.resource || other === hold) continue;
    if (other.from < hold.from && other.to > hold.from) count += 1;
  }
  return Math.min(count, 2);
}
`;
