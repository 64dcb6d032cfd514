(function () {
  "use strict";
  {% include "chart_parts.js" %}
  var host = document.getElementById("charts");
  var begin = data.curves.map(function (curve) { return curve.time[0]; }).sort()[0];
  function layout(curve) {
    var ink = colour("--ink"), line = colour("--line"), first = data.window[0], last = data.window[1], base = plain(curve.name);
    base.hovermode = "x unified";
    base.xaxis = { type: "date", range: [begin, last], gridcolor: line, anchor: "y2", nticks: small() ? 4 : 6 };
    base.yaxis = { domain: [0.36, 1], title: { text: "R" }, gridcolor: line, zeroline: true, zerolinecolor: ink, zerolinewidth: 1 };
    base.yaxis2 = { domain: [0, 0.28], gridcolor: line, zeroline: true, zerolinecolor: ink, nticks: 3 };
    base.shapes = [{ type: "rect", xref: "x", yref: "paper", x0: first, x1: last, y0: 0, y1: 1, fillcolor: colour("--shade"), line: { width: 0 } }];
    return base;
  }
  function traces(curve) {
    return [
      { x: curve.time, y: curve.level, type: "scatter", mode: "lines", name: "R so far", line: { shape: "hv", width: 1.6, color: colour("--blue") }, hovertemplate: "%{y:+.2f} R" },
      { x: curve.time, y: curve.fall, yaxis: "y2", type: "scatter", mode: "lines", name: "drawdown", fill: "tozeroy", line: { shape: "hv", width: 1, color: colour("--bad") }, hovertemplate: "%{y:.2f} R" }
    ];
  }
  function draw() {
    data.curves.forEach(function (curve, i) {
      var box = host.children[i];
      if (!box) {
        box = document.createElement("div");
        box.className = "chart" + (i === 0 && data.curves.length > 1 ? " first" : "");
        host.appendChild(box);
      }
      Plotly.react(box, traces(curve), layout(curve), { displayModeBar: false, responsive: true });
    });
  }
  if (!window.Plotly) { host.textContent = "plotly.min.js is not beside this page, so the curves cannot be drawn; report.json holds every trade."; return; }
  draw();
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
}());
