// The menus of the header open without a script; closing them by Escape or a click elsewhere needs this one.

function close(menu, focusBack) {
  menu.open = false;
  if (focusBack) menu.querySelector("summary").focus();
}

export function start() {
  const openMenus = () => document.querySelectorAll("details.menu[open]");
  document.addEventListener("click", (event) => {
    for (const menu of openMenus()) if (!menu.contains(event.target)) close(menu, false);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") for (const menu of openMenus()) close(menu, menu.contains(event.target));
  });
}
