// Starts every behaviour of the pages; each module does one thing.
import { start as startCountdown } from "./countdown.js";
import { start as startLive } from "./live.js";
import { start as startMenus } from "./menus.js";
import { start as startMyRow } from "./my_row.js";
import { start as startPause } from "./pause.js";
import { start as startProjector } from "./projector.js";
import { start as startSpoken } from "./spoken.js";
import { start as startThemeButtons } from "./theme_buttons.js";
import { start as startTimes } from "./times.js";

for (const start of [
  startTimes, startCountdown, startMyRow, startLive, startPause, startSpoken, startProjector, startMenus, startThemeButtons,
]) start();
