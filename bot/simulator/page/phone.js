/** One telephone: who holds it, and its chat with the bot. */

import { get, post } from "./api.js";
import { Composer } from "./composer.js";
import { showAlert } from "./dialogs.js";
import { avatar, button, make, notice, sign, SIGNS } from "./dom.js";
import { bubble, wordsOf } from "./message.js";
import { deepLink, visit } from "./richtext.js";
import { fillTexts, text } from "./texts.js";
import { dayOf, hourOf, now } from "./time.js";

const NEAR = 48; // pixels from the end that still count as the end
const PATIENCE = 6000; // ms after which a pressed button may be pressed again
const BATTERY = "M3 8.500h15v7H3ZM20 10.500v3";
const WAVES = "M4 10a12 12 0 0 1 16 0M7 13.500a7.500 7.500 0 0 1 10 0M10 17a3 3 0 0 1 4 0";

export class Phone {
  /** `around`: bot, hide(phone), openLink(code), changed(phone) when the unread count moves. */
  constructor(person, around) {
    this.around = around;
    this.entries = new Map();
    this.unread = 0;
    this.backlog = null;
    this.following = true; // the newest message is kept in sight
    this.pressed = new Map();
    this.build(person);
    this.update(person);
  }

  get id() {
    return this.person.id;
  }

  build(person) {
    this.person = person;
    this.composer = new Composer(person, {
      send: (words, replyTo) => this.act("text", { text: words, reply_to: replyTo }),
      edit: (messageId, words) => this.act("edit", { message_id: messageId, text: words }),
      last: () => [...this.entries.values()].filter((entry) => entry.mine && wordsOf(entry.message)).at(-1)?.message,
      busy: (key) => this.setPresence(key),
    });
    this.log = make("div.log", { role: "log", "data-label": "messages", tabindex: 0 });
    this.down = button(".down", { "data-label": "scrollDown", hidden: true, onclick: () => this.scrollToEnd(true) },
      sign(SIGNS.down), make("span.count"));
    this.start = button(".start", { "data-text": "start", onclick: () => this.begin() });
    this.unblock = button(".start", { "data-text": "unblock", onclick: () => this.setBlocked(false) });
    this.toasts = make("div.toasts", { role: "status", "aria-live": "polite" });
    this.presence = make("small.presence", { "data-text": "bot" });
    this.device = make("div.device", {}, this.statusBar(), this.chatHead(), this.chat(), this.foot());
    this.element = make("section.phone", { "data-phone": person.id, "data-name": person.name,
      "data-label": "phoneOf", "data-values": JSON.stringify({ name: person.name }) }, this.personaBar(), this.device);
    this.log.addEventListener("scroll", () => this.scrolled());
    new ResizeObserver(() => this.following && this.scrollToEnd()).observe(this.log);
    this.acceptDrops();
  }

  personaBar() {
    this.personLabel = make("p.label");
    this.language = make("span.language");
    return make("header.persona", {}, avatar(this.person.name, this.person.id),
      make("div.who", {}, make("h2", {}, this.person.name), this.personLabel), this.language,
      button(".hide", { "data-label": "hidePhone", "data-hint": "hidePhone", onclick: () => this.around.hide(this) }, sign(SIGNS.hide)));
  }

  statusBar() {
    this.deviceTime = make("time");
    return make("div.status-bar", { "aria-hidden": "true" }, this.deviceTime, make("span.camera"),
      make("span.signs", {}, sign(WAVES), sign(BATTERY)));
  }

  chatHead() {
    const block = button(".item", { role: "menuitem", "data-text": "block", onclick: () => { more.hidden = true; this.setBlocked(true); } });
    const more = make("div.popup.more-list", { role: "menu", hidden: true }, block);
    const toggle = button(".more", { "data-label": "moreActions", onclick: () => { more.hidden = !more.hidden; if (!more.hidden) block.focus(); } }, sign(SIGNS.more));
    more.addEventListener("focusout", (event) => { if (event.relatedTarget !== toggle) more.hidden = true; });
    more.addEventListener("keydown", (event) => { if (event.key === "Escape") toggle.focus(); });
    this.more = toggle;
    return make("div.chat-head", {}, make("img.bot-picture", { src: "/page/icon.svg", alt: "" }),
      make("div.bot-name", {}, make("strong", {}, this.around.bot.name), this.presence), toggle, more);
  }

  chat() {
    this.empty = make("div.empty", {}, make("img", { src: "/page/icon.svg", alt: "", width: 56, height: 56 }),
      make("strong", { "data-text": "emptyTitle" }), make("p", { "data-text": "emptyText" }));
    this.invited = make("p.invited", { "data-text": "emptyInvited", hidden: true });
    this.empty.append(this.invited);
    return make("div.chat", {}, this.log, this.empty, this.toasts, this.down, make("div.drop-here", { "data-text": "dropHere" }));
  }

