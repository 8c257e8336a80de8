/* What the pages share: axes, and elements. */
const NS = "http://www.w3.org/2000/svg";
const L = 62, R = 14, T = 30, B = 46, W = 720, H = 480;

/* Drops are linear near zero and logarithmic beyond, costs logarithmic where they span much: as in asx plot. */
function scale(values, field, from, to, point) {
  let low = Infinity, high = -Infinity;
  for (const v of values) { low = Math.min(low, v); high = Math.max(high, v); }
  const kind = field === "drop" ? (high - low > 8 * point ? "asinh" : "linear") : low > 0 && high > 5 * low ? "log" : "linear";
  const f = {linear: v => v, asinh: v => Math.asinh(v / point), log: Math.log}[kind];
  const margin = 0.05 * (f(high) - f(low)) || 0.5, a = f(low) - margin, b = f(high) + margin;
  const at = v => from + (f(v) - a) / (b - a) * (to - from), ticks = [];
  const inside = v => (at(v) - from) * (at(v) - to) <= 0;
  if (kind === "linear") {
    const raw = (b - a) / 7, p = 10 ** Math.floor(Math.log10(raw)), r = raw / p, step = p * (r <= 1 ? 1 : r <= 2 ? 2 : r <= 5 ? 5 : 10);
    for (let k = Math.ceil(a / step); k * step <= b; k++) ticks.push(k * step);
  } else {
    const least = Math.floor(Math.log10(point)), all = kind === "asinh" ? [-5, -2, -1, 0].map(k => k * 10 ** least) : [];
    for (let p = kind === "asinh" ? least : -6; p < 12; p++) for (const k of kind === "log" && high < 15 * low ? [1, 1.5, 2, 3, 4, 5, 6, 8] : [1, 2, 5]) all.push(k * 10 ** p);
    for (const v of all) if (inside(v) && !ticks.some(t => Math.abs(at(t) - at(v)) < 26)) ticks.push(v);
  }
  const undo = {linear: v => v, asinh: v => point * Math.sinh(v), log: Math.exp}[kind];
  return {at, ticks, inside, back: p => undo(a + (p - from) / (to - from) * (b - a))};
}
const node = (tag, attributes, text, parent) => {
  const e = document.createElementNS(NS, tag);
  for (const k in attributes) e.setAttribute(k, attributes[k]);
  if (text !== undefined) e.textContent = text;
  if (parent) parent.appendChild(e);
  return e;
};
/* Lines and numbers of two scales, and what they are. */
function axes(svg, X, Y, x, y) {
  for (const t of X.ticks) { node("line", {x1: X.at(t), x2: X.at(t), y1: T, y2: H - B, class: "grid"}, undefined, svg); node("text", {x: X.at(t), y: H - B + 16, "text-anchor": "middle"}, Number(t.toPrecision(6)), svg); }
  for (const t of Y.ticks) { node("line", {x1: L, x2: W - R, y1: Y.at(t), y2: Y.at(t), class: "grid"}, undefined, svg); node("text", {x: L - 6, y: Y.at(t) + 4, "text-anchor": "end"}, Number(t.toPrecision(6)), svg); }
  node("text", {x: (L + W - R) / 2, y: H - 8, "text-anchor": "middle"}, x, svg);
  node("text", {x: 14, y: (T + H - B) / 2, "text-anchor": "middle", transform: `rotate(-90 14 ${(T + H - B) / 2})`}, y, svg);
}
const cell = (row, text, number, tag) => {
  const e = document.createElement(tag || "td");
  e.textContent = text === null || text === undefined ? "" : text;
  if (number) e.className = "n";
  row.appendChild(e);
  return e;
};
const add = (parent, tag, text) => { const e = document.createElement(tag); if (text) e.textContent = text; parent.appendChild(e); return e; };
