// The three buttons of the footer: as the system, light, dark.

import { recall, remember } from "./memory.js";

function choose(theme) {
  remember("theme", theme);
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

function show(buttons) {
  const chosen = recall("theme") ?? "system";
  for (const button of buttons) button.setAttribute("aria-pressed", String(button.value === chosen));
}

export function start() {
  const group = document.querySelector("[data-theme-buttons]");
  const buttons = group.querySelectorAll("button");
  group.hidden = false;
  show(buttons);
  group.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    choose(button.value);
    show(buttons);
  });
}
