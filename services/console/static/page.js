// Every page: keys, the finder, the year switch, the menu of a telephone, and its forms.
import {composing} from "./keys.js";
import {forms, made} from "./form.js";

document.documentElement.classList.add("scripted");
const year = document.getElementById("year");
if (year) year.addEventListener("change", () => year.form.submit());
if (document.querySelector("[data-signed-out]")) {
  sessionStorage.clear();
  for (const key of Object.keys(localStorage)) if (key.startsWith("lz.draft.")) localStorage.removeItem(key);
}

// on a telephone each cell of a list stands below the other, with the header of its column before it
for (const cell of document.querySelectorAll("table.stack td:not([data-label])")) {
  const header = cell.closest("table").rows[0].cells[cell.cellIndex];
  if (header && cell.colSpan === 1) cell.dataset.label = header.textContent;
}

// repeating rows: the last, empty row opens the next one; Ctrl+Delete clears a row; cells pasted from a spreadsheet are spread
for (const part of document.querySelectorAll("[data-rows]")) {
  const body = part.querySelector("tbody");
  const renumber = (row, n) => {
    for (const e of row.querySelectorAll("[name],[id],[data-fault],[data-theirs],[list],[aria-describedby]"))
      for (const a of ["name", "id", "data-fault", "data-theirs", "list", "aria-describedby"]) {
        const was = e.getAttribute(a);
        if (was) e.setAttribute(a, was.replace(/([.-])\d+([.-])/, `$1${n}$2`));
      }
  };
  const add = () => {
    const row = body.lastElementChild.cloneNode(true);
    renumber(row, body.children.length);
    for (const e of row.querySelectorAll("input,textarea,select")) { e.value = ""; e.removeAttribute("aria-invalid"); }
    for (const e of row.querySelectorAll(".error")) e.textContent = "";
    body.append(row);
    return row;
  };
  part.addEventListener("input", (e) => { if (body.lastElementChild.contains(e.target) && e.target.value) add(); });
  part.addEventListener("rows", (e) => { while (body.children.length < e.detail) add(); });
  part.addEventListener("keydown", (e) => {
    if (e.ctrlKey && e.key === "Delete") {
      e.preventDefault();
      const row = e.target.closest("tr");
      for (const f of row.querySelectorAll("input,textarea,select")) { f.value = ""; f.dispatchEvent(new Event("input", {bubbles: true})); }
    }
  });
  part.addEventListener("paste", (e) => {
    const text = e.clipboardData.getData("text").replace(/\r/g, "").replace(/\n$/, "");
    if (!/[\t\n]/.test(text) || e.target.tagName === "TEXTAREA" && !text.includes("\t")) return;
    e.preventDefault();
    let row = e.target.closest("tr");
    const first = [...row.querySelectorAll("input,textarea,select")].indexOf(e.target);
    for (const line of text.split("\n")) {
      if (!row) row = add();
      const cells = [...row.querySelectorAll("input,textarea,select")];
      line.split("\t").forEach((cell, i) => { const f = cells[first + i]; if (f) { f.value = cell.trim(); f.dispatchEvent(new Event("input", {bubbles: true})); } });
      row = row.nextElementSibling;
    }
  });
}

forms();

