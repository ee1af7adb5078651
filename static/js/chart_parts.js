// What all charts share: colours, which a canvas cannot look up by itself, axes and the names of days.

const DAY_SECONDS = 86_400;

// A canvas does not know light-dark() and var(): an element says what they come to.
export function colourOf(figure, name) {
  const probe = figure.appendChild(document.createElement("i"));
  probe.style.color = `var(--${name})`;
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

export function faint(colour, share) {
  return colour.replace(/^rgb\((.*)\)$/, (_, parts) => `rgba(${parts}, ${share})`);
}

export function longDay(seconds) {
  return new Date(seconds * 1000).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" });
}

// Days for a season, months for years.
function dates(_, marks, _axis, _space, step) {
  const format = step < 28 * DAY_SECONDS ? { day: "numeric", month: "short" } : { month: "short", year: "numeric" };
  return marks.map((mark) => new Date(mark * 1000).toLocaleDateString("en-GB", format));
}

export function axes(figure) {
  const look = {
    stroke: colourOf(figure, "ink-muted"),
    grid: { stroke: colourOf(figure, "line"), width: 1 },
    ticks: { show: false },
    font: "12px system-ui, sans-serif",
  };
  const numbers = (_, marks) => marks.map((mark) => mark.toLocaleString("en"));
  return [
    { ...look, space: 70, size: 32, values: dates },
    { ...look, size: 52, values: numbers },
  ];
}

// What is the same in every chart of one line.
export function frame(figure) {
  return {
    width: figure.clientWidth,
    height: figure.clientHeight,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 9 } },
    axes: axes(figure),
  };
}

export function line(figure, pointSize) {
  const colour = colourOf(figure, "accent");
  const points = { show: pointSize > 0, size: pointSize, fill: colourOf(figure, "surface"), stroke: colour };
  return { stroke: colour, width: 2, fill: faint(colour, 0.1), points };
}
