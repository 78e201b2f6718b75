/** The messages of one chat on its telephone: their order, the scroll position, the unread count. */

import { button, make, sign, SIGNS } from "./dom.js";
import { bubble, wordsOf } from "./message.js";
import { dayOf } from "./time.js";

const NEAR = 48; // pixels from the end that still count as the end

export class Thread {
  /** `actions` are those of a bubble; `changed()` is called when the unread count changes. */
  constructor(actions, changed) {
    this.actions = { ...actions, find: (id) => this.find(id) };
    this.changed = changed;
    this.entries = new Map();
    this.unread = 0;
    this.following = true; // the view scrolls to each new message
    this.log = make("div.log", { role: "log", "data-label": "messages", tabindex: 0 });
    this.down = button(".down", { "data-label": "scrollDown", hidden: true, onclick: () => this.scrollToEnd(true) },
      sign(SIGNS.down), make("span.count"));
    this.log.addEventListener("scroll", () => this.scrolled());
    this.ending = false; // … and its buttons, though its top is out of sight
    new ResizeObserver(() => this.settle()).observe(this.log);
  }

  get empty() {
    return this.entries.size === 0;
  }

  /** Return the person's newest message that has a text. */
  get lastOwn() {
    return [...this.entries.values()].filter((entry) => entry.mine && wordsOf(entry.message)).at(-1)?.message;
  }

  // ---- messages

  fill(messages) {
    const first = this.empty;
    this.entries = new Map(messages.map((entry) => [entry.message.message_id, entry]));
    this.rewrite();
    if (first) this.scrollToEnd();
  }

  /** Draw all messages again: in another language their dates and times differ. */
  rewrite() {
    this.log.replaceChildren();
    for (const entry of this.entries.values()) this.place(entry);
    this.settle();
  }

  /** Add or replace a message. */
  put(entry) {
    const before = this.find(entry.message.message_id);
    this.entries.set(entry.message.message_id, entry);
    if (before) {
      const atEnd = this.atEnd;
      const focused = before.contains(document.activeElement);
      const after = bubble(entry, this.actions);
      before.replaceWith(after);
      if (focused) (after.querySelector(".inline") ?? this.log).focus({ preventScroll: true }); // a person who uses the keyboard keeps the focus here
      if (atEnd || this.following) this.scrollToEnd(atEnd); // a view at the bottom stays there
      return;
    }
    this.place(entry).classList.add("fresh");
    if (entry.mine || this.following) this.scrollToEnd();
    if (!entry.mine && (!this.visible || !this.following)) this.setUnread(this.unread + 1);
  }

  remove(id) {
    this.find(id)?.remove();
    this.entries.delete(id);
  }

  find(id) {
    return this.log.querySelector(`.bubble[data-message="${Number(id)}"]`);
  }

  place(entry) {
    const day = dayOf(new Date(entry.message.date * 1000));
    if (this.log.lastElementChild === null || this.lastDay !== day) this.log.append(make("p.day", {}, day));
    this.lastDay = day;
    const element = bubble(entry, this.actions);
    this.log.append(element);
    return element;
  }

  // ---- scrolling and unread

  get visible() {
    return this.log.clientHeight > 0 && !document.hidden;
  }

  get atEnd() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR;
  }

  /** Scroll to the newest message; to its top if it is higher than the screen. */
  scrollToEnd(toTheVeryEnd = false) {
    const newest = this.log.lastElementChild;
    this.following = true;
    this.ending = toTheVeryEnd;
    const end = this.log.scrollHeight - this.log.clientHeight;
    const top = newest ? newest.offsetTop - 8 : end;
    this.expected = toTheVeryEnd ? end : Math.min(end, top);
    this.log.scrollTop = this.expected;
    if (this.visible) this.setUnread(0);
    this.showDown();
  }

  /** Keep the same messages in view after the size of the view has changed. */
  settle() {
    if (this.following) this.scrollToEnd(this.ending);
  }

  scrolled() {
    if (Math.abs(this.log.scrollTop - (this.expected ?? -9)) > 2 && this.visible) {
      this.following = this.atEnd;
      this.ending = this.atEnd;
      this.expected = undefined;
    }
    this.seen();
    this.showDown();
  }

  /** Set the unread count to 0 when the end is in view. */
  seen() {
    if (this.atEnd && this.visible) this.setUnread(0);
  }

  setUnread(count) {
    this.unread = count;
    this.down.querySelector(".count").textContent = count || "";
    this.showDown();
    this.changed();
  }

  showDown() {
    this.down.hidden = this.atEnd;
  }
}
