// A morph takes away what scripts put on the page: `afterEverySwap` puts it on again, at once and after each swap,
// before anything is painted.

export function afterEverySwap(update) {
  update();
  for (const name of ["htmx:afterSwap", "htmx:oobAfterSwap"]) document.body.addEventListener(name, update);
}
