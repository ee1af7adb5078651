// Whether the page is dark, and when that changes: by the buttons of the footer or by the system.

const SYSTEM = matchMedia("(prefers-color-scheme: dark)");

export function isDark() {
  return (document.documentElement.dataset.theme ?? (SYSTEM.matches ? "dark" : "light")) === "dark";
}

export function afterEveryColourChange(update) {
  new MutationObserver(update).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  SYSTEM.addEventListener("change", update);
}
