/** Small menus: moving in them by arrow keys, and the menu of a message. */

import { button, make } from "./dom.js";

/** Move the focus among the items of `list` with the arrow keys; return whether it moved. */
export function arrowKeys(event, list) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return false;
  const items = [...list.querySelectorAll(".item")];
  const at = items.indexOf(document.activeElement);
  event.preventDefault();
  items[(at + step + items.length) % items.length]?.focus();
  return true;
}

/** Open a menu inside of `device` at the pointer. `choices`: [key of the text, function]. */
export function messageMenu(device, pointer, choices, giveFocusBack) {
  device.querySelector(".message-menu")?.remove();
  const items = choices.map(([key, act]) =>
    button(".item", { role: "menuitem", "data-action": key, onclick: () => { menu.hidden = true; act(); } },
      make("span", { "data-text": key })));
  const menu = make("div.popup.message-menu", { role: "menu" }, ...items);
  const frame = device.getBoundingClientRect();
  const within = (at, room, size) => `${Math.max(8, Math.min(at, room - size - 8))}px`;
  device.append(menu);
  menu.style.left = within(pointer.clientX - frame.left, device.clientWidth, menu.offsetWidth);
  menu.style.top = within(pointer.clientY - frame.top, device.clientHeight, menu.offsetHeight);
  items[0].focus();
  menu.addEventListener("focusout", (left) => {
    if (!menu.contains(left.relatedTarget)) setTimeout(() => menu.remove()); // removing the menu also triggers this event
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape") giveFocusBack();
    else arrowKeys(event, menu);
  });
}
