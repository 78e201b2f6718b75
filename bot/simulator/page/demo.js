/** The page: telephones next to each other, the demo's clock, the bot's switch, and the events that update them. */

import { follow, get, post } from "./api.js";
import { askForPhone, choosePhone } from "./dialogs.js";
import { avatar, button, make, notice } from "./dom.js";
import { Phone } from "./phone.js";
import { currentLanguage, fillTexts, inLanguage, rememberLanguage, switchLanguage, text } from "./texts.js";
import { dateOf, hourOf, now, setClock } from "./time.js";

const strip = document.querySelector(".phones");
const chips = document.querySelector(".chips");
const power = document.querySelector(".power");
const again = document.querySelector(".again");
const clockBox = document.querySelector(".clock");
const mover = document.querySelector(".move");
const narrow = matchMedia("(max-width: 719px)");

const phones = new Map();
const hidden = new Set();
let bot = { name: "Bot", username: "" };
const SILENCE = 4000; // ms within which the bot sends its messages after a move of the clock
let botMessages = 0; // messages of the bot since the page was loaded
let chosen = null; // the only telephone that a narrow window shows

// ---- telephones

function addPhone(person) {
  const known = phones.get(person.id);
  if (known) {
    known.update(person);
    return known;
  }
  const phone = new Phone(person, { bot, hide, openLink, changed: showChip });
  phones.set(person.id, phone);
  strip.append(phone.element);
  chips.append(chipOf(phone));
  chosen ??= person.id;
  arrange();
  phone.tick();
  return phone;
}

function chipOf(phone) {
  const { id, name } = phone.person;
  return button(
    ".chip",
    { "data-chip": id, "data-hint": "showPhone", "data-values": JSON.stringify({ name }), onclick: () => pressChip(phone) },
    avatar(name, id),
    make("span.chip-name", {}, name),
    make("span.badge", { hidden: true }),
  );
}

function pressChip(phone) {
  if (narrow.matches) {
    chosen = phone.id;
    arrange();
    return;
  }
  if (hidden.has(phone.id)) {
    show(phone);
  } else if (inSight(phone)) {
    hide(phone);
  } else {
    bring(phone);
  }
}

/** Return whether the telephone is in the visible part of the window. */
function inSight(phone) {
  const { left, right } = phone.element.getBoundingClientRect();
  return left > -1 && right < innerWidth + 1;
}

function bring(phone) {
  phone.element.scrollIntoView({ behavior: "smooth", block: "nearest", inline: "nearest" });
}

function hide(phone) {
  hidden.add(phone.id);
  arrange();
}

function show(phone) {
  hidden.delete(phone.id);
  chosen = phone.id;
  arrange();
  bring(phone);
}

/** Show the chosen telephones and hide the others. */
function arrange() {
  for (const phone of phones.values()) {
    const seen = narrow.matches ? phone.id === chosen : !hidden.has(phone.id);
    phone.element.hidden = !seen;
    const chip = chips.querySelector(`[data-chip="${phone.id}"]`);
    chip?.setAttribute("aria-pressed", String(seen));
    if (seen && narrow.matches) chip?.scrollIntoView({ block: "nearest", inline: "nearest" });
    if (seen) phone.thread.settle();
  }
  strip.classList.toggle("all-hidden", [...phones.values()].every((phone) => phone.element.hidden));
  strip.dataset.empty = text("allHidden");
}

function showChip(phone) {
  const badge = chips.querySelector(`[data-chip="${phone.id}"] .badge`);
  if (badge) {
    badge.hidden = !phone.thread.unread;
    badge.textContent = phone.thread.unread || "";
    badge.setAttribute("aria-label", text("unread", { count: phone.thread.unread }));
  }
  const all = [...phones.values()].reduce((sum, { thread }) => sum + thread.unread, 0);
  document.title = `${all ? `(${all}) ` : ""}${text("title")} – demo`;
}

// ---- the bot's own page on a computer

let boards = [];

function showBoards() {
  const box = document.querySelector(".boards");
  box.hidden = !boards.length;
  for (const old of box.querySelectorAll("a")) old.remove();
  box.append(...boards.map(({ key, label }) =>
    make("a", { href: `/sim/board/${key}`, target: "_blank", rel: "noopener", "data-board": key }, inLanguage(label))));
}

function createPhone(code) {
  askForPhone(async (asked) => {
    const person = await post("/sim/phones", asked);
    const phone = addPhone(person);
    await phone.load();
    show(phone);
  }, code ?? "", bot.guests);
}

function openLink(code) {
  choosePhone([...phones.values()].map(({ person }) => person), code, {
    choose: async (id) => {
      const phone = phones.get(id);
      show(phone);
      await phone.begin(code ?? "");
    },
    create: () => createPhone(code),
  });
}

// ---- clock

async function loadClock() {
  const clock = await get("/sim/clock");
  setClock(clock.now);
  showMoments(clock.moments);
  tick();
}

function showMoments(moments) {
  const row = document.querySelector(".moments");
  row.replaceChildren(
    ...moments.map(({ key, label }) =>
      button(".moment", { "data-moment": key, onclick: (event) => moveClock(key, event.currentTarget) }, inLanguage(label))),
  );
}

