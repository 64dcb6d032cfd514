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
    return [data.least === null ? data.centre - most : Math.max(data.least, data.centre - most), data.centre + most];
  }
  function scale(ends) {
    var paper = colour("--paper"), blue = colour("--blue");
    return data.centre === null ? [[0, paper], [1, blue]] : [[0, colour("--bad")], [(data.centre - ends[0]) / (ends[1] - ends[0]), paper], [1, blue]];
  }
  function brief(value) { return small() ? value.split(" to ")[0] : value; }
  function longest(words) { return Math.max.apply(null, words.map(function (one) { return brief(one).length; })); }
  function spaced(name, values, most) {
    var every = Math.ceil(values.length / Math.max(2, Math.floor(most)));
    var shown = values.filter(function (_, i) { return i % every === 0; });
    return axis({ title: { text: name }, type: "category", tickvals: shown, ticktext: shown.map(brief), showgrid: false, zeroline: false, ticks: "" });
  }
  function empties(z, gap) {
    var grey = colour("--empty"), none = z.map(function (row) { return row.map(function (v) { return v === null ? 1 : null; }); });
    return { x: s.xs, y: s.ys, z: none, type: "heatmap", zmin: 0, zmax: 1, colorscale: [[0, grey], [1, grey]], showscale: false, hoverongaps: false, xgap: gap, ygap: gap, hovertemplate: s.x + " %{x}, " + s.y + " %{y}: no set<extra></extra>" };
  }
  function ring(size, value) {
    return {
      x: [s.xs[s.best[0]]], y: s.y === null ? [data.best] : [s.ys[s.best[1]]], customdata: [value], type: "scatter", mode: "markers",
      marker: { symbol: "square-open", size: Math.max(8, Math.min(44, size)), color: colour("--ink"), line: { width: 2.5 } },
      hovertemplate: "the best set: " + data.best_words + (value === null ? "" : "<br>its cell: %{customdata:" + data.exactly + "}") + "<extra></extra>"
    };
  }
  function frame(cell) {
    return { type: "rect", x0: s.best[0] - 0.5, x1: s.best[0] + 0.5, y0: s.best[1] - 0.5, y1: s.best[1] + 0.5, line: { width: cell > 16 ? 3 : 2, color: colour("--ink") } };
  }
  function map(box, title, z, big, marked) {
    var layout = plain(title), ends = range(), wide = s.xs.length, high = s.ys.length, narrow = small();
    var room = box.clientWidth - (big && !narrow ? 110 : 60), tall = big ? (narrow ? 220 : 370) : 170;
    var cell = Math.min(room / wide, tall / high), gap = cell > 6 ? 1 : 0, written = room / wide > 44 && wide * high <= 400 && tall / high > 15;
    var bar = narrow ? { orientation: "h", x: 0.5, y: -0.24, yanchor: "top" } : {};
    var heat = {
      x: s.xs, y: s.ys, z: z, type: "heatmap", zmin: ends[0], zmax: ends[1], colorscale: scale(ends), hoverongaps: false, xgap: gap, ygap: gap,
      showscale: big, colorbar: Object.assign({ thickness: 10, outlinewidth: 0, tickformat: data.ticks }, bar),
      texttemplate: written ? "%{z:" + data.digits + "}" : "", hovertemplate: s.x + " %{x}, " + s.y + " %{y}: %{z:" + data.exactly + "}<extra></extra>"
    };
    var traces = [heat, empties(z, gap)], value = z[s.best[1]][s.best[0]];
    layout.xaxis = spaced(s.x, s.xs, room / (longest(s.xs) * 7 + (big ? 30 : 24)));
    layout.yaxis = spaced(s.y, s.ys, big ? 12 : 6);
    layout.xaxis.range = [-0.5, wide - 0.5]; layout.yaxis.range = [-0.5, high - 0.5];
    if (!big) { layout.margin.t = 26; layout.title.font.size = 12; }
    if (marked) {
      traces.push(Object.assign(ring(cell, Math.abs(value - data.best) <= 0.001 * Math.abs(data.best) ? null : value), { opacity: cell > 12 ? 0 : 1 }));
      layout.shapes = cell > 12 ? [frame(cell)] : [];
    }
    put(box, traces, layout);
  }
  function surface(box) {
    if (s.y !== null) { map(box, s.title, s.z, true, true); return; }
    var layout = plain(data.by);
    layout.xaxis = spaced(s.x, s.xs, (box.clientWidth - 60) / (longest(s.xs) * 7 + 24));
    layout.yaxis = axis({ tickformat: data.ticks });
    layout.shapes = data.centre ? [{ type: "line", xref: "paper", x0: 0, x1: 1, y0: data.centre, y1: data.centre, line: { width: 1, dash: "dot", color: colour("--ink") } }] : [];
    put(box, [
      { x: s.xs, y: s.z[0], type: "scatter", mode: s.xs.length > 120 ? "lines" : "lines+markers", connectgaps: false, line: { width: 1.6, color: colour("--blue") }, hovertemplate: s.x + " %{x}: %{y:" + data.exactly + "}<extra></extra>" },
      ring(15, null)
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
    var ends = middles.map(function (_, i) { return [data.edges[i], data.edges[i + 1]]; }), form = ":" + data.exactly + "}";
    var words = "%{customdata[0]" + form + " to %{customdata[1]" + form + ": %{y:,} sets<extra></extra>";
    layout.bargap = 0.04;
    layout.xaxis = axis({ title: { text: data.by }, tickformat: data.ticks });
    layout.yaxis = axis({ title: { text: "sets" }, dtick: Math.max.apply(null, data.counts) <= 5 ? 1 : undefined });
    layout.shapes = [upright(data.best, "solid"), upright(data.median, "dot")];
    layout.annotations = [note(data.best, "best", "right"), note(data.median, "median", "center")];
    put(box, [{ x: middles, y: data.counts, type: "bar", marker: { color: colours }, customdata: ends, hovertemplate: words }], layout);
  }
  drawAll({ "surface-plot": surface, "panels-plot": panels, "spread-plot": spread }, "the numbers");
}());
