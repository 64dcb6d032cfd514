(function () {
  "use strict";
  {% include "chart_parts.js" %}
  {% include "plots.js" %}
  var s = data.surface, all = [s.z].concat(s.panels.map(function (one) { return one.z; }));
  var flat = [].concat.apply([], [].concat.apply([], all)).filter(function (v) { return v !== null; });
  function range() {
    var far = flat.map(function (v) { return Math.abs(v - (data.centre || 0)); }).sort(function (a, b) { return a - b; });
    if (data.centre === null) { return [Math.min.apply(null, flat), Math.max.apply(null, flat)]; }
    var most = far[Math.floor(0.98 * (far.length - 1))] || far[far.length - 1] || 1;
    return [data.centre - most, data.centre + most];
  }
  function scale() {
    var paper = colour("--paper"), blue = colour("--blue");
    return data.centre === null ? [[0, paper], [1, blue]] : [[0, colour("--bad")], [0.5, paper], [1, blue]];
  }
  function spaced(name, values, most) {
    var every = Math.ceil(values.length / most);
    return axis({ title: { text: name }, type: "category", tickvals: values.filter(function (_, i) { return i % every === 0; }), showgrid: false, zeroline: false, ticks: "" });
  }
  function empties(z) {
    var none = { x: [], y: [], type: "scatter", mode: "markers", marker: { symbol: "x-thin", size: 6, line: { width: 1, color: colour("--quiet") } }, hovertemplate: s.x + " %{x}, " + s.y + " %{y}: no set<extra></extra>" };
    if (s.xs.length * s.ys.length > 1500) { return none; }
    z.forEach(function (row, j) { row.forEach(function (v, i) { if (v === null) { none.x.push(s.xs[i]); none.y.push(s.ys[j]); } }); });
    return none;
  }
  function ring(size) {
    return { x: [s.xs[s.best[0]]], y: [s.ys[s.best[1]]], type: "scatter", mode: "markers", marker: { symbol: "square-open", size: size, color: colour("--ink"), line: { width: 2.5 } }, hovertemplate: "the best set: " + data.best_words + "<extra></extra>" };
  }
  function map(box, title, z, big, marked) {
    var layout = plain(title), ends = range(), wide = s.xs.length, high = s.ys.length, room = box.clientWidth - (big ? 110 : 60);
    var cell = Math.min(room / wide, (big ? 370 : 170) / high), gap = cell > 6 ? 1 : 0;
    var written = room / wide > 44 && wide * high <= 400 && (big ? 380 : 170) / high > 15;
    var heat = { x: s.xs, y: s.ys, z: z, type: "heatmap", zmin: ends[0], zmax: ends[1], colorscale: scale(), hoverongaps: false, xgap: gap, ygap: gap, showscale: big, colorbar: { thickness: 10, outlinewidth: 0 }, texttemplate: written ? "%{z:." + data.digits + "}" : "", hovertemplate: s.x + " %{x}, " + s.y + " %{y}: %{z:.3g}<extra></extra>" };
    layout.xaxis = spaced(s.x, s.xs, Math.max(2, Math.floor(room / (big ? 56 : 44))));
    layout.yaxis = spaced(s.y, s.ys, big ? 12 : 6);
    layout.xaxis.range = [-0.5, wide - 0.5]; layout.yaxis.range = [-0.5, high - 0.5];
    if (!big) { layout.margin.t = 26; layout.title.font.size = 12; }
    put(box, [heat, empties(z)].concat(marked ? [ring(Math.max(8, Math.min(44, 0.92 * cell)))] : []), layout);
  }
  function surface(box) {
    if (s.y !== null) { map(box, s.title, s.z, true, true); return; }
    var layout = plain(data.by);
    layout.xaxis = spaced(s.x, s.xs, small() ? 5 : 14);
    layout.yaxis = axis({});
    layout.shapes = data.centre ? [{ type: "line", xref: "paper", x0: 0, x1: 1, y0: data.centre, y1: data.centre, line: { width: 1, dash: "dot", color: colour("--ink") } }] : [];
    put(box, [
      { x: s.xs, y: s.z[0], type: "scatter", mode: s.xs.length > 120 ? "lines" : "lines+markers", connectgaps: false, line: { width: 1.6, color: colour("--blue") }, hovertemplate: s.x + " %{x}: %{y:.3g}<extra></extra>" },
      { x: [s.xs[s.best[0]]], y: [data.best], type: "scatter", mode: "markers", marker: { symbol: "square-open", size: 15, color: colour("--ink"), line: { width: 2.5 } }, hovertemplate: "the best set: " + data.best_words + "<extra></extra>" }
    ], layout);
  }
  function panels(box) {
    s.panels.forEach(function (one, i) {
      if (!box.children[i]) { box.appendChild(document.createElement("div")).className = "chart"; }
      map(box.children[i], one.name, one.z, false, i === s.best_panel);
    });
  }
  function upright(at, dash) { return { type: "line", x0: at, x1: at, yref: "paper", y0: 0, y1: 1, line: { width: 1.5, color: colour("--ink"), dash: dash } }; }
  function spread(box) {
    var layout = plain(""), middles = data.counts.map(function (_, i) { return (data.edges[i] + data.edges[i + 1]) / 2; });
    var note = function (at, text, side) { return { x: at, y: 1, yref: "paper", yanchor: "bottom", showarrow: false, text: text, xanchor: side }; };
    var colours = middles.map(function (v) { return colour(data.centre !== null && v < data.centre ? "--bad" : "--blue"); });
    var words = middles.map(function (_, i) { return data.edges[i].toPrecision(3) * 1 + " to " + data.edges[i + 1].toPrecision(3) * 1 + ": " + data.counts[i] + (data.counts[i] === 1 ? " set" : " sets"); });
    layout.bargap = 0.04;
    layout.xaxis = axis({ title: { text: data.by } });
    layout.yaxis = axis({ title: { text: "sets" }, dtick: Math.max.apply(null, data.counts) <= 5 ? 1 : undefined });
    layout.shapes = [upright(data.best, "solid"), upright(data.median, "dot")];
    layout.annotations = [note(data.best, "best", "right"), note(data.median, "median", "center")];
    put(box, [{ x: middles, y: data.counts, type: "bar", marker: { color: colours }, hovertext: words, hoverinfo: "text" }], layout);
  }
  drawAll({ "surface-plot": surface, "panels-plot": panels, "spread-plot": spread }, "the numbers");
}());