/** Show a notice when the bot sends nothing after a move of the clock. */
function explainSilence() {
  if (power.getAttribute("aria-checked") !== "true") return; // the page already shows that the bot is off
  const hour = Number(hourOf(now()).slice(0, 2));
  notice(text(hour >= 21 || hour < 7 ? "nothingAtNight" : "nothingNow"));
}

/** Open or close the list of moments, which a low window shows below their button. */
function openMoments(open) {
  clockBox.classList.toggle("open", open);
  mover.setAttribute("aria-expanded", String(open));
}

async function moveClock(key, pressed) {
  const buttons = [...document.querySelectorAll(".moment")];
  buttons.forEach((each) => (each.disabled = true));
  pressed.setAttribute("aria-busy", "true");
  const before = botMessages;
  try {
    await post("/sim/clock", { key });
    await loadClock();
    openMoments(false);
    setTimeout(() => botMessages === before && explainSilence(), SILENCE);
  } catch (error) {
    notice(text("failed", { reason: error.message }));
    buttons.forEach((each) => (each.disabled = false));
    pressed.removeAttribute("aria-busy");
  }
}

function tick() {
  const moment = now();
  document.querySelector(".now").dateTime = moment.toISOString();
  document.querySelector(".hour").textContent = hourOf(moment);
  document.querySelector(".date").textContent = dateOf(moment);
  for (const phone of phones.values()) phone.tick();
}

// ---- the bot's switch

function showBot(on) {
  power.setAttribute("aria-checked", String(on));
  document.querySelector(".bot-off").hidden = on;
}

async function switchBot() {
  const on = power.getAttribute("aria-checked") !== "true";
  await wait(power, post("/sim/bot", { on }).then((answer) => showBot(answer.on)));
}

// ---- events

async function loadEverything() {
  const state = await get("/sim/phones");
  bot = state.bot;
  boards = state.boards;
  showBoards();
  power.hidden = !bot.switchable;
  again.hidden = !bot.renewable;
  showBot(bot.on);
  const present = new Set(state.phones.map(({ id }) => id));
  for (const [id, phone] of phones) {
    if (present.has(id)) continue; // a restarted demo has other telephones
    phone.element.remove();
    chips.querySelector(`[data-chip="${id}"]`)?.remove();
    phones.delete(id);
  }
  if (!phones.has(chosen)) chosen = null;
  for (const person of state.phones) addPhone(person);
  await Promise.all([loadClock(), ...[...phones.values()].map((phone) => phone.load())]);
  document.querySelector(".offline").hidden = true;
  document.body.classList.add("loaded");
}

function take(event) {
  if (event.type === "clock") {
    setClock(event.now);
    tick();
    loadClock().catch(() => undefined);
  } else if (event.type === "bot") {
    showBot(event.on);
  } else if (event.type === "reload") {
    location.reload();
  } else if (event.type === "phone") {
    const fresh = !phones.has(event.id);
    const phone = addPhone(event);
    if (fresh) phone.load().catch(() => undefined); // the event stream itself shows a lost server
  } else {
    if (event.type === "message" && !event.mine) botMessages += 1;
    phones.get(event.phone)?.take(event);
  }
}

// ---- start again, language

async function startAgain() {
  if (!confirm(text("againAsk"))) return;
  await wait(again, post("/sim/again"));
}

/** Set the language of the page and, if the bot supports it, of the telephones. */
async function pressLanguage(pressed) {
  const { language } = pressed.dataset;
  chooseLanguage(language);
  rememberLanguage();
  if (bot.speaking) await wait(pressed, post("/sim/language", { language }));
}

async function wait(pressed, work) {
  pressed.disabled = true;
  pressed.setAttribute("aria-busy", "true");
  try {
    await work;
  } catch (error) {
    notice(text("failed", { reason: error.message }));
  } finally {
    pressed.disabled = false;
    pressed.removeAttribute("aria-busy");
  }
}

function chooseLanguage(language) {
  switchLanguage(language);
  for (const each of document.querySelectorAll("[data-language]")) {
    each.setAttribute("aria-pressed", String(each.dataset.language === currentLanguage()));
  }
  if (!phones.size) return;
  for (const phone of phones.values()) {
    phone.thread.rewrite();
    phone.update(phone.person);
  }
  loadClock().catch(() => undefined);
  showBoards();
  arrange();
}

power.addEventListener("click", switchBot);
document.querySelector(".add-phone").addEventListener("click", () => createPhone());
for (const each of document.querySelectorAll("[data-language]")) {
  each.addEventListener("click", () => pressLanguage(each));
}
again.addEventListener("click", startAgain);
mover.addEventListener("click", () => openMoments(!clockBox.classList.contains("open")));
document.addEventListener("pointerdown", (event) => {
  if (!clockBox.contains(event.target)) openMoments(false);
});
narrow.addEventListener("change", arrange);
document.addEventListener("visibilitychange", () => {
  for (const phone of phones.values()) phone.thread.seen();
});
fillTexts(document.body);
chooseLanguage(currentLanguage());
setInterval(tick, 1000);
follow({
  onConnect: loadEverything,
  onEvent: take,
  onLost: () => (document.querySelector(".offline").hidden = false),
});
