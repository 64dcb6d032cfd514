var data = JSON.parse(document.getElementById("charts-data").textContent);
var small = function () { return window.innerWidth < 500; };
var colour = function (name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); };
function plain(title) {
  var ink = colour("--ink"), line = colour("--line");
  return {
    title: { text: title, font: { size: 14, color: ink }, x: 0, xanchor: "left", xref: "paper" },
    margin: { l: 44, r: 8, t: 34, b: 28 }, showlegend: false,
    paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: "system-ui, sans-serif", size: 11, color: ink },
    hoverlabel: { bgcolor: colour("--soft"), bordercolor: line, font: { color: ink } }
  };
}
