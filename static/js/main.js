// Starts every behaviour of the pages; each module does one thing. Those of boards are fetched where there is one.
import { start as startCountdown } from "./countdown.js";
import { start as startLive } from "./live.js";
import { start as startMenus } from "./menus.js";
import { start as startMyRow } from "./my_row.js";
import { start as startThemeButtons } from "./theme_buttons.js";
import { start as startTimes } from "./times.js";

const OF_BOARDS = { "[data-pause]": "./pause.js", "[data-spoken]": "./spoken.js", "[data-projector]": "./projector.js" };

for (const start of [startTimes, startCountdown, startMyRow, startLive, startMenus, startThemeButtons]) start();
for (const [sign, module] of Object.entries(OF_BOARDS)) {
  if (document.querySelector(sign)) import(module).then(({ start }) => start());
}
