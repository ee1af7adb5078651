// Moments arrive in UTC; here they are written in the zone of whoever reads them. The UTC text stays as the title.
import { afterEverySwap } from "./swaps.js";

const DAY = { day: "numeric", month: "short", year: "numeric" };
const FORMATS = {
  day: new Intl.DateTimeFormat("en-GB", DAY),
  moment: new Intl.DateTimeFormat("en-GB", { ...DAY, hour: "2-digit", minute: "2-digit" }),
};

export function localText(time) {
  return FORMATS[time.dataset.local].format(new Date(time.dateTime));
}

function rewrite() {
  for (const time of document.querySelectorAll("time[data-local]:not([data-countdown])")) {
    const text = localText(time);
    if (time.textContent === text) continue;
    time.title = time.textContent;
    time.textContent = text;
  }
}

function nameZone() {
  const place = document.querySelector("[data-time-zone]");
  place.textContent = Intl.DateTimeFormat().resolvedOptions().timeZone.replaceAll("_", " ");
}

export function start() {
  nameZone();
  afterEverySwap(rewrite);
}
