/** The input area of a chat: commands, the draft, files to send, a message that is being edited or answered. */

import { upload } from "./api.js";
import { button, make, notice, sign, SIGNS } from "./dom.js";
import { arrowKeys } from "./menu.js";
import { wordsOf } from "./message.js";
import { samplePhoto, sampleSticker, sampleVoice } from "./samples.js";
import { text } from "./texts.js";

const LARGEST = 20 * 1024 * 1024;
const PICTURES = ["image/jpeg", "image/png", "image/webp"];

export class Composer {
  /** `actions`: send(text, reply to), edit(message id, text), last() → newest own text message, busy(sentence key or null). */
  constructor(phone, actions) {
    this.phone = phone;
    this.actions = actions;
    this.commands = [];
    this.files = [];
    this.context = null; // {kind: "edit" | "reply", message}
    this.sending = false;
    this.build();
  }

  build() {
    this.menu = button(".menu", { "data-label": "commands", "aria-expanded": "false", onclick: () => this.toggleCommands() },
      sign(SIGNS.menu), make("span", { "data-text": "menu" }));
    this.draft = make("textarea.draft", { rows: 1, "data-label": "draft", "data-placeholder": "draft", autocomplete: "off", enterkeyhint: "send" });
    this.attach = button(".attach", { "data-label": "attach", "aria-expanded": "false", onclick: () => this.toggleAttach() }, sign(SIGNS.attach));
    this.send = button(".send", { "data-label": "send", onclick: () => this.submit() }, sign(SIGNS.send, true));
    this.picker = make("input.picker", { type: "file", multiple: true, hidden: true, "data-label": "file" });
    this.notes = make("div.notes");
    this.list = make("div.popup.command-list", { role: "menu", "data-label": "commands", hidden: true });
    this.attachList = make("div.popup.attach-list", { role: "menu", "data-label": "attach", hidden: true }, ...this.attachChoices());
    this.element = make("div.composer", {}, this.list, this.attachList, this.notes,
      make("div.line", {}, this.menu, this.draft, this.attach, this.send, this.picker));
    this.draft.addEventListener("input", () => this.written());
    this.draft.addEventListener("keydown", (event) => this.key(event));
    this.draft.addEventListener("paste", (event) => this.take(event.clipboardData.files, event));
    this.picker.addEventListener("change", () => {
      this.addFiles(this.picker.files, this.picker.dataset.kind);
      this.picker.value = "";
    });
    this.list.addEventListener("keydown", (event) => this.listKey(event, this.list));
    this.attachList.addEventListener("keydown", (event) => this.listKey(event, this.attachList));
    document.addEventListener("pointerdown", (event) => {
      if (!this.element.contains(event.target)) this.closePopups();
    });
  }

  attachChoices() {
    const choice = (key, emoji, act) =>
      button(".item", { role: "menuitem", "data-attach": key, onclick: () => { this.closePopups(); act(); } },
        make("span", { "aria-hidden": "true" }, emoji), make("span", { "data-text": key }));
    const pick = (kind) => () => {
      this.picker.accept = kind === "photo" ? PICTURES.join(",") : "";
      this.picker.dataset.kind = kind;
      this.picker.click();
    };
    return [
      choice("photo", "🖼", pick("photo")),
      choice("file", "📄", pick("document")),
      choice("samplePhoto", "🏞", async () => this.addFiles([await samplePhoto()], "photo")),
      choice("voice", "🎤", async () => this.sendFile({ kind: "voice", file: await sampleVoice() })),
      choice("sticker", "🍃", async () => this.sendFile({ kind: "sticker", file: await sampleSticker() })),
    ];
  }

  setCommands(commands) {
    this.commands = commands ?? [];
    this.menu.hidden = !this.commands.length;
  }

  // ---- popups

  toggleCommands() {
    if (!this.list.hidden) return this.closePopups();
    this.showCommands("");
    this.list.querySelector(".item")?.focus();
    return undefined;
  }

  showCommands(typed) {
    const fitting = this.commands.filter(({ command }) => `/${command}`.startsWith(typed.toLowerCase()));
    this.attachList.hidden = true;
    this.list.replaceChildren(...fitting.map(({ command, description }) =>
      button(".item", { role: "menuitem", "data-command": command, onclick: () => this.runCommand(`/${command}`) },
        make("span.command-text", {}, description), make("code", {}, `/${command}`))));
    this.list.hidden = !fitting.length;
    this.menu.setAttribute("aria-expanded", String(!this.list.hidden));
  }

  runCommand(command) {
    this.closePopups();
    this.draft.value = "";
    this.fit();
    this.actions.send(command).catch((error) => notice(text("failed", { reason: error.message })));
    this.focus();
  }

  toggleAttach() {
    const opening = this.attachList.hidden;
    this.closePopups();
    this.attachList.hidden = !opening;
    this.attach.setAttribute("aria-expanded", String(opening));
    if (opening) this.attachList.querySelector(".item").focus();
  }

  closePopups() {
    this.list.hidden = true;
    this.attachList.hidden = true;
    this.menu.setAttribute("aria-expanded", "false");
    this.attach.setAttribute("aria-expanded", "false");
  }

  listKey(event, list) {
    if (event.key === "Escape") {
      this.closePopups();
      this.focus();
    } else arrowKeys(event, list);
  }

  // ---- the draft

  written() {
    this.fit();
    const typed = this.draft.value;
    if (/^\/\w*$/.test(typed)) this.showCommands(typed);
    else this.list.hidden = true;
  }

