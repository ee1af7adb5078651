// "Pause updates": the board stands still, and the button counts what waits; resuming fetches the newest. Other scripts see
// it by data-paused on the body.
const A_NEW_BOARD = /class="board"|id="live-hint"[^>]*data-at/; // the hint of a reconnection has no moment

let isPaused = false;
let waiting = 0;

function label(button) {
  const wait = waiting === 1 ? "1 update waits" : `${waiting} updates wait`;
  button.textContent = isPaused ? (waiting ? `Resume · ${wait}` : "Resume updates") : "Pause updates";
}

function toggle(button) {
  isPaused = !isPaused;
  waiting = 0;
  document.body.toggleAttribute("data-paused", isPaused);
  label(button);
  if (!isPaused) htmx.trigger(document.body, "live:refresh");
}

export function start() {
  const button = document.querySelector("[data-pause]");
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", () => toggle(button));
  document.addEventListener("htmx:wsBeforeMessage", (event) => {
    if (!isPaused) return;
    event.preventDefault();
    if (A_NEW_BOARD.test(event.detail.message)) waiting += 1;
    label(button);
  });
  for (const name of ["htmx:beforeRequest", "htmx:beforeSwap"]) {
    document.addEventListener(name, (event) => {
      if (isPaused && event.detail.requestConfig?.elt.matches("[data-live-refresh]")) event.preventDefault();
    });
  }
}
