/** One telephone: its person, and the chat with the bot. */

import { get, post } from "./api.js";
import { Composer } from "./composer.js";
import { showAlert } from "./dialogs.js";
import { avatar, button, make, notice, sign, SIGNS } from "./dom.js";
import { arrowKeys, messageMenu } from "./menu.js";
import { wordsOf } from "./message.js";
import { Presses } from "./presses.js";
import { deepLink, visit } from "./richtext.js";
import { fillTexts, inLanguage, text } from "./texts.js";
import { Thread } from "./thread.js";
import { hourOf, now } from "./time.js";

const BATTERY = "M3 8.500h15v7H3ZM20 10.500v3";
const WAVES = "M4 10a12 12 0 0 1 16 0M7 13.500a7.500 7.500 0 0 1 10 0M10 17a3 3 0 0 1 4 0";

export class Phone {
  /** `around`: bot, hide(phone), openLink(code), changed(phone) when the unread count changes. */
  constructor(person, around) {
    this.around = around;
    this.backlog = null;
    this.presses = new Presses();
    this.thread = new Thread({
      open: (address) => this.openLink(address),
      command: (words) => this.tell(this.act("text", { text: words })),
      copy,
      press: (...pressed) => this.press(...pressed),
      menu: (event, entry) => this.showMenu(event, entry),
      reply: ({ message }) => this.reply(message),
    }, () => around.changed(this));
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
      last: () => this.thread.lastOwn,
      busy: (key) => this.setPresence(key),
    });
    this.start = button(".start", { "data-text": "start", onclick: () => this.begin() });
    this.unblock = button(".start", { "data-text": "unblock", onclick: () => this.setBlocked(false) });
    this.toasts = make("div.toasts", { role: "status", "aria-live": "polite" });
    this.presence = make("small.presence", { "data-text": "bot" });
    this.device = make("div.device", {}, this.statusBar(), this.chatHead(), this.chat(), this.foot());
    this.element = make("section.phone", { "data-phone": person.id, "data-name": person.name,
      "data-label": "phoneOf", "data-values": JSON.stringify({ name: person.name }) }, this.personaBar(), this.device);
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
    const item = (key, act) => button(".item", { role: "menuitem", "data-text": key, onclick: () => { more.hidden = true; act(); } });
    const block = item("block", () => this.setBlocked(true));
    this.again = item("openInvitation", () => this.begin());
    const more = make("div.popup.more-list", { role: "menu", hidden: true }, block, this.again);
    const toggle = button(".more", { "data-label": "moreActions", onclick: () => { more.hidden = !more.hidden; if (!more.hidden) block.focus(); } }, sign(SIGNS.more));
    more.addEventListener("focusout", (event) => { if (event.relatedTarget !== toggle && !more.contains(event.relatedTarget)) more.hidden = true; });
    more.addEventListener("keydown", (event) => { if (event.key === "Escape") toggle.focus(); else arrowKeys(event, more); });
    this.more = toggle;
    return make("div.chat-head", {}, make("img.bot-picture", { src: "/page/icon.svg", alt: "" }),
      make("div.bot-name", {}, make("strong", {}, this.around.bot.name), this.presence), toggle, more);
  }

  chat() {
    this.empty = make("div.empty", {}, make("img", { src: "/page/icon.svg", alt: "", width: 56, height: 56 }),
      make("strong", { "data-text": "emptyTitle" }), make("p", { "data-text": "emptyText" }));
    this.link = make("a.link", { href: "#", onclick: (event) => { event.preventDefault(); this.begin(); } });
    this.invited = make("p.invited", { hidden: true }, make("span", { "data-text": "emptyInvited" }), this.link);
    this.empty.append(this.invited);
    return make("div.chat", {}, this.thread.log, this.empty, this.toasts, this.thread.down, make("div.drop-here", { "data-text": "dropHere" }));
  }

  foot() {
    return make("footer.foot", {}, this.composer.element, this.start, this.unblock);
  }

  // ---- events of the simulator

  update(person) {
    this.person = person;
    const { started, blocked, start } = person;
    this.personLabel.textContent = inLanguage(person.label);
    this.language.textContent = (person.language || "vi").slice(0, 2).toUpperCase();
    this.composer.element.hidden = !started || blocked;
    this.start.hidden = started || blocked;
    this.unblock.hidden = !blocked;
    this.more.hidden = !started || blocked;
    this.invited.hidden = !start;
    this.link.textContent = start ? `t.me/${this.around.bot.username}?start=${start}` : "";
    this.again.hidden = !start;
    this.element.classList.toggle("blocked", Boolean(blocked));
    this.element.classList.toggle("zalo", person.messenger === "zalo");
    this.showEmpty();
  }

  /** Load the current chat; loads run one after the other. */
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
    this.presses.endAll();
    this.thread.fill(messages);
    this.composer.setCommands(commands);
    this.showEmpty();
  }

  take(event) {
    if (this.backlog) this.backlog.push(event); // the chat is being loaded
    else if (event.type === "message" || event.type === "edit") this.put(event.entry ?? event);
    else if (event.type === "delete") this.remove(event.message_id);
    else if (event.type === "answered") this.presses.endAll();
    else if (event.type === "toast") this.answer(event);
    else if (event.type === "typing") this.typing();
    else if (event.type === "commands") this.composer.setCommands(event.commands);
  }

  put(entry) {
    this.presses.end(entry.message.message_id);
    const answered = !entry.mine && !this.thread.find(entry.message.message_id);
    this.thread.put(entry);
    if (answered) {
      this.setPresence(null);
      this.presses.endAll();
    }
    this.showEmpty();
  }

  remove(id) {
    this.thread.remove(id);
    if (this.composer.context?.message.message_id === id) this.composer.setContext(null);
    this.showEmpty();
  }

  answer({ text: words, alert }) {
    this.presses.endAll();
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

  showEmpty() {
    this.empty.hidden = !this.thread.empty;
  }

  tick() {
    this.deviceTime.textContent = hourOf(now());
  }

  // ---- actions of the person

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

  press(given, element, message, byPointer) {
    if (given.url) return void (this.openLink(given.url) || visit(given.url));
    if (given.copy_text) return void copy(given.copy_text.text);
    const free = this.presses.begin(message.message_id, element);
    if (!free) return undefined; // a double click is one press
    if (byPointer) this.composer.focus(); // what the person types next goes to the bot
    const work = this.act("press", { message_id: message.message_id, data: given.callback_data });
    return this.tell(work.catch((error) => { free(); throw error; }));
  }

  reply(message) {
    if (!this.composer.element.hidden) this.composer.setContext({ kind: "reply", message });
  }

  showMenu(event, { message, mine }) {
    if (!getSelection().isCollapsed || event.target.closest("a, img, input")) return;
    event.preventDefault();
    const words = wordsOf(message);
    const choices = [["reply", () => this.reply(message)]];
    if (mine && words) choices.push(["edit", () => this.composer.setContext({ kind: "edit", message })]);
    if (words) choices.push(["copy", () => copy(words)]);
    messageMenu(this.device, event, choices, () => this.composer.focus());
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
