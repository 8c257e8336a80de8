/* ---- runs of bespoke classifiers ---- */

const interval = (v, low, high, n) => `${v.toFixed(n)} (${low.toFixed(n)} \u2026 ${high.toFixed(n)})`;
const isExact = (run, d) => d === run.designs[0];
const digits = v => Number(v.toPrecision(3)).toString();
function wiredTitle(run, d) {
  return `${isExact(run, d) ? "exact" : "#" + run.designs.indexOf(d)}: ${digits(d.area_cm2)} cm\u00b2, ${digits(d.power_mw)} mW\naccuracy on unseen rows ${interval(d.accuracy, d.accuracy_low, d.accuracy_high, 2)} %`;
}
/* A design on unseen rows, with what lies within 95 %; the exact one is a triangle. */
function wiredMark(svg, run, d, X, Y) {
  const x = X.at(d.area_cm2), y = Y.at(d.drop), of = d.smallest_at.length ? "#d55e00" : "#0072b2";
  if (!isExact(run, d)) node("line", {x1: x, x2: x, y1: Y.at(d.drop_low), y2: Y.at(d.drop_high), stroke: of, "stroke-opacity": 0.5}, undefined, svg);
  const mark = isExact(run, d) ? node("path", {d: `M${x - 6},${y + 5}h12l-6,-11z`}, undefined, svg) : node("circle", {cx: x, cy: y, r: d.smallest_at.length ? 5 : 3, fill: of}, undefined, svg);
  node("title", {}, wiredTitle(run, d), mark);
}
/* Points lost over area: as steps where designs were chosen, as points where they are reported. No area has no place here. */
function wiredPlot(run, out) {
  const svg = node("svg", {viewBox: `0 0 ${W} ${H}`, class: "wired", role: "img", "aria-label": "points lost over area"}, undefined, out);
  const shown = run.designs.filter(d => d.area_cm2 > 0), front = shown.filter(d => !isExact(run, d));
  if (!shown.length) { node("text", {x: 270, y: 220}, "no design has a circuit", svg); return; }
  const X = scale(shown.map(d => d.area_cm2), "area_cm2", L, W - R, 1);
  const Y = scale(shown.flatMap(d => isExact(run, d) ? [d.drop] : [d.lost, d.drop_low, d.drop_high]), "drop", H - B, T, 1);
  axes(svg, X, Y, "area (cm\u00b2)", "accuracy lost (points)");
  let path = "";
  front.forEach((d, i) => { path += i ? `L${X.at(d.area_cm2)},${Y.at(front[i - 1].lost)}L${X.at(d.area_cm2)},${Y.at(d.lost)}` : `M${X.at(d.area_cm2)},${Y.at(d.lost)}`; });
  node("path", {d: path, fill: "none", stroke: "#666"}, undefined, svg);
  for (const d of shown) wiredMark(svg, run, d, X, Y);
}
function wiredTable(run, out) {
  const box = add(out, "div"), table = add(box, "table"), h = table.createTHead().insertRow(), body = table.createTBody();
  box.className = "scroll"; box.tabIndex = 0; table.className = "wired-front";
  for (const t of ["#", "area, cm\u00b2", "power, mW", "runs from", "delay, ms", "right of unseen, % (95 %)", "points lost there (95 %)", "where chosen", "smallest at"]) cell(h, t, ["#", "runs from", "smallest at"].indexOf(t) < 0, "th");
  run.designs.forEach((d, i) => {
    const r = body.insertRow();
    cell(r, i || "exact");
    for (const v of [digits(d.area_cm2), digits(d.power_mw)]) cell(r, v, true);
    cell(r, d.source);
    cell(r, digits(d.delay_ms), true);
    cell(r, interval(d.accuracy, d.accuracy_low, d.accuracy_high, 2), true);
    cell(r, i ? interval(d.drop, d.drop_low, d.drop_high, 2) : "", true);
    cell(r, i ? d.lost.toFixed(2) : "", true);
    cell(r, d.smallest_at.map(k => k + (k === 1 ? " point" : " points")).join(", "));
  });
}
function bespoke(out, runs) {
  for (const run of runs) {
    const part = add(out, "section"), n = run.designs.length - 1;
    add(part, "h2", `Wired classifiers, run ${run.id}`);
    add(part, "div", `${run.evaluated} designs looked at, ${n} on the front; ${run.features} features, ${run.classes} classes; ${run.rows[0]} rows to learn from, ${run.rows[1]} to choose by, ${run.rows[2]} unseen to report on; cells of ${run.technology}; finished ${run.finished}`).className = "grey";
    wiredPlot(run, part);
    add(part, "div", "Points lost against the exact classifier (triangle): the line on the rows that designs were chosen by, dots on unseen rows with their 95 %; orange is the smallest that loses at most 1, 2 or 5 points.").className = "grey";
    wiredTable(run, part);
    add(part, "pre", run.about);
  }
}

