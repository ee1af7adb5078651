// The three buttons of the footer: as the system, light, dark.

function choose(theme) {
  if (theme === "system") {
    localStorage.removeItem("theme");
    delete document.documentElement.dataset.theme;
  } else {
    localStorage.setItem("theme", theme);
    document.documentElement.dataset.theme = theme;
  }
}

function show(buttons) {
  const chosen = localStorage.getItem("theme") ?? "system";
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
