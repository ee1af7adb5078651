// Turns the pages of a board on a wall, and says when nothing has been heard from the club for a while.
import { localText } from "./times.js";

const SLIDE_MS = 12_000;
const LOOK_MS = 1_000;
const STALE_MS = 60_000;

let page = null;
let turnedAt = Date.now();
let heardAt = Date.now();

function isStandingStill() {
  return document.hidden || document.body.hasAttribute("data-paused");
}

// The slide says what comes next; when its answer never comes, the same page is asked for again.
function turn() {
  turnedAt = Date.now();
  page = document.getElementById("slide").dataset.next;
  htmx.trigger(document.body, "live:refresh");
}

function tellAge() {
  const sign = document.querySelector("[data-stale]");
  const time = sign.querySelector("time");
  sign.hidden = Date.now() - heardAt <= STALE_MS;
  time.dateTime = new Date(heardAt).toISOString();
  time.textContent = localText(time);
}

function look() {
  if (isStandingStill()) return;
  if (Date.now() - turnedAt >= SLIDE_MS) turn();
  tellAge();
}

export function start() {
  const link = document.querySelector("[data-projector]");
  if (!link) return;
  link.addEventListener("htmx:configRequest", (event) => {
    if (page) event.detail.parameters.page = page;
  });
  link.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) heardAt = Date.now();
    tellAge();
  });
  setInterval(look, LOOK_MS);
}
