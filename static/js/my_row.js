// Fragments are the same for everybody; which row is mine is marked here. When a swap brings my first row, "my-row:came"
// tells the rest of the page, which may still say that I am not on the board.
import { afterEverySwap } from "./swaps.js";

let hasRow = true;

function mark(memberId) {
  const rows = document.querySelectorAll(`[data-member-id="${memberId}"]:not(body)`);
  for (const row of rows) {
    row.classList.add("is-me");
    row.setAttribute("aria-current", "true");
  }
  const hadRow = hasRow;
  hasRow = rows.length > 0;
  if (hasRow && !hadRow) htmx.trigger(document.body, "my-row:came");
}

export function start() {
  const memberId = document.body.dataset.memberId;
  if (memberId) afterEverySwap(() => mark(memberId));
}