  foot() {
    return make("footer.foot", {}, this.composer.element, this.start, this.unblock);
  }

  // ---- what the simulator tells

  update(person) {
    this.person = person;
    const { started, blocked, start } = person;
    this.personLabel.textContent = person.label || "";
    this.language.textContent = (person.language || "vi").slice(0, 2).toUpperCase();
    this.composer.element.hidden = !started || blocked;
    this.start.hidden = started || blocked;
    this.unblock.hidden = !blocked;
    this.more.hidden = !started || blocked;
    this.invited.hidden = !start;
    this.element.classList.toggle("blocked", Boolean(blocked));
    this.showEmpty();
  }

  /** Loads the chat as it stands; one loading after another. */
  load() {
    this.loading = (this.loading ?? Promise.resolve()).catch(() => undefined).then(() => this.reload());
    return this.loading;
  }

  async reload() {
    this.backlog = [];
    try {
      const { messages, commands } = await get(`/sim/phones/${this.id}/chat`);
      this.fill(messages, commands);
    } finally {
      const missed = this.backlog;
      this.backlog = null;
      for (const event of missed) this.take(event);
    }
  }

  fill(messages, commands) {
    const known = this.entries.size;
    this.entries = new Map(messages.map((entry) => [entry.message.message_id, entry]));
    this.log.replaceChildren();
    this.pressed.clear();
    for (const entry of this.entries.values()) this.place(entry);
    this.composer.setCommands(commands);
    this.showEmpty();
    if (this.following || !known) this.scrollToEnd();
  }

  take(event) {
    if (this.backlog) this.backlog.push(event); // the chat is being loaded
    else if (event.type === "message" || event.type === "edit") this.put(event.entry ?? event);
    else if (event.type === "delete") this.remove(event.message_id);
    else if (event.type === "answered") this.releaseAll();
    else if (event.type === "toast") this.answer(event);
    else if (event.type === "typing") this.typing();
    else if (event.type === "commands") this.composer.setCommands(event.commands);
  }

  put(entry) {
    const id = entry.message.message_id;
    const before = this.find(id);
    this.entries.set(id, entry);
    this.release(id);
    if (before) {
      before.replaceWith(this.made(entry));
      if (this.following) this.scrollToEnd();
      return;
    }
    if (!entry.mine) {
      this.setPresence(null);
      this.releaseAll();
    }
    const element = this.place(entry);
    element.classList.add("fresh");
    this.showEmpty();
    if (entry.mine || this.following) this.scrollToEnd();
    if (!entry.mine && (!this.visible || !this.following)) this.setUnread(this.unread + 1);
  }

  remove(id) {
    this.find(id)?.remove();
    this.entries.delete(id);
    this.showEmpty();
  }

  answer({ text: words, alert }) {
    this.releaseAll();
    if (!words) return;
    if (alert) return void showAlert(this.device, words);
    const toast = make("p.toast", {}, words);
    this.toasts.replaceChildren(toast);
    setTimeout(() => toast.remove(), 3500);
  }

  typing() {
    this.setPresence("typing");
    clearTimeout(this.typingEnd);
    this.typingEnd = setTimeout(() => this.setPresence(null), 5000);
  }

  setPresence(key) {
    this.presence.dataset.text = key ?? "bot";
    this.presence.classList.toggle("active", Boolean(key));
    fillTexts(this.presence);
  }

  // ---- messages on the screen

  made(entry) {
    return bubble(entry, {
      open: (address) => this.openLink(address),
      command: (words) => this.tell(this.act("text", { text: words })),
      press: (given, element, message) => this.press(given, element, message),
      find: (id) => this.find(id),
      menu: (event, chosen) => this.showMenu(event, chosen),
    });
  }

  place(entry) {
    const day = dayOf(new Date(entry.message.date * 1000));
    if (this.log.lastElementChild === null || this.lastDay !== day) {
      this.log.append(make("p.day", {}, day));
    }
    this.lastDay = day;
    const element = this.made(entry);
    this.log.append(element);
    return element;
  }

  find(id) {
    return this.log.querySelector(`.bubble[data-message="${Number(id)}"]`);
  }

  showEmpty() {
    this.empty.hidden = this.entries.size > 0;
  }

  tick() {
    this.deviceTime.textContent = hourOf(now());
  }

  /** In another language: dates and times are written anew. */
  rewrite() {
    const entries = [...this.entries.values()];
    this.log.replaceChildren();
    for (const entry of entries) this.place(entry);
    if (this.following) this.scrollToEnd();
  }

  // ---- scrolling and unread

  get visible() {
    return this.log.clientHeight > 0 && !document.hidden;
  }

