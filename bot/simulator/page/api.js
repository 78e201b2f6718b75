/** The page's requests to the simulator: JSON requests, uploads, and the stream of events. */

import { text } from "./texts.js";

async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Error(text("unreachable"));
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error ?? `HTTP ${response.status}`);
  return answer;
}

export function get(path) {
  return ask(path, { cache: "no-store" });
}

export function post(path, body = {}) {
  return ask(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

/** Upload `file` as the kind that the person chose (photo, document, voice, sticker, video); `replyTo` is a message id. */
export function upload(phone, kind, file, caption, replyTo) {
  const form = new FormData();
  form.set("kind", kind);
  if (caption) form.set("caption", caption);
  if (replyTo) form.set("reply_to", replyTo);
  form.set("file", file, file.name);
  return ask(`/sim/phones/${phone}/file`, { method: "POST", body: form });
}

export function fileAddress(id) {
  return `/sim/files/${encodeURIComponent(id)}`;
}

/**
 * Follow the events and reconnect without end. `onConnect` runs at each new connection, before its first
 * event is passed on: it loads the current state, so no event of the time between is missed.
 */
export function follow({ onConnect, onEvent, onLost }) {
  let source;
  let waiting = [];
  let ready = false;

  function give(message) {
    const event = JSON.parse(message.data);
    if (ready) onEvent(event);
    else waiting.push(event);
  }

  function connect() {
    ready = false;
    waiting = [];
    const stream = (source = new EventSource("/sim/events"));
    stream.onopen = async () => {
      try {
        await onConnect();
      } catch {
        return lost(stream);
      }
      if (stream !== source) return undefined;
      ready = true;
      for (const event of waiting.splice(0)) onEvent(event);
      return undefined;
    };
    stream.onerror = () => lost(stream);
    stream.onmessage = give;
  }

  function lost(stream) {
    if (stream !== source) return;
    stream.close();
    source = null;
    onLost();
    setTimeout(connect, 1000);
  }

  connect();
}
