/** Converts a message's text and entities to elements. Offsets are UTF-16 units, as in JavaScript strings. */

import { make } from "./dom.js";

const PLAIN_TAGS = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
  expandable_blockquote: "blockquote",
  spoiler: "span.spoiler",
  mention: "span.mention",
  hashtag: "span.mention",
  text_mention: "span.mention",
};

const SAFE_SCHEMES = new Set(["http:", "https:", "mailto:", "tel:"]);

/** Return the nodes of `text`. `actions`: open(address) for a pressed link, command(text), copy(text) for pressed code. */
export function richText(text, entities, { open, command, copy }) {
  const ordered = [...(entities ?? [])].sort((a, b) => a.offset - b.offset || b.length - a.length);

  function nodes(from, to) {
    const made = [];
    let at = from;
    while (ordered.length && ordered[0].offset < to) {
      const entity = ordered.shift();
      const begin = Math.max(entity.offset, at);
      const end = Math.min(entity.offset + entity.length, to);
      if (end <= begin) continue;
      if (begin > at) made.push(...withSquares(text.slice(at, begin)));
      made.push(wrap(entity, text.slice(begin, end), nodes(begin, end)));
      at = end;
    }
    if (at < to) made.push(...withSquares(text.slice(at, to)));
    return made;
  }

  function wrap(entity, covered, children) {
    if (entity.type === "text_link") return link(entity.url, children);
    if (entity.type === "url") return link(/^\w+:\/\//.test(covered) ? covered : `https://${covered}`, children);
    if (entity.type === "email") return link(`mailto:${covered}`, children);
    if (entity.type === "phone_number") return link(`tel:${covered}`, children);
    if (entity.type === "bot_command") {
      return make("button.command", { type: "button", onclick: () => command(covered) }, ...children);
    }
    const element = make(PLAIN_TAGS[entity.type] ?? "span", {}, ...children);
    if (["code", "pre"].includes(entity.type)) element.addEventListener("click", () => copy(covered));
    return element;
  }

  function link(address, children) {
    const anchor = make("a", { target: "_blank", rel: "noopener noreferrer" }, ...children);
    if (safe(address)) anchor.href = address;
    anchor.addEventListener("click", (event) => {
      if (open(address)) event.preventDefault();
    });
    return anchor;
  }

  return nodes(0, text.length);
}

/** Return text nodes; a white square gets an edge, because a white bubble would hide it. */
export function withSquares(words) {
  return words.split(/(▫️)/).filter(Boolean).map((part) =>
    part === "▫️" ? make("span.square", {}, part) : document.createTextNode(part));
}

function safe(address) {
  try {
    return SAFE_SCHEMES.has(new URL(address).protocol);
  } catch {
    return false;
  }
}

/** Open an address in a new tab, if its scheme is harmless. */
export function visit(address) {
  if (safe(address)) window.open(address, "_blank", "noopener,noreferrer");
}

/** `{code}` when the address opens this very bot (https://t.me/<bot>?start=CODE), else null. */
export function deepLink(address, username) {
  let url;
  try {
    url = new URL(address);
  } catch {
    return null;
  }
  const plain = ["t.me", "telegram.me"].includes(url.hostname) ? url.pathname.slice(1) : null;
  const named = url.protocol === "tg:" ? url.searchParams.get("domain") : plain;
  if (named?.toLowerCase() !== username.toLowerCase()) return null;
  return { code: url.searchParams.get("start") };
}