  get atEnd() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR;
  }

  /** Shows the newest message; one higher than the screen from its top. */
  scrollToEnd(toTheVeryEnd = false) {
    const newest = this.log.lastElementChild;
    this.following = true;
    const end = this.log.scrollHeight - this.log.clientHeight;
    const top = newest ? newest.offsetTop - 8 : end;
    this.expected = toTheVeryEnd ? end : Math.min(end, top);
    this.log.scrollTop = this.expected;
    if (this.visible) this.setUnread(0);
    this.showDown();
  }

  scrolled() {
    if (Math.abs(this.log.scrollTop - (this.expected ?? -9)) > 2 && this.visible) {
      this.following = this.atEnd;
      this.expected = undefined;
    }
    if (this.atEnd && this.visible) this.setUnread(0);
    this.showDown();
  }

  setUnread(count) {
    this.unread = count;
    this.down.querySelector(".count").textContent = count || "";
    this.showDown();
    this.around.changed(this);
  }

  showDown() {
    this.down.hidden = this.atEnd;
  }

  // ---- what the person does

  act(action, body) {
    return post(`/sim/phones/${this.id}/${action}`, body);
  }

  tell(work) {
    return work.catch((error) => notice(text("failed", { reason: error.message })));
  }

  async begin(payload = this.person.start ?? undefined) {
    this.start.disabled = true;
    await this.tell(this.act("start", { payload: payload || undefined }));
    this.start.disabled = false;
  }

  async setBlocked(blocked) {
    await this.tell(this.act("block", { blocked }).then(() => this.update({ ...this.person, blocked })));
  }

  openLink(address) {
    const link = deepLink(address, this.around.bot.username);
    if (!link) return false;
    this.around.openLink(link.code);
    return true;
  }

  press(given, element, message) {
    if (given.url) return void (this.openLink(given.url) || visit(given.url));
    if (given.copy_text) return void copy(given.copy_text.text);
    if (element.getAttribute("aria-disabled") === "true") return undefined; // a double click is one press
    element.setAttribute("aria-disabled", "true");
    element.setAttribute("aria-busy", "true");
    const key = message.message_id;
    const free = () => {
      element.removeAttribute("aria-disabled");
      element.removeAttribute("aria-busy");
      clearTimeout(timer);
    };
    const timer = setTimeout(free, PATIENCE);
    this.pressed.set(key, [...(this.pressed.get(key) ?? []), free]);
    const work = this.act("press", { message_id: key, data: given.callback_data });
    return this.tell(work.catch((error) => { free(); throw error; }));
  }

  release(messageId) {
    this.pressed.get(messageId)?.forEach((free) => free());
    this.pressed.delete(messageId);
  }

  releaseAll() {
    for (const id of [...this.pressed.keys()]) this.release(id);
  }

  showMenu(event, entry) {
    const words = wordsOf(entry.message);
    if (!getSelection().isCollapsed || event.target.closest("a, img, input")) return;
    event.preventDefault();
    this.device.querySelector(".message-menu")?.remove();
    const item = (key, act) => button(".item", { role: "menuitem", "data-action": key, onclick: () => { menu.hidden = true; act(); } }, make("span", { "data-text": key }));
    const items = [item("reply", () => this.composer.setContext({ kind: "reply", message: entry.message }))];
    if (entry.mine && words) items.push(item("edit", () => this.composer.setContext({ kind: "edit", message: entry.message })));
    if (words) items.push(item("copy", () => copy(words)));
    const menu = make("div.popup.message-menu", { role: "menu" }, ...items);
    const frame = this.device.getBoundingClientRect();
    const within = (at, room, size) => `${Math.max(8, Math.min(at, room - size - 8))}px`;
    this.device.append(menu);
    menu.style.left = within(event.clientX - frame.left, this.device.clientWidth, menu.offsetWidth);
    menu.style.top = within(event.clientY - frame.top, this.device.clientHeight, menu.offsetHeight);
    items[0].focus();
    menu.addEventListener("focusout", (left) => {
      if (!menu.contains(left.relatedTarget)) setTimeout(() => menu.remove()); // its own removal also takes the focus
    });
    menu.addEventListener("keydown", (pressed) => {
      if (pressed.key === "Escape") this.composer.focus();
      else this.composer.listKey(pressed, menu);
    });
  }

  acceptDrops() {
    const over = (event) => {
      if (this.composer.element.hidden || ![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault();
      this.device.classList.add("dropping");
    };
    this.device.addEventListener("dragenter", over);
    this.device.addEventListener("dragover", over);
    this.device.addEventListener("dragleave", (event) => {
      if (!this.device.contains(event.relatedTarget)) this.device.classList.remove("dropping");
    });
    this.device.addEventListener("drop", (event) => {
      this.device.classList.remove("dropping");
      if (!this.composer.element.hidden) this.composer.take(event.dataTransfer.files, event);
    });
  }
}

async function copy(words) {
  try {
    await navigator.clipboard.writeText(words);
    notice(text("copied"));
  } catch (error) {
    notice(text("failed", { reason: error.message }));
  }
}
