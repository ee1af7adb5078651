// Draws the course of a rating over the bands of the tiers. What it shows stands in the page's table too.
import uPlot from "../vendor/uPlot.esm.js";
import { afterEveryColourChange } from "./colours.js";

const ROOM = 40;
const DAY_SECONDS = 86_400;
const WEEK_SECONDS = 7 * DAY_SECONDS;

const figure = document.querySelector("[data-rating-chart]");
const readout = document.querySelector(".chart-readout");
const hint = readout.textContent;
const events = JSON.parse(figure.dataset.ratingChart);
const tiers = JSON.parse(figure.dataset.tiers);
let chart = null;

// A canvas does not know light-dark() and var(): an element says what they come to.
function colourOf(name) {
  const probe = figure.appendChild(document.createElement("i"));
  probe.style.color = `var(--${name})`;
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

function faint(colour, share) {
  return colour.replace(/^rgb\((.*)\)$/, (_, parts) => `rgba(${parts}, ${share})`);
}

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
    ctx.fillStyle = faint(colourOf(`tier-${key}`), 0.09);
    ctx.fillRect(bbox.left, to, bbox.width, from - to);
  });
}

// Days for a season, months for years.
function dates(_, marks, _axis, _space, step) {
  const format = step < 28 * DAY_SECONDS ? { day: "numeric", month: "short" } : { month: "short", year: "numeric" };
  return marks.map((mark) => new Date(mark * 1000).toLocaleDateString("en-GB", format));
}

function describe(plot) {
  const index = plot.cursor.idx;
  const event = index > 0 ? events[index - 1] : null;
  if (!event) {
    readout.textContent = hint;
    return;
  }
  const [at, before, after, title] = event;
  const day = new Date(at * 1000).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" });
  const change = after - before;
  readout.textContent = `${day} · ${title}: ${after.toFixed(1)} (${change < 0 ? "−" : "+"}${Math.abs(change).toFixed(1)})`;
}

function axis(extra) {
  return {
    stroke: colourOf("ink-muted"),
    grid: { stroke: colourOf("line"), width: 1 },
    ticks: { show: false },
    font: "12px system-ui, sans-serif",
    ...extra,
  };
}

function draw() {
  const line = colourOf("accent");
  chart?.destroy();
  chart = new uPlot(
    {
      width: figure.clientWidth,
      height: figure.clientHeight,
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 9 } },
      scales: { y: { range: (_, least, most) => [Math.max(0, least - ROOM), most + ROOM] } },
      axes: [axis({ space: 70, size: 32, values: dates }), axis({ size: 52, values: (_, marks) => marks.map((mark) => mark.toLocaleString("en")) })],
      series: [
        {},
        { stroke: line, width: 2, fill: faint(line, 0.1), points: { show: true, size: 7, fill: colourOf("surface"), stroke: line } },
      ],
      hooks: { drawClear: [bands], setCursor: [describe] },
    },
    series(),
    figure,
  );
}

figure.hidden = readout.hidden = false;
draw();
new ResizeObserver(() => chart.setSize({ width: figure.clientWidth, height: chart.height })).observe(figure);
afterEveryColourChange(draw);
