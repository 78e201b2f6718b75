/** A message as a bubble: its text, picture or file, time, ticks, and the buttons under it. */

import { fileAddress } from "./api.js";
import { button, make, sign, SIGNS } from "./dom.js";
import { showPhoto } from "./dialogs.js";
import { richText, withSquares } from "./richtext.js";
import { currentLanguage, text } from "./texts.js";
import { hourOf } from "./time.js";

/**
 * Return the element of an entry. `actions`: open(address), command(text), copy(text), press(button, element, message, by pointer),
 * find(message id) → element of a message, menu(event, entry), reply(entry).
 */
export function bubble(entry, actions) {
  const { message, mine, edited } = entry;
  const body = make("div.body", {}, quoted(message, actions), ...media(message));
  const words = wordsOf(message);
  if (words) {
    const entities = message.text === undefined ? message.caption_entities : message.entities;
    body.append(make("div.text", {}, ...richText(words, entities, actions)));
  } else {
    body.classList.add("wordless");
  }
  body.append(footer(entry, actions));
  const element = make(
    `article.bubble.${mine ? "out" : "in"}`,
    { "data-message": message.message_id, "data-edited": edited || undefined },
    body,
    keyboard(message, actions),
  );
  if (message.sticker) element.classList.add("sticker");
  body.addEventListener("contextmenu", (event) => actions.menu(event, entry));
  onLongPress(body, (event) => actions.menu(event, entry));
  onSwipe(body, () => actions.reply(entry));
  return element;
}

/** Return the text or caption of the message, if it has one. */
export function wordsOf(message) {
  return message.text ?? message.caption;
}

/** Open the menu on a long press: some browsers on telephones don't send "contextmenu". */
function onLongPress(element, act) {
  let timer;
  const cancel = () => clearTimeout(timer);
  element.addEventListener("pointerdown", (event) => {
    cancel();
    if (event.pointerType === "touch") timer = setTimeout(() => act(event), 600);
  });
  for (const end of ["pointerup", "pointercancel", "pointermove"]) element.addEventListener(end, cancel);
}

const SWIPE = 56; // pixels to the left that count as a swipe

/** Answer a message when a finger swipes over it to the left. */
function onSwipe(element, act) {
  let from = null;
  element.addEventListener("pointerdown", (event) => { from = event.pointerType === "touch" ? event.clientX : null; });
  element.addEventListener("pointermove", (event) => {
    if (from !== null) element.style.translate = `${Math.max(-SWIPE - 8, Math.min(0, event.clientX - from))}px`;
  });
  const end = (event) => {
    const far = event.type === "pointerup" && from !== null && from - event.clientX >= SWIPE;
    from = null;
    element.style.translate = "";
    if (far) act();
  };
  for (const kind of ["pointerup", "pointercancel"]) element.addEventListener(kind, end);
}

function footer(entry, actions) {
  const { message, mine, edited } = entry;
  const moment = new Date(message.date * 1000);
  return make(
    "div.meta",
    {},
    button(".reply", { "data-label": "reply", "data-hint": "reply", onclick: () => actions.reply(entry) }, sign(SIGNS.reply)),
    edited ? make("span.edited", { "data-text": "edited" }) : null,
    make("time", { datetime: moment.toISOString() }, hourOf(moment)),
    mine ? make("span.ticks", { role: "img", "data-label": "delivered" }, sign(SIGNS.check)) : null,
  );
}

function quoted(message, actions) {
  const original = message.reply_to_message;
  if (!original) return null;
  const words = wordsOf(original) ?? text("photoAlt");
  const go = () => actions.find(original.message_id)?.scrollIntoView({ block: "center", behavior: "smooth" });
  return button(".quote", { onclick: go }, make("strong", {}, original.from.first_name), make("span", {}, words.slice(0, 120)));
}

function media(message) {
  if (message.photo?.length) return [photo(message)];
  if (message.sticker) return [make("img.sticker", { src: fileAddress(message.sticker.file_id), alt: text("sticker") })];
  if (message.voice) return [sound(message.voice)];
  if (message.video) return [make("video", { src: fileAddress(message.video.file_id), controls: true, preload: "metadata" })];
  if (message.document) return [file(message.document)];
  if (message.text === undefined && message.caption === undefined) {
    return [make("div.text", {}, make("em", { "data-text": "unsupported" }))];
  }
  return [];
}

function photo(message) {
  const largest = message.photo.at(-1);
  const alt = message.caption ?? text("photoAlt");
  const address = fileAddress(largest.file_id);
  const picture = make("img", { src: address, alt, decoding: "async" });
  if (largest.width && largest.height) {
    picture.width = largest.width; // reserves the space before the picture is loaded
    picture.height = largest.height;
  }
  return make(
    "button.photo",
    { type: "button", "data-hint": "viewPhoto", onclick: () => showPhoto(address, alt) },
    picture,
  );
}

function sound(voice) {
  return make(
    "div.voice",
    {},
    make("audio", { src: fileAddress(voice.file_id), controls: true, preload: "none" }),
  );
}

function file(document_) {
  const name = document_.file_name ?? text("file");
  return make(
    "a.file",
    { href: fileAddress(document_.file_id), download: name },
    make("span.file-sign", {}, sign(SIGNS.file)),
    make(
      "span.file-name",
      {},
      make("strong", {}, name),
      make("small", {}, size(document_.file_size)),
    ),
  );
}

function size(bytes) {
  if (!bytes) return "";
  const number = bytes < 1e6 ? bytes / 1e3 : bytes / 1e6;
  const written = number.toLocaleString(currentLanguage(), { maximumFractionDigits: 1 });
  return `${written} ${bytes < 1e6 ? "KB" : "MB"}`;
}

function keyboard(message, actions) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows?.length) return null;
  return make("div.keyboard", {}, ...rows.map((row) => make("div.row", {}, ...row.map(inline))));

  function inline(given) {
    const element = make("button.inline", { type: "button", "data-style": given.style }, make("span", {}, ...withSquares(given.text)));
    if (given.url) element.append(make("span.arrow", { "aria-hidden": "true" }, "↗"));
    element.addEventListener("click", (event) => actions.press(given, element, message, event.detail > 0));
    return element;
  }
}
