/** Functions that build elements. Text is always inserted as text nodes, never as markup. */

import { fillTexts } from "./texts.js";

/** `make("button.send", {type: "button", onclick}, "text", node)`; data-* and aria-* as attributes. */
export function make(selector, properties = {}, ...children) {
  const [tag, ...classes] = selector.split(".");
  const element = document.createElement(tag || "div");
  element.classList.add(...classes);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  fillTexts(element);
  return element;
}

export function button(selector, properties, ...children) {
  return make(`button${selector}`, { type: "button", ...properties }, ...children);
}

const SVG = "http://www.w3.org/2000/svg";

/** Return an icon of 24 × 24; `path` comes from this code, never from the network. */
export function sign(path, filled = false) {
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.setAttribute("aria-hidden", "true");
  picture.classList.add("sign");
  if (filled) picture.classList.add("filled");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  picture.append(line);
  return picture;
}

export const SIGNS = {
  send: "M3.4 20.4 21 12 3.4 3.6 3.4 10.2 15 12 3.4 13.8Z",
  attach: "M20.5 11.5 12 20a5.6 5.6 0 0 1-8-8l9-8.6a3.8 3.8 0 0 1 5.4 5.4L9.7 17.2a2 2 0 0 1-2.8-2.8l7.6-7.4",
  down: "M6 9l6 6 6-6",
  close: "M6 6l12 12M18 6 6 18",
  hide: "M5 12h14",
  menu: "M4 7h16M4 12h16M4 17h16",
  more: "M12 5v.01M12 12v.01M12 19v.01",
  check: "M2.5 12.5l4.5 4.5L16 7M11.5 16l1 1L21.500 7",
  file: "M6 3h8l5 5v13H6ZM14 3v5h5",
  pencil: "M4 20l1-4L16 5l3 3L8 19Z",
  reply: "M10 6 4 12l6 6M4 12h10a6 6 0 0 1 6 6",
  tick: "M5 12.500l4.500 4.500L19 7",
};

const COLOURS = ["#c2554d", "#b3702a", "#7d63c8", "#2e8b62", "#2f86a6", "#3f74c9", "#b95a8a"];

/** Return the initials and the colour of a person without a picture. */
export function avatar(name, seed) {
  const words = name.trim().split(/\s+/);
  const letters = (words.length > 1 ? [words.at(-2), words.at(-1)] : words).map((word) => [...word][0] ?? "");
  const circle = make("span.avatar", { "aria-hidden": "true" }, letters.join("").toUpperCase());
  circle.style.setProperty("--colour", COLOURS[Math.abs(seed) % COLOURS.length]);
  return circle;
}

/** Show a short sentence at the bottom of the page for some seconds; a repeated one is shown once. */
export function notice(sentence) {
  const line = make("p.notice", {}, sentence);
  const notices = document.querySelector(".notices");
  for (const one of [...notices.children]) if (one.textContent === sentence) one.remove();
  notices.append(line);
  setTimeout(() => line.remove(), 5000);
}
