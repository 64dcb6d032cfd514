(function () {
  "use strict";
  {% include "chart_parts.js" %}
  {% include "plots.js" %}
  var percent = function (text) { return axis({ title: { text: text }, ticksuffix: "%", zeroline: false }); };
  function line(at, vertical) {
    var ends = vertical ? { x0: at, x1: at, yref: "paper", y0: 0, y1: 1 } : { y0: at, y1: at, xref: "paper", x0: 0, x1: 1 };
    return Object.assign({ type: "line", line: { width: 1.5, dash: "dot", color: colour("--bad") } }, ends);
  }
  function fan(box) {
    var f = data.fan, layout = plain("Equity in drawn futures, 1 today"), last = f.rows.length - 1;
    layout.xaxis = axis({ title: { text: "trading days" }, zeroline: false });
    layout.yaxis = axis({ zeroline: false });
    layout.hovermode = "x unified";
    var outer = "rgba(0,114,178,0.13)", inner = "rgba(0,114,178,0.32)", nothing = { x: [null], y: [null], type: "scatter", hoverinfo: "skip" };
    layout.margin.b = 84; layout.showlegend = true; layout.legend = { orientation: "h", x: 0, y: -0.2, yanchor: "top" };
    var key = [["the middle one", "lines", colour("--ink")], ["half of them", "markers", inner], ["9 of 10", "markers", outer]].map(function (one) {
      return Object.assign({ name: one[0], mode: one[1], line: { width: 2, color: one[2] }, marker: { size: 13, symbol: "square", color: one[2] } }, nothing);
    });
    var traces = f.rows.map(function (row, i) {
      var middle = i * 2 === last;
      return { x: f.days, y: row, type: "scatter", mode: "lines", name: f.names[i], showlegend: false, fill: i === 0 ? "none" : "tonexty", fillcolor: i === 1 || i === last ? outer : inner, line: { width: middle ? 2 : 1, color: colour(middle ? "--ink" : "--blue") }, hovertemplate: "%{y:.3f}" };
    });
    put(box, traces.concat(key), layout);
  }
  function falls(box) {
    var d = data.falls, layout = plain(small() ? "Chance of a fall this deep" : "Chance of a fall from a peak at least this deep");
    layout.xaxis = percent("fall"); layout.yaxis = percent("chance");
    layout.shapes = [line(100 * data.limit, true)];
    layout.annotations = [{ x: 100 * data.limit, y: 1, yref: "paper", yanchor: "bottom", showarrow: false, text: "limit", xanchor: "center" }];
    put(box, [{ x: d, y: d.map(function (_, i) { return 100 * (1 - i / (d.length - 1)); }), type: "scatter", mode: "lines", line: { width: 2, color: colour("--blue") }, hovertemplate: "%{y:.0f} of 100 fall by %{x:.1f}% or more<extra></extra>" }], layout);
  }
  function series(box) {
    var s = data.series, layout = plain(small() ? "Days against " + s.name + " VaR" : "Each day against the " + 100 * s.level + "% value at risk (" + s.name + ") of the day before");
    var beyond = function (v, i) { return v < s.var[i]; }, hit = s.returns.map(beyond);
    layout.xaxis = axis({ type: "date", nticks: small() ? 4 : 8, zeroline: false }); layout.yaxis = percent("");
    var some = function (yes) { return { x: s.dates.filter(function (_, i) { return hit[i] === yes; }), y: s.returns.filter(function (_, i) { return hit[i] === yes; }), type: "scatter", mode: "markers", marker: { size: yes ? 7 : 3, symbol: yes ? "x" : "circle", color: colour(yes ? "--bad" : "--sky") }, hovertemplate: "%{x}: %{y:.2f}%<extra></extra>" }; };
    put(box, [some(false), some(true), { x: s.dates, y: s.var, type: "scatter", mode: "lines", line: { width: 1.4, color: colour("--ink") }, hovertemplate: "%{x}: %{y:.2f}%<extra></extra>" }], layout);
  }
  var kinds = { history: ["as it was", "--quiet", ""], stress: ["stress", "--blue", ""], crisis: ["crisis", "--crisis", "/"] };
  function cases(box) {
    var c = data.cases.slice().reverse(), layout = plain("Deepest fall of the account");
    layout.margin = { l: 8, r: 12, t: 46, b: 64 };
    layout.xaxis = percent(""); layout.xaxis.range = [0, 1.04 * Math.max.apply(null, c.map(function (one) { return one.fall || 0; }).concat([100 * data.limit]))];
    layout.yaxis = axis({ type: "category", zeroline: false, showgrid: false, categoryorder: "array", categoryarray: c.map(function (one) { return one.name; }) });
    layout.showlegend = true; layout.legend = { orientation: "h", x: 0, y: -0.1, yanchor: "top" };
    layout.shapes = [line(100 * data.limit, true)]; layout.barmode = "overlay";
    layout.annotations = c.filter(function (one) { return one.why; }).map(function (one) { return { x: 0, y: one.name, xanchor: "left", showarrow: false, text: " " + one.why, font: { color: colour("--quiet") } }; })
      .concat([{ x: 100 * data.limit, y: 1, yref: "paper", yanchor: "bottom", xanchor: "center", showarrow: false, text: "limit" }]);
    put(box, Object.keys(kinds).map(function (kind) {
      var own = c.filter(function (one) { return one.kind === kind; }), look = kinds[kind];
      return { name: look[0], x: own.map(function (one) { return one.why ? 0 : one.fall; }), y: own.map(function (one) { return one.name; }), orientation: "h", type: "bar", marker: { color: colour(look[1]), pattern: { shape: look[2], solidity: 0.25, fgcolor: colour("--paper"), fillmode: "overlay" } }, hovertext: own.map(function (one) { return one.name + ", " + look[0] + ": " + (one.why || one.fall.toFixed(1) + "%"); }), hovertemplate: "%{hovertext}<extra></extra>" };
    }).filter(function (one) { return one.x.length; }), layout);
  }
  function reliability(box) {
    var d = data.reliability, layout = plain(d.title + (small() ? "" : ": chances against what came"));
    var less = function (from, to) { return from.map(function (v, i) { return v - to[i]; }); };
    layout.xaxis = percent("said"); layout.yaxis = percent("came"); layout.xaxis.range = layout.yaxis.range = [-3, 103];
    layout.xaxis.dtick = layout.yaxis.dtick = 20; layout.margin.l = 52; layout.margin.b = 44;
    layout.shapes = [{ type: "line", x0: 0, y0: 0, x1: 100, y1: 100, line: { width: 1.2, dash: "dot", color: colour("--ink") } }, { type: "line", xref: "paper", x0: 0, x1: 1, y0: d.base, y1: d.base, line: { width: 1, dash: "dash", color: colour("--quiet") } }];
    layout.annotations = [{ x: 0, xref: "paper", xanchor: "left", y: d.base, yanchor: d.base > 85 ? "top" : "bottom", showarrow: false, text: " base rate " + d.base.toFixed(0) + "%", font: { color: colour("--quiet") } }]
      .concat(d.n.map(function (n, i) { return { x: d.said[i], y: i % 2 ? d.high[i] : d.low[i], yanchor: i % 2 ? "bottom" : "top", showarrow: false, text: String(n), font: { color: colour("--quiet") } }; }));
    put(box, [{ x: d.said, y: d.came, type: "scatter", mode: "markers", marker: { size: 9, color: colour("--blue") }, error_y: { type: "data", symmetric: false, array: less(d.high, d.came), arrayminus: less(d.came, d.low), color: colour("--blue"), thickness: 1.6, width: 4 }, customdata: d.n.map(function (n, i) { return [n, d.low[i], d.high[i]]; }), hovertemplate: "%{customdata[0]} forecasts said %{x:.0f}%, %{y:.0f}% came (%{customdata[1]:.0f}% to %{customdata[2]:.0f}%)<extra></extra>" }], layout);
  }
  function regimes(box) {
    var r = data.regimes, layout = plain("Level of volatility, week by week"), begin = Date.parse(r.first + "T00:00:00Z");
    var weeks = r.rows[0].split("").map(function (_, i) { return new Date(begin + i * 6048e5).toISOString().slice(0, 10); });
    var rows = r.rows.map(function (row) { return row.split("").map(function (one) { return one === " " ? null : Number(one); }); });
    var scale = []; r.levels.forEach(function (_, i) { scale.push([i / 5, colour("--level-" + i)], [(i + 1) / 5, colour("--level-" + i)]); });
    layout.margin = { l: 8, r: 8, t: 34, b: 28 };
    layout.xaxis = axis({ type: "date", nticks: small() ? 4 : 10, zeroline: false, showgrid: false });
    layout.yaxis = axis({ type: "category", autorange: "reversed", zeroline: false, showgrid: false, dtick: 1 });
    put(box, [{ x: weeks, y: r.names, z: rows, type: "heatmap", zmin: -0.5, zmax: 4.5, colorscale: scale, showscale: false, ygap: 3, hoverongaps: false, text: rows.map(function (row) { return row.map(function (one) { return one === null ? "" : r.levels[one]; }); }), hovertemplate: "%{y}, week of %{x|%Y-%m-%d}: %{text}<extra></extra>" }], layout);
  }
  function correlations(box) {
    var m = data.correlations, layout = plain("Correlation of the strategies' days");
    layout.xaxis = axis({ type: "category", showgrid: false, zeroline: false, tickangle: -45 }); layout.yaxis = axis({ type: "category", showgrid: false, zeroline: false, autorange: "reversed" });
    put(box, [{ x: m.names, y: m.names, z: m.z, type: "heatmap", zmin: -1, zmax: 1, colorscale: [[0, colour("--bad")], [0.5, colour("--paper")], [1, colour("--blue")]], showscale: !small(), colorbar: { thickness: 10, outlinewidth: 0 }, texttemplate: m.names.length <= 16 && !small() ? "%{z:.2f}" : "", hovertemplate: "%{x} and %{y}: %{z:.2f}<extra></extra>" }], layout);
  }
  var plots = { "fan-plot": data.fan && fan, "falls-plot": data.falls.length && falls, "series-plot": data.series && series, "cases-plot": data.cases.length && cases, "reliability-plot": data.reliability && reliability, "regimes-plot": data.regimes && regimes, "correlations-plot": data.correlations && correlations };
  Object.keys(plots).forEach(function (id) { if (!plots[id]) { delete plots[id]; if (by(id)) { by(id).remove(); } } });
  drawAll(plots, "the numbers");
}());
