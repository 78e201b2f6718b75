/** Pressed buttons that wait for the bot's answer: a second press of the same button does nothing. */

const PATIENCE = 6000; // ms after which a button may be pressed again

export class Presses {
  #waiting = new Map(); // message id → function that frees its buttons

  /** Mark a button as waiting; return the function that frees it, or `null` if it waits already. */
  begin(messageId, button) {
    if (button.getAttribute("aria-disabled") === "true") return null;
    button.setAttribute("aria-disabled", "true");
    button.setAttribute("aria-busy", "true");
    const free = () => {
      button.removeAttribute("aria-disabled");
      button.removeAttribute("aria-busy");
      clearTimeout(timer);
    };
    const timer = setTimeout(free, PATIENCE);
    this.#waiting.set(messageId, [...(this.#waiting.get(messageId) ?? []), free]);
    return free;
  }

  end(messageId) {
    this.#waiting.get(messageId)?.forEach((free) => free());
    this.#waiting.delete(messageId);
  }

  endAll() {
    for (const messageId of [...this.#waiting.keys()]) this.end(messageId);
  }
}
