// Keeps a page with live fragments fresh, and its LIVE sign honest. Push is a hint, GET is the truth: every
// [data-live-refresh] link fetches on "live:refresh", which this module fires in time.
import { afterEverySwap } from "./swaps.js";

const POLL_MS = 15_000;
const SAFETY_MS = 60_000;
const HINT_SPREAD_MS = 2_000;
const PATIENCE_MS = 5_000;
const SETTLE_MS = 300;
const RENEW_MS = 60_000;

const FULL = 1013;
const TRIED_AGAIN = [1006, 1011, 1012, FULL]; // by the extension itself

const SIGNS = {
  connecting: "Connecting …",
  live: "Live",
  reconnecting: "Reconnecting …",
  polling: "Updates every 15 s",
};
const ANNOUNCEMENTS = {
  live: "Live updates are back.",
  polling: "Live updates are not available; this page updates every 15 seconds.",
};

let state = "connecting";
let hasAnnouncedLoss = false;
let hasConnected = false;
let lastCode = 0;
let settling = 0;
let waiting = 0;
let hinted = 0;
let refreshedAt = Date.now();
let renewedAt = -RENEW_MS;

export function start() {
  if (!document.querySelector("#live-socket, [data-live-refresh]")) return;
  takeOverConnecting();
  document.addEventListener("htmx:wsOpen", opened);
  document.addEventListener("htmx:wsClose", closed);
  document.addEventListener("htmx:wsAfterMessage", messaged);
  document.addEventListener("visibilitychange", refreshIfDue);
  setInterval(refreshIfDue, 1_000);
  afterEverySwap(paint);
  giveUpLater();
}

// The extension waits longer only while a socket never opens; a full server opens and closes it, so the
// delay must know the last close code, and know it before the extension's own handler asks.
function takeOverConnecting() {
  htmx.createWebSocket = (url) => {
    const socket = new WebSocket(url, []);
    socket.addEventListener("close", (event) => { lastCode = event.code; });
    return socket;
  };
  htmx.config.wsReconnectDelay = (tries) =>
    lastCode === FULL ? POLL_MS * (1 + Math.random()) : Math.random() * 1_000 * 2 ** Math.min(tries, 5);
}

// A refused socket opens for a moment too, so "Live" waits until it has stayed open.
function opened() {
  clearTimeout(settling);
  settling = setTimeout(() => {
    clearTimeout(waiting);
    waiting = 0;
    if (hasConnected) refresh();
    hasConnected = true;
    show("live");
  }, SETTLE_MS);
}

function closed(event) {
  clearTimeout(settling);
  if (lastCode === FULL) show("polling");
  if (state === "live") show("reconnecting");
  giveUpLater();
  if (!TRIED_AGAIN.includes(event.detail.event.code)) renewTicketLater();
}

function giveUpLater() {
  if (!waiting) waiting = setTimeout(() => show("polling"), PATIENCE_MS);
}

function messaged(event) {
  if (event.detail.message.startsWith('<div id="live-hint"') && !hinted) {
    hinted = setTimeout(refresh, Math.random() * HINT_SPREAD_MS);
  }
}

function refreshIfDue() {
  const limit = state === "live" ? SAFETY_MS : POLL_MS;
  if (Date.now() - refreshedAt >= limit) refresh();
}

// A hidden page keeps its debt and pays when it is looked at again.
function refresh() {
  if (document.hidden) {
    refreshedAt = 0;
    return;
  }
  clearTimeout(hinted);
  hinted = 0;
  refreshedAt = Date.now();
  htmx.trigger(document.body, "live:refresh");
}

// A ticket lasts half a day; the page's own address brings a fresh one, asked for once a minute at most.
function renewTicketLater() {
  setTimeout(renewTicket, Math.max(0, renewedAt + RENEW_MS - performance.now()));
}

async function renewTicket() {
  renewedAt = performance.now();
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" }, signal: AbortSignal.timeout(POLL_MS) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("live-socket");
    document.getElementById("live-socket").replaceWith(fresh);
    htmx.process(fresh);
  } catch (error) {
    console.warn("No fresh ticket for live updates yet:", error);
    renewTicketLater();
  }
}

function show(next) {
  if (next === state) return;
  state = next;
  paint();
  announce();
}

function paint() {
  for (const sign of document.querySelectorAll("[data-live-sign]")) {
    if (sign.textContent !== SIGNS[state]) sign.textContent = SIGNS[state];
    for (const name of Object.keys(SIGNS)) sign.classList.toggle(`is-${name}`, name === state);
  }
}

// Said aloud only when live updates are lost for good and when they are back, never for a short gap.
function announce() {
  const isLost = state === "polling";
  if (isLost === hasAnnouncedLoss || !ANNOUNCEMENTS[state]) return;
  hasAnnouncedLoss = isLost;
  document.getElementById("status").textContent = ANNOUNCEMENTS[state];
}
