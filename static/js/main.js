// Starts every behaviour of the pages; each module does one thing. Those of few pages are fetched where they are needed.
import { start as startLive } from "./live.js";
import { start as startMenus } from "./menus.js";
import { start as startMyRow } from "./my_row.js";
import { afterEverySwap } from "./swaps.js";
import { start as startThemeButtons } from "./theme_buttons.js";
import { start as startTimes } from "./times.js";

const OF_FEW_PAGES = {
  "[data-countdown]": "./countdown.js",
  "[data-pause]": "./pause.js",
  "[data-spoken]": "./spoken.js",
  "[data-projector]": "./projector.js",
};

function fetchWhatIsNeeded() {
  for (const [sign, module] of Object.entries(OF_FEW_PAGES)) {
    if (!document.querySelector(sign)) continue;
    delete OF_FEW_PAGES[sign];
    import(module).then(({ start }) => start());
  }
}

for (const start of [startTimes, startMyRow, startLive, startMenus, startThemeButtons]) start();
afterEverySwap(fetchWhatIsNeeded);
addEventListener("pageshow", ({ persisted }) => { if (persisted) import("./tokens.js").then(({ renew }) => renew(location.href)); });