// keys; single letters only where nothing is being typed
const csrf = document.body.dataset.csrf, letters = "letters" in document.body.dataset;
const typing = (e) => /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName) || e.target.isContentEditable;
const PLACES = {h: "/", a: "/activities", s: "/suggestions", r: "/report", b: "/deputies"};
const press = (e) => { if (e) e.click(); };
let pending = "", panel = null, rows = [], at = -1;
const close = () => { if (panel) { panel.remove(); panel = null; } };
function move(step) {
  rows = [...document.querySelectorAll("[data-list] tbody tr")];
  if (!rows.length) return;
  at = Math.max(0, Math.min(rows.length - 1, at + step));
  rows.forEach((r, i) => r.classList.toggle("at", i === at));
  const link = rows[at].querySelector("a"); if (link) link.focus();
}
// the record before and after: as the page says, else in the order of the list that this tab showed last
let order = JSON.parse(sessionStorage.getItem("lz.listed") || "[]");
if (!order.includes(location.pathname)) { // a record that holds a list of its own stays in the list it was opened from
  const listed = [...document.querySelectorAll("[data-list] tbody tr")].map((r) => r.querySelector("a")).filter(Boolean).map((a) => a.pathname);
  if (listed.length) sessionStorage.setItem("lz.listed", JSON.stringify(order = listed));
}
function neighbour(step) {
  const link = document.querySelector(step < 0 ? "[rel=prev]" : "[rel=next]"), i = order.indexOf(location.pathname);
  return link ? link.href : i < 0 ? null : order[i + step];
}
document.addEventListener("keydown", (e) => {
  if (composing(e)) return;
  if (/^[1-9]$/.test(e.key) && e.target.type === "radio" && !e.ctrlKey && !e.altKey) {
    const choice = e.target.form.querySelectorAll(`[type=radio][name="${e.target.name}"]`)[e.key - 1];
    if (choice) { choice.focus(); choice.checked = true; choice.dispatchEvent(new Event("change", {bubbles: true})); }
    return;
  }
  if (e.key === "Escape") return close();
  if ((e.ctrlKey || e.metaKey) && e.key === "k") { e.preventDefault(); return finder(); }
  if (e.altKey && (e.key === "ArrowUp" || e.key === "ArrowDown")) {
    const to = neighbour(e.key === "ArrowUp" ? -1 : 1);
    if (to) { e.preventDefault(); location.assign(to); }
    return;
  }
  if (typing(e) || e.ctrlKey || e.metaKey || e.altKey) return;
  if (e.key === "ArrowDown" || e.key === "ArrowUp") { if (document.querySelector("[data-list]") && (e.target === document.body || e.target.closest("[data-list]"))) { e.preventDefault(); move(e.key === "ArrowDown" ? 1 : -1); } return; }
  if (!letters) return;
  if (pending === "g") { pending = ""; if (PLACES[e.key]) location.assign(PLACES[e.key]); return; }
  if (e.key === "/") { e.preventDefault(); finder(); }
  else if (e.key === "?") location.assign("/keys");
  else if (e.key === "g") pending = "g";
  else if (e.key === "n") press(document.querySelector("[data-new]"));
  else if (/^[1-9]$/.test(e.key)) press(document.querySelector(`[data-digit="${e.key}"]`));
  else if (e.key === "j") move(1);
  else if (e.key === "k") move(-1);
  else if (e.key === "o" && rows[at]) press(rows[at].querySelector("a"));
});
function finder() {
  close();
  const input = made("input", {type: "search"}), list = made("div");
  panel = made("div", {className: "panel"}, input, list);
  panel.setAttribute("role", "dialog"); panel.setAttribute("aria-label", "查找"); input.setAttribute("aria-label", "找人、找记录、找页面");
  document.body.append(panel); input.focus();
  let timer, asked = 0;
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(async () => {
    const mine = ++asked, answer = await fetch("/find?q=" + encodeURIComponent(input.value), {headers: {Accept: "application/json"}});
    if (!answer.ok || mine !== asked) return;
    list.textContent = "";
    for (const [title, items] of (await answer.json()).groups) {
      const lines = items.map(([href, textContent]) => made("li", {}, made("a", {href, textContent})));
      list.append(made("h2", {textContent: title}), made("ul", {}, ...lines));
    }
  }, 200); });
  panel.addEventListener("keydown", (e) => {
    if (composing(e)) return;
    const links = [input, ...list.querySelectorAll("a")], i = links.indexOf(document.activeElement);
    if (e.key === "ArrowDown") { e.preventDefault(); (links[i + 1] || links[i]).focus(); }
    else if (e.key === "ArrowUp") { e.preventDefault(); (links[i - 1] || links[0]).focus(); }
    else if (e.key === "Enter" && document.activeElement === input) { e.preventDefault(); press(links[1]); }
  });
}
document.documentElement.dataset.ready = "1";
