// Runs before the first paint, so that a remembered theme does not flash; the buttons are in theme_buttons.js.
const remembered = localStorage.getItem("theme");
if (remembered === "light" || remembered === "dark") document.documentElement.dataset.theme = remembered;
