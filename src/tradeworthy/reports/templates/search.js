var by = function (id) { return document.getElementById(id); };
var named = function (values) { return values.map(String); };
function axis(more) { return Object.assign({ gridcolor: colour("--line"), zerolinecolor: colour("--quiet"), automargin: true }, more); }
function put(id, traces, layout) { Plotly.react(id, traces, layout, { displayModeBar: false, responsive: true }); }
function surface() {
  var layout = plain(data.by);
  if (data.line) {
    layout.xaxis = axis({ title: { text: data.line.x }, type: "category", nticks: small() ? 6 : 14 });
    layout.yaxis = axis({ zeroline: true });
    put("surface-plot", [{ x: named(data.line.xs), y: data.line.ys, type: "scatter", mode: "lines+markers", connectgaps: false, line: { color: colour("--blue") }, hovertemplate: data.line.x + " %{x}: %{y:.3g}<extra></extra>" }], layout);
    return;
  }
  var s = data.surface, flat = [].concat.apply([], s.z).filter(function (v) { return v !== null; });
  var most = Math.max.apply(null, flat.map(Math.abs)) || 1;
  var scale = [[0, colour("--bad")], [0.5, colour("--paper")], [1, colour("--blue")]];
  var heat = { x: named(s.xs), y: named(s.ys), z: s.z, type: "heatmap", zmin: -most, zmax: most, colorscale: scale, hoverongaps: false, xgap: s.xs.length < 60 ? 1 : 0, ygap: s.ys.length < 60 ? 1 : 0, colorbar: { thickness: 10, outlinewidth: 0 }, hovertemplate: s.x + " %{x}, " + s.y + " %{y}: %{z:.3g}<extra></extra>" };
  var mark = { x: [String(data.best[s.x])], y: [String(data.best[s.y])], type: "scatter", mode: "markers", marker: { symbol: "circle-open", size: 14, color: colour("--ink"), line: { width: 3 } }, hoverinfo: "skip" };
  layout.xaxis = axis({ title: { text: s.x }, type: "category", nticks: small() ? 6 : 16, showgrid: false });
  layout.yaxis = axis({ title: { text: s.y }, type: "category", nticks: 12, showgrid: false });
  put("surface-plot", [heat, mark], layout);
}
function spread() {
  var layout = plain("Sets by " + data.by), middles = data.counts.map(function (_, i) { return (data.edges[i] + data.edges[i + 1]) / 2; });
  layout.bargap = 0.04;
  layout.xaxis = axis({ zeroline: true });
  layout.yaxis = axis({});
  layout.shapes = [{ type: "line", x0: data.best_value, x1: data.best_value, yref: "paper", y0: 0, y1: 1, line: { color: colour("--ink"), dash: "dot" } }];
  layout.annotations = [{ x: data.best_value, y: 1, yref: "paper", yanchor: "bottom", showarrow: false, text: "best", xanchor: "right" }];
  put("spread-plot", [{ x: middles, y: data.counts, type: "bar", marker: { color: middles.map(function (v) { return v < 0 ? colour("--bad") : colour("--blue"); }) }, hovertemplate: "%{y} sets about %{x:.3g}<extra></extra>" }], layout);
}
var plots = { "surface-plot": surface, "spread-plot": spread };
var there = Object.keys(plots).filter(by);
function draw() { there.forEach(function (id) { plots[id](); }); }
if (!window.Plotly) {
  there.forEach(function (id) { by(id).textContent = "plotly.min.js is not beside this page, so this chart cannot be drawn; report.json holds the numbers."; });
} else {
  draw();
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
}
