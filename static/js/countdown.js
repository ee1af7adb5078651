// <time data-countdown="Titanic ends" data-local="moment" datetime="...">: how long it is until then, told aloud near the end.
import { afterEverySwap } from "./swaps.js";
import { localText } from "./times.js";

const TOLD_MINUTES = [10, 5, 1];
const told = new Set();

function spanText(seconds) {
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  if (days) return `in ${days} d ${hours % 24} h`;
  if (hours) return `in ${hours} h ${minutes % 60} min`;
  if (minutes >= TOLD_MINUTES[0]) return `in ${minutes} min`;
  return `in ${minutes} min ${String(Math.floor(seconds % 60)).padStart(2, "0")} s`;
}

function tell(time, seconds) {
  const minutes = Math.ceil(seconds / 60);
  const sentence = `${time.dataset.countdown} in ${minutes} ${minutes === 1 ? "minute" : "minutes"}.`;
  if (!TOLD_MINUTES.includes(minutes) || told.has(sentence)) return;
  told.add(sentence);
  document.getElementById("status").textContent = sentence;
}

function count() {
  for (const time of document.querySelectorAll("time[data-countdown]")) {
    const seconds = (new Date(time.dateTime) - Date.now()) / 1000;
    const text = seconds > 0 ? spanText(seconds) : localText(time);
    if (time.textContent !== text) time.textContent = text;
    time.title = localText(time);
    if (seconds > 0) tell(time, seconds);
  }
}

export function start() {
  afterEverySwap(count);
  setInterval(count, 1000);
}
