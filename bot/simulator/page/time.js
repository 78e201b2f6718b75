/** The demo's time, always shown in the time zone of Vietnam. */

import { currentLanguage } from "./texts.js";

const ZONE = "Asia/Ho_Chi_Minh";

function written(moment, options) {
  const locale = currentLanguage() === "en" ? "en-GB" : "vi-VN";
  return new Intl.DateTimeFormat(locale, { timeZone: ZONE, ...options }).format(moment);
}

export function hourOf(moment) {
  return written(moment, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

export function dateOf(moment) {
  const day = written(moment, { weekday: "long" });
  const date = written(moment, { day: "2-digit", month: "2-digit", year: "numeric" });
  return `${day[0].toUpperCase()}${day.slice(1)}, ${date}`;
}

export function dayOf(moment) {
  return written(moment, { day: "numeric", month: "long" });
}

let shown = Date.now();
let since = performance.now();

/** Set the demo's clock; it continues from there at normal speed. */
export function setClock(iso) {
  shown = new Date(iso).getTime();
  since = performance.now();
}

export function now() {
  return new Date(shown + performance.now() - since);
}