  /** Fit the height to the text, up to about six lines. */
  fit() {
    this.draft.style.height = "auto";
    if (this.draft.value.includes("\n") || this.draft.scrollHeight > 48) {
      this.draft.style.height = `${Math.min(this.draft.scrollHeight, 150)}px`;
    } else this.draft.style.height = "";
    this.send.classList.toggle("ready", Boolean(this.draft.value.trim() || this.files.length));
  }

  key(event) {
    if (event.isComposing) return; // an input method (Telex, VNI) hasn't finished its word
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.submit();
    } else if (event.key === "Escape") {
      this.closePopups();
      this.setContext(null);
    } else if (event.key === "ArrowUp" && !this.list.hidden) {
      event.preventDefault();
      [...this.list.querySelectorAll(".item")].at(-1)?.focus();
    } else if (event.key === "ArrowUp" && !this.draft.value && !this.context) {
      const last = this.actions.last();
      if (last) {
        event.preventDefault();
        this.setContext({ kind: "edit", message: last });
      }
    }
  }

  focus() {
    if (matchMedia("(hover: hover)").matches) this.draft.focus({ preventScroll: true }); // on a touch screen this would open the keyboard
  }

  setContext(context) {
    const wasEditing = this.context?.kind === "edit";
    this.context = context;
    if (context?.kind === "edit") this.draft.value = wordsOf(context.message);
    else if (wasEditing) this.draft.value = "";
    this.showNotes();
    this.fit();
    if (context) this.draft.focus();
  }

  showNotes() {
    const lines = this.files.map((waiting) => this.fileNote(waiting));
    if (this.context) {
      const { kind, message } = this.context;
      lines.unshift(make(`div.note.${kind}`, {}, sign(kind === "edit" ? SIGNS.pencil : SIGNS.reply),
        make("span", {}, make("strong", { "data-text": kind === "edit" ? "editing" : "replying" }),
          make("small", {}, (wordsOf(message) ?? "").slice(0, 80))),
        button(".drop", { "data-label": "cancel", onclick: () => this.setContext(null) }, sign(SIGNS.close))));
    }
    this.notes.replaceChildren(...lines);
    this.send.replaceChildren(sign(this.context?.kind === "edit" ? SIGNS.tick : SIGNS.send, this.context?.kind !== "edit"));
    this.draft.dataset.placeholder = this.files.length ? "caption" : "draft";
    this.draft.placeholder = text(this.draft.dataset.placeholder);
  }

  /** Return the id of the message that is being answered, if any. */
  get repliesTo() {
    return this.context?.kind === "reply" ? this.context.message.message_id : undefined;
  }

  async change(message, words) {
    if (words !== wordsOf(message)) await this.actions.edit(message.message_id, words);
  }

  async submit() {
    if (this.sending) return;
    const words = this.draft.value.trim();
    if (!words && !this.files.length) return;
    this.sending = true;
    this.closePopups();
    const context = this.context;
    try {
      if (this.files.length) await this.sendFiles(words, this.repliesTo);
      else if (context?.kind === "edit") await this.change(context.message, words);
      else await this.actions.send(words, context?.message.message_id);
      if (this.draft.value.trim() === words) this.draft.value = "";
      if (this.context === context) this.context = null;
    } catch (error) {
      notice(text("failed", { reason: error.message })); // the draft is not cleared
    } finally {
      this.sending = false;
      this.showNotes();
      this.fit();
    }
  }

  // ---- files

  /** Accept dropped or pasted files, if there are any. */
  take(files, event) {
    if (!files?.length) return;
    event.preventDefault();
    this.addFiles(files);
    this.draft.focus();
  }

  addFiles(files, kind) {
    for (const file of files) {
      if (file.size > LARGEST) notice(text("tooBig"));
      else this.files.push({ file, kind: kind === "photo" && !PICTURES.includes(file.type) ? "document" : (kind ?? guess(file)) });
    }
    this.showNotes();
    this.fit();
    this.focus();
  }

  fileNote(waiting) {
    const { file, kind } = waiting;
    let picture = sign(SIGNS.file);
    if (kind === "photo") {
      waiting.address ??= URL.createObjectURL(file);
      picture = make("img", { src: waiting.address, alt: "" });
    }
    const drop = () => {
      this.files = this.files.filter((other) => other !== waiting);
      if (waiting.address) URL.revokeObjectURL(waiting.address);
      this.showNotes();
      this.fit();
    };
    return make("div.note", {}, picture, make("span", {}, make("strong", {}, file.name), make("small", { "data-text": kind === "photo" ? "photo" : "file" })),
      button(".drop", { "data-label": "removeFile", onclick: drop }, sign(SIGNS.close)));
  }

  /** Send the waiting files, the first with the caption and as the reply; a file that fails waits again. */
  async sendFiles(caption, replyTo) {
    let [words, answered] = [caption, replyTo];
    while (this.files.length) {
      const waiting = this.files[0];
      await this.busy(upload(this.phone.id, waiting.kind, waiting.file, words, answered));
      if (waiting.address) URL.revokeObjectURL(waiting.address);
      this.files.shift();
      [words, answered] = ["", undefined];
      this.showNotes();
    }
  }

  async sendFile({ kind, file }) {
    try {
      await this.busy(upload(this.phone.id, kind, file, "", this.repliesTo));
      if (this.context?.kind === "reply") this.setContext(null);
    } catch (error) {
      notice(text("failed", { reason: error.message }));
    }
  }

  async busy(work) {
    this.actions.busy("sendingFile");
    try {
      await work;
    } finally {
      this.actions.busy(null);
    }
  }
}

function guess(file) {
  return PICTURES.includes(file.type) ? "photo" : "document";
}
