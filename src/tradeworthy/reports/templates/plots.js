var by = function (id) { return document.getElementById(id); };
function put(box, traces, layout) { Plotly.react(box, traces, layout, { displayModeBar: false, responsive: true }); }
function axis(more) {
  return Object.assign({ gridcolor: colour("--line"), zeroline: true, zerolinecolor: colour("--ink"), zerolinewidth: 1, automargin: true }, more);
}
function drawAll(plots, instead) {
  var there = Object.keys(plots).filter(by);
  function draw() { there.forEach(function (id) { plots[id](by(id)); }); }
  if (!window.Plotly) {
    there.forEach(function (id) { by(id).textContent = "plotly.min.js is not beside this page, so this chart cannot be drawn; report.json holds " + instead + "."; });
    return;
  }
  draw();
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
}
