// Runs before the first paint, so that a remembered theme does not flash; the buttons are in theme_buttons.js.
try {
  const remembered = JSON.parse(localStorage.getItem("theme"));
  if (remembered === "light" || remembered === "dark") document.documentElement.dataset.theme = remembered;
} catch {
  // A browser that keeps nothing gets the system's colours.
}
