/** The page's dialogs: an enlarged photo, a new telephone, and the choice of a telephone for a link. */

import { avatar, button, make, sign, SIGNS } from "./dom.js";
import { currentLanguage, inLanguage, text } from "./texts.js";

function open(kind, ...children) {
  const close = button(".close", { "data-label": "close", onclick: () => dialog.close() }, sign(SIGNS.close));
  const dialog = make(`dialog.${kind}`, {}, close, ...children);
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close(); // a press outside of it
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

export function showPhoto(address, alt) {
  const picture = make("img", { src: address, alt });
  const dialog = open("viewer", picture);
  picture.addEventListener("click", () => {
    if (!dialog.classList.toggle("whole-size")) dialog.scrollTo(0, 0);
  });
}

/** Ask for a new person; `add({name, language, messenger, start})` resolves when the telephone is added. */
export function askForPhone(add, code = "", zaloToo = false) {
  const name = make("input", { name: "name", required: true, maxlength: 60, autocomplete: "off", "data-placeholder": "personExample" });
  const language = make(
    "select",
    { name: "language" },
    make("option", { value: "vi" }, "Tiếng Việt"),
    make("option", { value: "en" }, "English"),
  );
  language.value = currentLanguage();
  const messenger = make(
    "select",
    { name: "messenger" },
    make("option", { value: "telegram" }, "Telegram"),
    make("option", { value: "zalo" }, "Zalo"),
  );
  const start = make("input", { name: "start", autocomplete: "off", placeholder: "https://t.me/…?start=…", value: code });
  const problem = make("p.problem", { role: "alert", hidden: true });
  const form = make(
    "form",
    {},
    make("h2", { "data-text": "newPhoneTitle" }),
    make("label", {}, make("span", { "data-text": "personName" }), name),
    make("label", {}, make("span", { "data-text": "phoneLanguage" }), language),
    make("label", { hidden: !zaloToo }, make("span", { "data-text": "phoneMessenger" }), messenger),
    make("label", {}, make("span", { "data-text": "invitation" }), start),
    problem,
    make("button.primary", { type: "submit", "data-text": "add" }),
  );
  const dialog = open("ask", form);
  name.focus();
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const submit = form.querySelector("button.primary");
    submit.disabled = true;
    try {
      await add({ name: name.value.trim(), language: language.value, messenger: messenger.value, start: codeIn(start.value) });
      dialog.close();
    } catch (error) {
      problem.textContent = text("failed", { reason: error.message });
      problem.hidden = false;
      submit.disabled = false;
    }
  });
}

/** Return the code in a pasted text: a whole link, "/start CODE", or only the code. */
function codeIn(pasted) {
  const inLink = /[?&]start=([\w-]+)/.exec(pasted);
  return inLink ? inLink[1] : pasted.replace(/^\/start\s+/, "").trim() || undefined;
}

/** Let the person choose the telephone on which a link to the bot opens. */
export function choosePhone(phones, code, { choose, create }) {
  const sentence = code
    ? make("p", { "data-text": "whichPhoneText", "data-values": JSON.stringify({ code: `${code.slice(0, 8)}…` }) })
    : make("p", { "data-text": "whichPhonePlain" });
  const choices = phones.map((phone) =>
    button(
      ".choice",
      { "data-choose": phone.id, onclick: () => { dialog.close(); choose(phone.id); } },
      avatar(phone.name, phone.id),
      make("span", {}, make("strong", {}, phone.name), make("small", {}, inLanguage(phone.label))),
    ),
  );
  const fresh = button(
    ".choice",
    { "data-choose": "new", onclick: () => { dialog.close(); create(); } },
    make("span.avatar.plus", { "aria-hidden": "true" }, "+"),
    make("strong", { "data-text": "newPhone" }),
  );
  const dialog = open("choose", make("h2", { "data-text": "whichPhone" }), sentence, ...choices, fresh);
}

/** Show the bot's alert (show_alert) inside of the telephone that it belongs to. */
export function showAlert(device, words) {
  const back = document.activeElement;
  const ok = button(".primary", { "data-text": "ok", onclick: close });
  const box = make(
    "div.alert",
    { role: "alertdialog", "aria-modal": "true", "aria-label": words },
    make("div.alert-box", {}, make("p", {}, words), ok),
  );
  function close() {
    box.remove();
    if (back?.isConnected) back.focus();
  }
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    if (event.key === "Tab") event.preventDefault();
  });
  device.append(box);
  ok.focus();
}
