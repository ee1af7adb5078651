// Fragments are the same for everybody; which row is mine is marked here.
import { afterEverySwap } from "./swaps.js";

function mark(memberId) {
  for (const row of document.querySelectorAll(`[data-member-id="${memberId}"]:not(body)`)) {
    row.classList.add("is-me");
    row.setAttribute("aria-current", "true");
  }
}

export function start() {
  const memberId = document.body.dataset.memberId;
  if (memberId) afterEverySwap(() => mark(memberId));
}
