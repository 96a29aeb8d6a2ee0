/**
 * The third part of the script of the page, as text: arrows, events, what is selected, the names of
 * the lanes, and the overview above them.
 */

export const drawEvents: string = `
function drawMessages(context) {
  const chosen = new Set();
  if (selected >= 0) {
    if (incoming.has(selected)) chosen.add(incoming.get(selected));
    for (const message of outgoing.get(selected) || []) chosen.add(message);
  }
  const visible = messages.filter((message) => {
    if (message.isKeepAlive ? !settings.keepAlives || settings.resource >= 0 : !isAbout(message)) {
      return chosen.has(message);
    }
    return xOf(places[message.to]) >= gutter && xOf(places[message.from]) <= view.width;
  });
  context.lineWidth = visible.length > 1500 ? 0.5 : 1;
  context.globalAlpha = Math.max(0.12, Math.min(0.9, 600 / visible.length));
  context.strokeStyle = colours.arrow;
  context.beginPath();
  for (const message of visible) line(context, message);
  context.stroke();
  context.globalAlpha = 1;
  if (visible.length < 400) for (const message of visible) head(context, message, colours.arrow);
  if (view.scale >= 26 || (settings.axis === 'time' && visible.length < 60)) {
    labelMessages(context, visible);
  }
  context.lineWidth = 2;
  context.strokeStyle = colours.accent;
  context.beginPath();
  for (const message of chosen) line(context, message);
  context.stroke();
  for (const message of chosen) head(context, message, colours.accent);
}

function line(context, { from, to }) {
  context.moveTo(xOf(places[from]), laneY(events[from].lane));
  context.lineTo(xOf(places[to]), laneY(events[to].lane));
}

function head(context, { from, to }, colour) {
  const [x, y] = [xOf(places[to]), laneY(events[to].lane)];
  const angle = Math.atan2(y - laneY(events[from].lane), x - xOf(places[from]));
  context.save();
  context.translate(x, y);
  context.rotate(angle);
  context.fillStyle = colour;
  context.beginPath();
  context.moveTo(-5, 0);
  context.lineTo(-13, -4);
  context.lineTo(-13, 4);
  context.fill();
  context.restore();
}

/** Beside each arrow, near where it arrives, unless another stands there. */
function labelMessages(context, visible) {
  context.font = '10.5px system-ui, sans-serif';
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  const taken = [];
  for (const { from, to, label } of visible) {
    const x = xOf(places[from]) * 0.45 + xOf(places[to]) * 0.55;
    const y = laneY(events[from].lane) * 0.45 + laneY(events[to].lane) * 0.55;
    const width = context.measureText(label).width + 8;
    const isFree = taken.every(([left, top, wide]) => {
      return Math.abs(left - x) > (wide + width) / 2 || Math.abs(top - y) > 14;
    });
    if (!isFree || x < gutter) continue;
    taken.push([x, y, width]);
    context.fillStyle = colours.paper;
    context.globalAlpha = 0.88;
    context.fillRect(x - width / 2, y - 7, width, 14);
    context.globalAlpha = 1;
    context.fillStyle = colours.soft;
    context.fillText(label, x, y + 0.5);
  }
}

const strong = new Set(['call', 'granted', 'failed', 'lost', 'life']);

function drawEvents(context) {
  const start = firstShownAt(placeAt(gutter - 10));
  const radius = Math.max(1.5, Math.min(5, view.scale * 0.4 + 1));
  const ends = new Array(lanes.length).fill(Number.NEGATIVE_INFINITY);
  for (let position = start; position < shown.length; position++) {
    const index = shown[position];
    const event = events[index];
    const x = xOf(places[index]);
    if (x > view.width + 10) break;
    if (event.lane < 0) continue;
    const kind = kinds[event.kind];
    const y = laneY(event.lane);
    const size = strong.has(kind) ? radius + 1.5 : radius;
    context.fillStyle = colours[kind];
    context.beginPath();
    if (kind === 'life') context.rect(x - size, y - size, 2 * size, 2 * size);
    else context.arc(x, y, size, 0, 2 * Math.PI);
    context.fill();
    if (!strong.has(kind) || view.scale < 3) continue;
    ends[event.lane] = drawTitle(context, { event, kind, x, y, free: ends[event.lane] });
  }
  if (selected >= 0 && events[selected].lane >= 0) ring(context, selected);
}

/** Above the lane, where there is room. @returns where it ends */
function drawTitle(context, { event, kind, x, y, free }) {
  context.font = '500 11px system-ui, sans-serif';
  const text = event.title.length > 44 ? event.title.slice(0, 43) + '…' : event.title;
  const width = context.measureText(text).width;
  if (x - 4 < free) return free;
  context.textAlign = 'left';
  context.textBaseline = 'bottom';
  context.fillStyle = colours.paper;
  context.globalAlpha = 0.8;
  context.fillRect(x - 6, y - 23, width + 4, 14);
  context.globalAlpha = 1;
  context.fillStyle = colours[kind];
  context.fillText(text, x - 4, y - 10);
  return x + width + 8;
}

function ring(context, index) {
  context.strokeStyle = colours.accent;
  context.lineWidth = 2.5;
  context.beginPath();
  context.arc(xOf(places[index]), laneY(events[index].lane), 9, 0, 2 * Math.PI);
  context.stroke();
}

function drawViolations(context, height) {
  for (const index of violations) {
    const x = xOf(places[index]);
    if (x < gutter || x > view.width) continue;
    context.strokeStyle = colours.violation;
    context.lineWidth = 2;
    context.beginPath();
    context.moveTo(x, axisHeight);
    context.lineTo(x, height);
    context.stroke();
    const text = events[index].title.split(':')[0];
    context.font = '600 11px system-ui, sans-serif';
    const width = context.measureText(text).width + 12;
    const left = Math.min(x, view.width - width);
    context.fillStyle = colours.violation;
    context.fillRect(left, axisHeight - 2, width, 18);
    context.fillStyle = colours.paper;
    context.textAlign = 'left';
    context.textBaseline = 'middle';
    context.fillText(text, left + 6, axisHeight + 7.5);
  }
}

function drawGutter(context, height) {
  context.fillStyle = colours.panel;
  context.fillRect(0, 0, gutter, height);
  context.fillStyle = colours.line;
  context.fillRect(gutter - 1, 0, 1, height);
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  context.font = '600 13px system-ui, sans-serif';
  for (let lane = 0; lane < lanes.length; lane++) {
    const y = laneY(lane);
    context.fillStyle = colours.ink;
    context.fillText(cut(lanes[lane], 9), gutter - 14, y);
    context.fillStyle = colours['h' + (lane % 8)];
    context.fillRect(gutter - 7, y - 10, 4, 20);
  }
  context.fillStyle = colours.soft;
  context.font = '11px system-ui, sans-serif';
  if (rows.length > 0) context.fillText('held by', gutter - 10, rowY(0) - 20);
  context.font = '12px system-ui, sans-serif';
  context.fillStyle = colours.ink;
  rows.forEach((resource, row) => {
    context.fillText(cut(resources[resource], 12), gutter - 10, rowY(row));
  });
}

function cut(text, most) {
  return text.length > most ? text.slice(0, most - 1) + '…' : text;
}

/** Who held what along all of the trace, what came of calls, and where the window is. */
function drawOverview() {
  const [width, height] = [view.width, 46];
  const context = resize(overview, width, height);
  context.fillStyle = colours.panel;
  context.fillRect(0, 0, width, height);
  const xIn = (place) => (place / lastPlace()) * width;
  context.fillStyle = colours.fault;
  for (const { from, to } of faults.filter((fault) => fault.lanes.length > 0)) {
    const left = xIn(places[from]);
    context.fillRect(left, 0, Math.max(1, xIn(places[to]) - left), 3);
  }
  for (const hold of holds) {
    const row = rows.indexOf(hold.resource);
    if (row < 0 || row > 3) continue;
    const left = xIn(places[hold.from]);
    context.fillStyle = colours['h' + (hold.lane % 8)];
    context.fillRect(left, 6 + row * 6, Math.max(1, xIn(places[hold.to]) - left), 4);
  }
  for (const index of shown) {
    const kind = kinds[events[index].kind];
    if (!strong.has(kind)) continue;
    context.fillStyle = colours[kind];
    context.fillRect(xIn(places[index]), height - 12, 1.5, 8);
  }
  context.fillStyle = colours.violation;
  for (const index of violations) {
    context.fillRect(Math.min(width - 3, xIn(places[index])), 0, 3, height);
  }
  const left = Math.max(1, xIn(placeAt(gutter)));
  const right = Math.min(width - 1, xIn(placeAt(width)));
  context.strokeStyle = colours.accent;
  context.lineWidth = 2;
  context.strokeRect(left, 1, right - left, height - 2);
}
`;
