// Draws the course of a rating over the bands of the tiers. What it shows stands in the page's table too.
import uPlot from "../vendor/uPlot.esm.js";
import { colourOf, faint, frame, line, longDay } from "./chart_parts.js";
import { afterEveryColourChange } from "./colours.js";

const ROOM = 40;
const WEEK_SECONDS = 7 * 86_400;

const figure = document.querySelector("[data-rating-chart]");
const readout = document.querySelector(".chart-readout");
const hint = readout.textContent;
const events = JSON.parse(figure.dataset.ratingChart);
const tiers = JSON.parse(figure.dataset.tiers);
let chart = null;

// The start of everybody stands before the first competition, or one event would be no line.
function series() {
  const [first] = events;
  return [
    [first[0] - WEEK_SECONDS, ...events.map(([at]) => at)],
    [first[1], ...events.map(([, , after]) => after)],
  ];
}

function bands(plot) {
  const { ctx, bbox } = plot;
  const top = plot.scales.y.max;
  tiers.forEach(([least, key], index) => {
    const most = tiers[index + 1]?.[0] ?? Infinity;
    const from = plot.valToPos(Math.max(least, plot.scales.y.min), "y", true);
    const to = plot.valToPos(Math.min(most, top), "y", true);
    if (to >= from) return;
    ctx.fillStyle = faint(colourOf(figure, `tier-${key}`), 0.09);
    ctx.fillRect(bbox.left, to, bbox.width, from - to);
  });
}

function describe(plot) {
  const index = plot.cursor.idx;
  const event = index > 0 ? events[index - 1] : null;
  if (!event) {
    readout.textContent = hint;
    return;
  }
  const [at, before, after, title] = event;
  const change = after - before;
  readout.textContent = `${longDay(at)} · ${title}: ${after.toFixed(1)} (${change < 0 ? "−" : "+"}${Math.abs(change).toFixed(1)})`;
}

function draw() {
  chart?.destroy();
  const options = {
    ...frame(figure),
    scales: { y: { range: (_, least, most) => [Math.max(0, least - ROOM), most + ROOM] } },
    series: [{}, line(figure, 7)],
    hooks: { drawClear: [bands], setCursor: [describe] },
  };
  chart = new uPlot(options, series(), figure);
}

figure.hidden = readout.hidden = false;
draw();
new ResizeObserver(() => chart.setSize({ width: figure.clientWidth, height: chart.height })).observe(figure);
afterEveryColourChange(draw);
