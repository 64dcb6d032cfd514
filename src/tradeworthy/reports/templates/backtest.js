(function () {
  "use strict";
  {% include "chart_parts.js" %}
  {% include "plots.js" %}
  function equity(box) {
    var e = data.equity, layout = plain(""), start = data.capital;
    layout.margin.t = 8; layout.hovermode = "x unified";
    layout.xaxis = axis({ type: "date", anchor: "y2", nticks: small() ? 4 : 8, title: { text: "UTC" }, zeroline: false });
    layout.yaxis = axis({ domain: [0.36, 1], title: { text: (data.unit ? "P&L, " : "") + data.currency }, zeroline: data.unit, tickformat: data.unit ? "" : "," });
    layout.yaxis2 = axis({ domain: [0, 0.27], title: { text: "fall, %" }, nticks: 4, rangemode: "tozero" });
    layout.shapes = [{ type: "line", xref: "paper", x0: 0, x1: 1, y0: start, y1: start, line: { width: 1, dash: "dot", color: colour("--ink") } }];
    put(box, [
      { x: e.time, y: e.level, type: "scatter", mode: "lines", name: data.unit ? "P&L" : "equity", line: { width: 1.6, color: colour("--blue") }, hovertemplate: "%{y:,} " + data.currency },
      { x: e.time, y: e.fall, yaxis: "y2", type: "scatter", mode: "lines", name: "drawdown", fill: "tozeroy", line: { width: 1, color: colour("--bad") }, hovertemplate: "%{y:.2f}%" }
    ], layout);
  }
  function spread(box) {
    var d = data.spread, layout = plain(small() ? "Results, " + d.unit : "Results of closed trades, " + d.unit), middles = [], colours = [], words = [];
    for (var i = 0; i < d.counts.length; i++) {
      middles.push((d.edges[i] + d.edges[i + 1]) / 2);
      colours.push(colour(middles[i] < 0 ? "--bad" : "--blue"));
      words.push(d.edges[i].toPrecision(3) * 1 + " to " + d.edges[i + 1].toPrecision(3) * 1 + " " + d.unit + ": " + d.counts[i]);
    }
    layout.bargap = 0.06;
    layout.xaxis = axis({ title: { text: d.unit } });
    layout.yaxis = axis({ title: { text: "trades" } });
    put(box, [{ x: middles, y: d.counts, type: "bar", marker: { color: colours }, hovertext: words, hoverinfo: "text" }], layout);
  }
  function dots(box) {
    var d = data.dots, layout = plain((small() ? "Against and for, " : "Furthest against and for, ") + d.unit);
    var part = function (won) {
      var keep = function (values) { return values.filter(function (_, i) { return d.won[i] === won; }); };
      return { x: keep(d.mae), y: keep(d.mfe), type: "scatter", mode: "markers", name: won ? "won" : "lost", marker: { size: 6, opacity: 0.65, symbol: won ? "circle" : "x", color: colour(won ? "--blue" : "--bad") }, hovertemplate: "against %{x}, for %{y}" };
    };
    layout.showlegend = true;
    layout.legend = { orientation: "h", x: 1, xanchor: "right", yref: "container", y: 1, yanchor: "top", bgcolor: "rgba(0,0,0,0)" };
    layout.xaxis = axis({ title: { text: "against, " + d.unit }, rangemode: "tozero" });
    layout.yaxis = axis({ title: { text: "for, " + d.unit }, rangemode: "tozero" });
    put(box, [part(1), part(0)], layout);
  }
  function sharpe(box) {
    var layout = plain("Sharpe of the last twelve months");
    layout.xaxis = axis({ type: "date", nticks: small() ? 4 : 6, zeroline: false });
    layout.yaxis = axis({});
    put(box, [{ x: data.sharpe.time, y: data.sharpe.value, type: "scatter", mode: "lines", connectgaps: false, line: { width: 1.4, color: colour("--blue") }, hovertemplate: "%{x|%Y-%m-%d}: %{y:.2f}<extra></extra>" }], layout);
  }
  var plots = { "equity-plot": equity, "spread-plot": spread, "dots-plot": dots, "sharpe-plot": sharpe };
  drawAll(plots, "every trade");
}());
