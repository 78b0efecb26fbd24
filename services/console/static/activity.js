// The form of an activity: fields that its kind has not are hidden, a second entry of the same is told before it is saved.
import {day} from "./keys.js";
const form = document.querySelector("[data-activity]"), note = form.querySelector("[data-similar]"), joint = form.querySelector("[data-joint]");
const print = document.querySelector("[data-print-sheet]"), iso = (d) => `${d.getFullYear()}-${String(d.getMonth() + 1).padStart(2, "0")}-${String(d.getDate()).padStart(2, "0")}`;
let timer, asked = 0;

function show() {
  const kind = form.elements.kind.value, who = form.elements.who.value;
  for (const part of form.querySelectorAll("[data-kinds]")) {
    const filled = [...part.querySelectorAll("input:not([type=checkbox]),textarea,select")].some((f) => f.value);
    part.hidden = !!kind && !part.dataset.kinds.split(" ").includes(kind) && !filled;
  }
  if (joint) { joint.removeAttribute("data-closed"); joint.hidden = who !== "groups:"; }
}
const group = () => (form.elements.who.value.startsWith("group:") ? form.elements.who.value.slice(6) : "");
const filled = (all) => new URLSearchParams(Object.entries(all).filter((pair) => pair[1]));
function query() {
  const on = day(form.elements.held_on.value, new Date());
  return {held_on: on ? iso(on) : "", group_id: group()};
}
async function similar() {
  const kind = form.elements.kind.value, q = query(); if (!kind || !q.held_on) { note.hidden = true; return; }
  const sent = filled({kind, ...q});
  const mine = ++asked;
  try {
    const got = await (await fetch("/activities/similar?" + sent, {headers: {Accept: "application/json"}})).json();
    if (mine !== asked) return;
    const items = (got.items || []).filter((one) => one.id !== form.dataset.record);
    note.textContent = ""; note.hidden = !items.length;
    if (items.length) note.append("这一天已经登记了同类的活动，请看是不是同一场：");
    for (const one of items) note.append(Object.assign(document.createElement("a"), {href: "/activities/" + one.id, target: "_blank", rel: "noopener", textContent: one.title + (one.place ? `（${one.place}）` : "")}), " ");
  } catch { note.hidden = true; }
}
function changed() {
  show(); clearTimeout(timer); timer = setTimeout(similar, 300);
  print.href = "/sign-in-sheet?" + filled({of: form.elements.kind.value || "training", ...query(), title: form.elements.title.value});
}
for (const name of ["kind", "held_on", "who", "title"]) form.elements[name].addEventListener("change", changed);
form.addEventListener("restored", changed);
show();
if (!form.elements.kind.value) form.elements.kind.focus();
