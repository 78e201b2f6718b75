/** The board's pages stay as they are without this; with it they change by themselves.
 *  A change is told by the server (server-sent events); then the page is fetched anew and its
 *  main part is replaced. F: the meeting, or the whole screen; arrows: the groups of a meeting. */
"use strict";

const SPREAD_MS = 400; // many pages don't ask in the same moment
const POLL_MS = 15000; // where the stream is refused
let fetching = false;
let again = false;

function main() { return document.getElementById("main"); }

function offline(is) {
  for (const one of document.querySelectorAll(".offline")) one.hidden = !is;
}

/** Put the new main part in the place of the old one; what differs is marked for a moment. */
function replace(fresh, marked = true) {
  const old = main();
  const focused = document.activeElement?.closest("a[href], [id]");
  const where = focused && old.contains(focused)
    ? (focused.id ? `#${CSS.escape(focused.id)}` : `a[href="${CSS.escape(focused.getAttribute("href"))}"]`) : null;
  for (const one of old.querySelectorAll("details[open][id]")) fresh.querySelector(`#${CSS.escape(one.id)}`)?.setAttribute("open", "");
  for (const one of marked ? fresh.querySelectorAll("[data-key]") : []) {
    const before = old.querySelector(`[data-key="${CSS.escape(one.dataset.key)}"]`);
    if (before && before.innerHTML !== one.innerHTML) one.classList.add("changed");
  }
  const at = [...old.querySelectorAll(".scroll")].map((one) => [one.scrollLeft, one.scrollTop]);
  old.replaceChildren(...fresh.childNodes);
  [...old.querySelectorAll(".scroll")].forEach((one, n) => at[n] && one.scrollTo(...at[n]));
  if (where) old.querySelector(where)?.focus({ preventScroll: true });
}

async function refresh() {
  if (fetching) { again = true; return; }
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

function listen(address) {
  const stream = new EventSource(address);
  stream.addEventListener("change", () => setTimeout(refresh, Math.random() * SPREAD_MS));
  stream.addEventListener("open", () => offline(false));
  stream.addEventListener("error", () => {
    if (stream.readyState !== EventSource.CLOSED) return;
    setTimeout(() => { refresh().then(() => listen(address)); }, POLL_MS);
  });
}

function editing(target) { return target.closest("input, select, textarea") !== null; }

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || editing(event.target)) return;
  const meeting = main()?.dataset.meeting !== undefined;
  const go = (selector) => document.querySelector(selector)?.click();
  if (event.key === "f" || event.key === "F") {
    if (!meeting) go("a[href*='/b/meet/']");
    else if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen();
  } else if (meeting && (event.key === "ArrowRight" || event.key === "PageDown")) go("a[rel=next]");
  else if (meeting && (event.key === "ArrowLeft" || event.key === "PageUp")) go("a[rel=prev]");
});

// A meeting's group changes without leaving the whole screen.
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

// Two clicks are one: the answer to the first would be lost, and it may hold what is shown once.
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) { event.preventDefault(); return; }
  event.target.dataset.sent = "yes";
  setTimeout(() => delete event.target.dataset.sent, 3000);
});

if (main()?.dataset.live) listen(main().dataset.live);
