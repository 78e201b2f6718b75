/** Keys in the table of reports; links and forms do the same without them.
 *  They work only while a row of the table has the focus. The person can switch them off. */
"use strict";

const SWITCH = "desk-keys"; // "off" if the person has switched off the keys in this browser
const NEXT = "desk-next"; // the row to focus after a report is accepted

function keysOn() { return localStorage.getItem(SWITCH) !== "off"; }

function reportRows() { return [...document.querySelectorAll("table[data-keys] tbody tr")]; }

/** Make one row reachable by the tab key; the arrows reach the others. */
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
document.addEventListener("focusin", readyRows); // so that the tab key returns to the focused row
document.addEventListener("replaced", readyDesk); // a live change replaces the rows and the switch
