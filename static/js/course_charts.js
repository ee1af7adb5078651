// Draws how ratings went on each platform. What it shows stands in the page's table too.
import uPlot from "../vendor/uPlot.esm.js";
import { frame, line, longDay } from "./chart_parts.js";
import { afterEveryColourChange } from "./colours.js";

const ROOM = 20;

function show(figure) {
  const readout = figure.parentElement.querySelector(".chart-readout");
  const hint = readout.textContent;
  const points = JSON.parse(figure.dataset.course);
  let chart = null;

  function describe(plot) {
    const point = points[plot.cursor.idx];
    readout.textContent = point ? `${longDay(point[0])}: ${point[1].toLocaleString("en", { maximumFractionDigits: 1 })}` : hint;
  }

  function draw() {
    chart?.destroy();
    const options = {
      ...frame(figure),
      scales: { y: { range: (_, least, most) => [Math.max(0, least - ROOM), most + ROOM] } },
      series: [{}, line(figure, points.length > 40 ? 0 : 5)],
      hooks: { setCursor: [describe] },
    };
    chart = new uPlot(options, [points.map(([at]) => at), points.map(([, rating]) => rating)], figure);
  }

  figure.hidden = false;
  readout.setAttribute("aria-hidden", "true"); // by now the figure says it
  draw();
  new ResizeObserver(() => chart.setSize({ width: figure.clientWidth, height: chart.height })).observe(figure);
  afterEveryColourChange(draw);
}

document.querySelectorAll("[data-course]").forEach(show);
