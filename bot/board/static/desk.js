/** Keys within the table of reports; everything works without them, by links and forms.
 *  They are heard only while a row of the table has the focus, and can be switched off. */
"use strict";

const SWITCH = "desk-keys"; // "off" in this browser: the keys are switched off
const NEXT = "desk-next"; // the row that gets the focus after an acceptance

function keysOn() { return localStorage.getItem(SWITCH) !== "off"; }

function reportRows() { return [...document.querySelectorAll("table[data-keys] tbody tr")]; }

/** One row can be reached by the tab key, the others by the arrows. */
function readyRows() {
  const rows = reportRows();
  const chosen = rows.find((one) => one === document.activeElement) ?? rows[0];
  for (const one of rows) one.tabIndex = keysOn() && one === chosen ? 0 : -1;
}

function focusRow(row) {
  if (!row) return;
  for (const one of reportRows()) one.tabIndex = one === row ? 0 : -1;
  row.focus();
  row.scrollIntoView({ block: "nearest" });
}

function onKey(event) {
  const row = event.target;
  if (!keysOn() || event.ctrlKey || event.metaKey || event.altKey || !row.matches?.("table[data-keys] tbody tr")) return;
  const rows = reportRows();
  const place = rows.indexOf(row);
  const other = rows[place + 1] ?? rows[place - 1];
  switch (event.key) {
    case "j": case "ArrowDown": focusRow(rows[place + 1]); break;
    case "k": case "ArrowUp": focusRow(rows[place - 1]); break;
    case "Home": focusRow(rows[0]); break;
    case "End": focusRow(rows.at(-1)); break;
    case "Enter": row.querySelector("a.open")?.click(); break;
    case "r": row.querySelector("a.return")?.click(); break;
    case "a": {
      const form = row.querySelector("form.accept");
      if (!form || event.repeat) break;
      sessionStorage.setItem(NEXT, other?.id ?? "first");
      form.requestSubmit();
      break;
    }
    default: return;
  }
  event.preventDefault();
  event.stopPropagation();
}

function readySwitch() {
  const line = document.querySelector(".keys");
  const box = document.querySelector("[data-keys-switch]");
  if (!line || !box) return;
  line.hidden = false;
  box.checked = keysOn();
  box.addEventListener("change", () => {
    localStorage.setItem(SWITCH, box.checked ? "on" : "off");
    readyRows();
  });
}

function readyDesk() { readyRows(); readySwitch(); }

document.addEventListener("keydown", onKey, true);
readyDesk();
const next = sessionStorage.getItem(NEXT);
sessionStorage.removeItem(NEXT);
if (next && reportRows().length) focusRow(document.getElementById(next) ?? reportRows()[0]);
document.addEventListener("focusin", readyRows); // the tab key comes back to the row that had the focus
document.addEventListener("replaced", readyDesk); // by a live change: new rows, a new switch
