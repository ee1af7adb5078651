// Reads a board's changes to those who do not watch it: one sentence in the page's status region, at most every ten seconds, only
// when a place or a score on this page has changed since the last one. What to read is remembered.
import { recall, remember } from "./memory.js";
import { afterEverySwap } from "./swaps.js";

const BETWEEN_MS = 10_000;
const MOST_NAMED = 5;
const PODIUM = 3;
const SUFFIXES = { one: "st", two: "nd", few: "rd", other: "th" };
const ORDINALS = new Intl.PluralRules("en", { type: "ordinal" });

let choice = recall("spoken") ?? "off";
let heard = new Map();
let spokenAt = -BETWEEN_MS;
let timer = 0;

const ordinal = (place) => `${place.toLocaleString("en")}${SUFFIXES[ORDINALS.select(place)]}`;
const number = (text) => (text === undefined ? null : Number(text));
const points = (value) => `${value} ${value === 1 ? "point" : "points"}`;

function board() {
  const ranked = [...document.querySelectorAll("tr[data-place]")].map((row) => [row.id, {
    isMine: row.dataset.memberId === document.body.dataset.memberId,
    place: Number(row.dataset.place),
    name: row.dataset.name,
    points: number(row.dataset.points),
    score: number(row.dataset.score),
  }]);
  return new Map(ranked.sort(([, one], [, other]) => one.place - other.place));
}

function moved(row, before) {
  if (!before) return ", new";
  const gained = before.place - row.place;
  return gained ? `, ${gained > 0 ? "up" : "down"} ${Math.abs(gained)}` : "";
}

// To be read as it is written, so a gap too small for that is said to be one.
function told(difference, hasPoints) {
  const size = Number(Math.abs(difference).toFixed(hasPoints ? 2 : 5));
  if (hasPoints) return size ? points(size) : "less than 0.01 points";
  return `${size || "less than 0.00001"} in score`;
}

// How far it is to the place above, for the first: to the one below. Nothing where that row is on another page.
function gap(row, rows) {
  const sharers = [...rows.values()].filter((other) => other !== row && other.place === row.place);
  if (sharers.length) return `; level with ${sharers.length === 1 ? sharers[0].name : `${sharers.length} others`}`;
  const others = [...rows.values()].filter((other) => (row.place === 1 ? other.place > 1 : other.place < row.place));
  const other = row.place === 1 ? others[0] : others.at(-1);
  if (!other) return "";
  const place = `${ordinal(other.place)} place`;
  const hasPoints = row.points !== null && other.points !== null;
  if (!hasPoints && (row.score === null || other.score === null)) return "";
  const difference = hasPoints ? row.points - other.points : row.score - other.score;
  if (difference === 0) return `; with the same ${hasPoints ? "points" : "score"} as ${place}`;
  return `; ${told(difference, hasPoints)} ${row.place === 1 ? "ahead of" : "behind"} ${place}`;
}

function mine(rows, before) {
  const found = [...rows].find(([, row]) => row.isMine);
  if (!found) {
    const lost = [...(before ?? [])].find(([, row]) => row.isMine);
    return lost ? `You are ${gone(lost[0])}.` : "";
  }
  const [id, row] = found;
  const old = before?.get(id);
  const stands = `You are ${ordinal(row.place)}`;
  const now = `${stands}${gap(row, rows)}`;
  if (old && now === `You are ${ordinal(old.place)}${gap(old, before)}`) return "";
  return `${stands}${before ? moved(row, old) : ""}${gap(row, rows)}.`;
}

// Whoever has no place any more still has a row on the board, though maybe on its last page.
const gone = (id) => (document.getElementById(id) ? "no longer ranked" : "no longer on this page");

function lost(rows, before) {
  return [...(before ?? [])].filter(([id]) => !rows.has(id)).map(([id, row]) => `${row.name} is ${gone(id)}`);
}

function changed(rows, before) {
  return [...rows].flatMap(([id, row]) => {
    const old = before?.get(id);
    if (old && old.place === row.place && old.points === row.points && old.score === row.score) return [];
    const result = row.score ?? (row.points === null ? "" : points(Number(row.points.toFixed(2))));
    const isNewResult = old && old.place === row.place && result !== "";
    return [`${row.name} is ${ordinal(row.place)}${before ? moved(row, old) : ""}${isNewResult ? ` with ${result}` : ""}`];
  });
}

function sentence(changes) {
  const more = changes.length - MOST_NAMED;
  if (more > 0) changes.splice(MOST_NAMED, more, `${more} more ${more === 1 ? "change" : "changes"}`);
  return changes.length ? `${changes.join("; ")}.` : "";
}

const podium = (rows) => rows && new Map([...rows].filter(([, row]) => row.place <= PODIUM));

const all = (rows, before) => sentence([...lost(rows, before), ...changed(rows, before)]);
const top = (rows, before) => sentence([...lost(rows, podium(before)), ...changed(podium(rows), before)]);
const DIGESTS = { mine, top, all, off: () => "" };

function speak(before) {
  timer = 0;
  const rows = board();
  const sentence = DIGESTS[choice](rows, before);
  heard = rows;
  if (!sentence) return;
  spokenAt = performance.now();
  document.getElementById("status").textContent = sentence;
}

function speakSoon() {
  if (timer || choice === "off") return;
  timer = setTimeout(() => speak(heard), Math.max(0, spokenAt + BETWEEN_MS - performance.now()));
}

function choose(value) {
  choice = value;
  remember("spoken", value);
  heard = board();
  if (value === "mine" || value === "top") speak(null); // so that one hears what it is like
}

export function start() {
  const chooser = document.querySelector("[data-spoken]");
  if (!chooser) return;
  const select = chooser.querySelector("select");
  if (![...select.options].some((option) => option.value === choice)) choice = "off";
  chooser.hidden = false;
  select.value = choice;
  heard = board();
  select.addEventListener("change", () => choose(select.value));
  afterEverySwap(speakSoon);
}
