// The count sheet: running sums against 收回－废票; Enter goes on, and to the next deputy as soon as a row adds up.
import {composing} from "./keys.js";

const form = document.querySelector("[data-count]");
const read = (f) => { const n = Number(f.value.normalize("NFKC").trim() || 0); return Number.isFinite(n) ? n : 0; };
const total = (name) => form.elements[name];
const rows = [...form.querySelectorAll("[data-row]")].map((tr) => ({tr, cells: [...tr.querySelectorAll("input")], sum: tr.querySelector("[data-sum]")}));
const stated = () => total("returned").value.trim() !== "";
const valid = () => read(total("returned")) - read(total("void"));
const sum = (row) => row.cells.reduce((n, f) => n + read(f), 0);
const fits = (row) => stated() && sum(row) === valid();

function show() {
  form.querySelector("[data-valid]").textContent = stated() ? valid() : "—";
  for (const row of rows) {
    const left = valid() - sum(row), begun = row.cells.some((f) => f.value.trim());
    row.sum.textContent = !begun || !stated() ? "" : left === 0 ? `${sum(row)} ✓` : left > 0 ? `${sum(row)}，还差 ${left}` : `${sum(row)}，多 ${-left}`;
    row.sum.parentElement.className = "sum" + (!begun || !stated() ? "" : left === 0 ? " fits" : left < 0 ? " over" : "");
  }
}
form.addEventListener("input", show);
form.addEventListener("restored", show);
show();

const save = form.querySelector("button.main-act");
const focus = (f) => { f.focus(); if (f.select) f.select(); };
form.querySelector("table").addEventListener("keydown", (e) => {
  if (composing(e) || e.ctrlKey || e.metaKey || e.altKey) return;
  const at = rows.findIndex((row) => row.cells.includes(e.target));
  if (at < 0) return;
  const row = rows[at], i = row.cells.indexOf(e.target);
  let to = null;
  if (e.key === "Enter" && !e.shiftKey) {
    if (fits(row) || i === row.cells.length - 1) to = rows[at + 1] ? rows[at + 1].cells[0] : rows.every(fits) ? save : null;
    else to = row.cells[i + 1];
    e.preventDefault(); e.stopPropagation();
  } else if (e.key === "ArrowDown" || e.key === "ArrowUp") {
    const next = rows[at + (e.key === "ArrowDown" ? 1 : -1)];
    if (next) to = next.cells[i];
    e.preventDefault();
  }
  if (to) focus(to);
});
if (!location.hash && !form.querySelector("#faults:not([hidden])")) total("issued").focus();
