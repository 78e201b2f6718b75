/** Refreshes the board's pages; without this script they work, but stay unchanged.
 *  The server sends an event for a change (server-sent events). The script then fetches the page
 *  again and replaces its main part. Key F: the meeting, or full screen; arrows: groups of a meeting. */
"use strict";

const SPREAD_MS = 400; // so that not all pages fetch at the same moment
const POLL_MS = 15000; // if the stream is refused
let stream = null; // of changes; null while the page is hidden
let fetching = false;
let again = false;

function main() { return document.getElementById("main"); }

/** Announce a text to screen readers; they announce changes of a region that is always there. */
function announce(selector) {
  const text = [...document.querySelectorAll(selector)].map((one) => one.textContent).join(". ");
  const region = document.getElementById("told");
  if (region.textContent !== text) region.textContent = text;
}

function offline(is) {
  for (const one of document.querySelectorAll(".offline")) one.hidden = !is;
  if (is) announce(".offline");
}

/** Return an element's nearest named ancestor, its index among the focusable elements there, and its top on the screen. */
const FOCUSABLE = "a[href], button, input, select, textarea, summary, [tabindex]";
function placeOf(element) {
  const named = element.closest("[id], [data-key]");
  const name = named.id ? `#${CSS.escape(named.id)}` : `[data-key="${CSS.escape(named.dataset.key)}"]`;
  return [name, [...named.querySelectorAll(FOCUSABLE)].indexOf(element), element.getBoundingClientRect().top];
}

/** Focus the element that replaced the focused one; if there is none, the main part. */
function focusAgain([name, place, top]) {
  const named = name === "#main" ? main() : main().querySelector(name);
  const found = place < 0 ? named : named?.querySelectorAll(FOCUSABLE)[place];
  if (!found) main().tabIndex = -1;
  (found ?? main()).focus({ preventScroll: true });
  if (found) window.scrollBy(0, found.getBoundingClientRect().top - top);
}

/** Replace the main part by the new one; mark changed parts for a moment. */
function replace(fresh, marked = true) {
  const old = main();
  const focused = old.contains(document.activeElement) ? placeOf(document.activeElement) : null;
  for (const one of old.querySelectorAll("details[open][id]")) fresh.querySelector(`#${CSS.escape(one.id)}`)?.setAttribute("open", "");
  for (const one of marked ? fresh.querySelectorAll("[data-key]") : []) {
    const before = old.querySelector(`[data-key="${CSS.escape(one.dataset.key)}"]`);
    if (before && before.innerHTML !== one.innerHTML) one.classList.add("changed");
  }
  for (const one of old.querySelectorAll("input[name]:not([type=hidden])")) {
    const same = one.value !== one.defaultValue && fresh.querySelector(`input[name="${CSS.escape(one.name)}"]`);
    if (same) same.value = one.value;
  }
  const at = [...old.querySelectorAll(".scroll")].map((one) => [one.scrollLeft, one.scrollTop]);
  old.replaceChildren(...fresh.childNodes);
  [...old.querySelectorAll(".scroll")].forEach((one, n) => at[n] && one.scrollTo(...at[n]));
  document.dispatchEvent(new Event("replaced"));
  if (focused) focusAgain(focused);
  if (marked) announce("[data-told]");
}

function refreshLater() { setTimeout(refresh); }

async function refresh() {
  if (fetching) { again = true; return; }
  const focused = document.activeElement;
  if (main().contains(focused) && typing(focused)) { // not while the person types
    focused.addEventListener("blur", refreshLater, { once: true });
    return;
  }
  fetching = true;
  try {
    const answer = await fetch(location.href, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("main");
    if (!answer.ok || answer.redirected || !fresh?.dataset.live) { location.reload(); return; }
    replace(fresh);
    offline(false);
  } catch { offline(true); } finally {
    fetching = false;
    if (again) { again = false; refresh(); }
  }
}

/** Only a page that is seen listens: a browser holds six connections to a host, and the seventh tab would wait for one. */
function listen() {
  if (stream || document.hidden) return;
  const opened = stream = new EventSource(main().dataset.live);
  opened.addEventListener("change", () => setTimeout(refresh, Math.random() * SPREAD_MS));
  opened.addEventListener("open", () => offline(false));
  opened.addEventListener("error", () => {
    if (opened.readyState !== EventSource.CLOSED || stream !== opened) return;
    stream = null;
    setTimeout(() => { if (!stream) lookAgain(); }, POLL_MS);
  });
}

function lookAgain() { if (!document.hidden) refresh().then(listen); }

function seenOrHidden() {
  if (document.hidden) { stream?.close(); stream = null; } else lookAgain();
}

function typing(target) { return target.matches("input:not([type=checkbox]), select, textarea"); }

function editing(target) { return target.closest("input, select, textarea") !== null; }

const KEYS = "board-keys"; // "off" if the person has switched off the keys in this browser

function boardKeysOn() { return localStorage.getItem(KEYS) !== "off"; }

function readyKeys() {
  for (const one of document.querySelectorAll(".heard")) {
    const box = one.querySelector("input");
    one.hidden = !document.querySelector("a[href*='/b/meet/']");
    box.checked = boardKeysOn();
    box.onchange = () => localStorage.setItem(KEYS, box.checked ? "on" : "off");
  }
}

document.addEventListener("keydown", (event) => {
  if (!boardKeysOn() || event.ctrlKey || event.metaKey || event.altKey || editing(event.target)) return;
  const meeting = main()?.dataset.meeting !== undefined;
  const go = (selector) => document.querySelector(selector)?.click();
  if (event.key === "f" || event.key === "F") {
    if (!meeting) go("a[href*='/b/meet/']");
    else if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen();
  } else if (meeting && (event.key === "ArrowRight" || event.key === "PageDown")) go("a[rel=next]");
  else if (meeting && (event.key === "ArrowLeft" || event.key === "PageUp")) go("a[rel=prev]");
});

// Change the group of a meeting without leaving full screen.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[href*='/b/meet/']");
  if (!link || !document.fullscreenElement || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const answer = await fetch(link.href, { credentials: "same-origin" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!answer.ok || !page.getElementById("main")?.dataset.live) { location.assign(link.href); return; }
  history.replaceState(null, "", link.href);
  document.body.className = page.body.className;
  replace(page.getElementById("main"), false);
});

// Ignore a second click: it would discard the response to the first, which may be shown only once.
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) { event.preventDefault(); return; }
  event.target.dataset.sent = "yes";
  setTimeout(() => delete event.target.dataset.sent, 3000);
});

readyKeys();
document.addEventListener("replaced", readyKeys);
if (document.querySelector(".noted")) setTimeout(announce, 300, ".noted p"); // screen readers announce only what changes after loading
if (main()?.dataset.live) { listen(); document.addEventListener("visibilitychange", seenOrHidden); }
