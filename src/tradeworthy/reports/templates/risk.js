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
    var traces = f.rows.map(function (row, i) {
      var middle = i * 2 === last;
      return { x: f.days, y: row, type: "scatter", mode: "lines", name: f.names[i], fill: i === 0 ? "none" : "tonexty", fillcolor: "rgba(0,114,178,0.13)", line: { width: middle ? 2 : 1, color: colour(middle ? "--ink" : "--blue") }, hovertemplate: "%{y:.3f}" };
    });
    put(box, traces, layout);
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
  function cases(box) {
    var c = data.cases.slice().reverse(), layout = plain("Deepest fall of the account");
    layout.margin.l = 8;
    layout.xaxis = percent(""); layout.xaxis.rangemode = "tozero";
    layout.yaxis = axis({ type: "category", zeroline: false, showgrid: false });
    layout.shapes = [line(100 * data.limit, true)];
    put(box, [{ x: c.map(function (one) { return one.fall; }), y: c.map(function (one) { return one.name; }), orientation: "h", type: "bar", marker: { color: c.map(function (one) { return colour(one.fall >= 100 * data.limit ? "--bad" : "--blue"); }) }, hovertemplate: "%{y}: %{x:.1f}%<extra></extra>" }], layout);
  }
  function correlations(box) {
    var m = data.correlations, layout = plain("Correlation of the strategies' days");
    layout.xaxis = axis({ type: "category", showgrid: false, zeroline: false, tickangle: -45 }); layout.yaxis = axis({ type: "category", showgrid: false, zeroline: false, autorange: "reversed" });
    put(box, [{ x: m.names, y: m.names, z: m.z, type: "heatmap", zmin: -1, zmax: 1, colorscale: [[0, colour("--bad")], [0.5, colour("--paper")], [1, colour("--blue")]], showscale: !small(), colorbar: { thickness: 10, outlinewidth: 0 }, texttemplate: m.names.length <= 16 && !small() ? "%{z:.2f}" : "", hovertemplate: "%{x} and %{y}: %{z:.2f}<extra></extra>" }], layout);
  }
  var plots = { "fan-plot": data.fan && fan, "falls-plot": data.falls.length && falls, "series-plot": data.series && series, "cases-plot": data.cases.length && cases, "correlations-plot": data.correlations && correlations };
  Object.keys(plots).forEach(function (id) { if (!plots[id]) { delete plots[id]; if (by(id)) { by(id).remove(); } } });
  drawAll(plots, "the numbers");
}());
