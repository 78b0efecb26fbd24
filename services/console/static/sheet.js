// The attendance sheet: the numbered list becomes cells, marked by typing, by keys or by clicks.
// What is marked stands in the hidden field `marked`; without this file the server reads the text.
import {composing} from "./keys.js";
import {SIGNS, read} from "./marks.js";

const RING = ["present", "leave", "absent", "not_recorded"], THERE = ["present", "online", "half_day", "morning", "afternoon", "part"];
const person = (line) => [line.deputyship_id, {id: line.deputyship_id, n: line.number, name: line.name, initials: line.initials}];
const el = (name, className = "", textContent = "") => Object.assign(document.createElement(name), {className, textContent});

class Sheet {
  constructor(part) {
    this.part = part; this.form = part.closest("form");
    this.words = JSON.parse(part.querySelector("[data-words]").textContent);
    for (const name of ["list", "told", "chips", "paste", "about", "bar"]) this[name] = part.querySelector(`[data-${name}]`);
    this.box = this.form.elements.marks; this.hidden = this.form.elements.marked; this.seen = this.form.elements.seen;
    this.history = []; this.guests = new Map();
    this.take(); this.open(); this.wire();
  }
  take() {
    this.roll = [...this.list.children].map((li) => ({id: li.dataset.id, n: +li.dataset.n, name: li.dataset.name, initials: li.dataset.initials}));
    for (const row of this.roll.filter((r) => !r.n)) this.guests.set(row.id, row);
    this.roll = this.roll.filter((r) => r.n);
  }
  get base() { return this.form.elements.others.value === "present" ? "present" : "not_recorded"; }
  get fallback() { return this.base === "present" ? "leave" : "present"; }
  look(id) { return this.form.elements["doubt." + id] || {}; }
  state(id) { return this.states.get(id) || this.look(id).value || this.base; }
  group(id) { const state = this.state(id); return THERE.includes(state) ? "present" : state.startsWith("leave") ? "leave" : state; }
  open() { // from the hidden field
    this.states = new Map(this.hidden.value.split(" ").filter(Boolean).map((pair) => pair.split(":")));
    this.build();
  }
  build() {
    const wide = [...this.roll, ...[...this.guests.values()].filter((g) => this.states.has(g.id))];
    this.cells = new Map(); this.list.textContent = "";
    wide.forEach((row, i) => {
      const li = el("li"), cell = el("button", "cell"); cell.type = "button"; cell.tabIndex = i ? -1 : 0;
      cell.append(el("span", "no", row.n || "列席"), el("span", "nm", row.name), el("span", "st"));
      cell.dataset.id = row.id; li.append(cell); this.list.append(li); this.cells.set(row.id, cell);
    });
    this.draw();
  }
  row(id) { return this.roll.find((r) => r.id === id) || this.guests.get(id); }
  draw() {
    const count = {present: 0, leave: 0, absent: 0, not_recorded: 0};
    for (const [id, cell] of this.cells) {
      const state = this.state(id), group = this.group(id);
      if (this.row(id).n) count[group]++;
      cell.dataset.s = this.states.has(id) || this.base !== "present" ? group : "";
      cell.lastChild.textContent = state === this.base ? "" : this.words[state];
    }
    for (const [name, n] of Object.entries(count)) this.part.querySelector(`[data-n="${name}"]`).textContent = n;
    if (this.bar) { const all = +this.bar.dataset.base; this.bar.querySelector("[data-there]").setAttribute("width", all ? Math.min(600, 600 * count.present / all) : 0); this.bar.querySelector("[data-has]").textContent = count.present; }
    this.chips.textContent = "";
    for (const [id, state] of this.states) {
      const row = this.row(id); if (!row || state === this.base || (THERE.includes(state) && this.base !== "present")) continue;
      const chip = el("li", "chip", `${row.n || "列席"} ${row.name} ${this.words[state]} `), off = el("button", "off", "×");
      off.type = "button"; off.setAttribute("aria-label", `撤销 ${row.name}`); off.onclick = () => { this.set([[row, ""]]); this.box.focus(); };
      chip.append(off); this.chips.append(chip);
    }
    this.chips.parentNode.hidden = !this.chips.children.length;
    for (const id of this.states.keys()) if (!this.row(id)) this.states.delete(id);
    this.hidden.value = [...this.states].map(([id, state]) => `${id}:${state}`).join(" ");
  }
  set(marks) { // [[row, state]]; "" takes the mark away; one step of undoing
    this.history.push(marks.map(([row]) => [row, this.states.get(row.id) || ""]));
    this.apply(marks);
  }
  apply(marks) {
    let more = false;
    for (const [row, state] of marks) {
      if (!this.row(row.id)) { this.guests.set(row.id, row); more = true; }
      if (state) this.look(row.id).value = state;
      if (state && state !== this.base) this.states.set(row.id, state); else this.states.delete(row.id);
    }
    if (more) this.build(); else this.draw();
    this.keep();
  }
  keep() { this.form.dispatchEvent(new Event("input")); }
  tell(text, bad) { this.told.textContent = text; this.told.className = "told" + (bad ? " error" : ""); }
  hit(marks) {
    for (const cell of this.cells.values()) cell.classList.remove("hit");
    for (const [row] of marks) this.cells.get(row.id).classList.add("hit");
  }
  named(marks) { return marks.map(([row, state]) => `${row.n || "列席"} ${row.name} ${this.words[state]}`).join("，"); }
  preview() {
    const last = this.box.value.split(/[\s,，]+/).pop(), marks = last && read(last, this.roll, this.fallback);
    this.hit(marks || []);
    if (marks && marks.length) this.tell(`回车记：${this.named(marks)}`);
    else {
      const several = /^[a-z]+$/i.test(last) ? this.roll.filter((r) => r.initials.startsWith(last.toLowerCase())) : [];
      this.tell(several.length > 1 ? "有几位：" + several.slice(0, 6).map((r) => `${r.n} ${r.name}`).join("、") : "");
    }
  }
  async enter(text) {
    const marks = read(text, this.roll, this.fallback);
    if (marks) return this.done(marks, []);
    const got = await this.ask({marks: text, only: "1"});
    if (!got) return;
    if (got.title) return this.tell(got.title, true);
    this.done(this.rows(got), got.doubts);
  }
  rows(got) {
    const known = new Map([...got.roll, ...got.guests].map(person));
    return got.marked.map((mark) => [this.row(mark.deputyship_id) || known.get(mark.deputyship_id), mark.state]).filter(([row]) => row);
  }
  done(marks, doubts) {
    if (marks.length) this.set(marks);
    this.hit([]);
    this.box.value = doubts.map((doubt) => doubt.written).join(" ");
    this.tell((marks.length ? `已记 ${marks.length > 3 ? marks.length + " 人" : this.named(marks)}。` : "") + doubts.map((doubt) => `认不出“${doubt.written}”：${doubt.message}`).join("；"), doubts.length);
    this.pick(doubts);
    this.keep();
  }
  pick(doubts) { // several of one name: a button each
    this.paste.hidden = true; this.paste.textContent = "";
    const doubt = doubts.find((d) => d.candidates.length); if (!doubt) return;
    this.paste.append(el("p", "", `“${doubt.written}”是哪一位？`));
    for (const one of doubt.candidates) {
      const b = el("button", "", `${one.number || "列席"} ${one.name} ${one.group ? `第${one.group}小组` : ""} ${one.constituency}`); b.type = "button";
      b.onclick = () => { const row = this.row(one.deputyship_id); if (row) this.set([[row, this.fallback]]); this.box.value = ""; this.paste.hidden = true; this.box.focus(); };
      this.paste.append(b, " ");
    }
    this.paste.hidden = false;
  }
  async pasted(text) { // shown before it counts
    let marks = read(text, this.roll, "present"), doubts = [];
    if (!marks) {
      const got = await this.ask({marks: text, only: "1", others: "not_recorded"});
      if (!got || got.title) { this.box.value = text; return this.tell(got ? got.title : this.told.textContent, true); }
      marks = this.rows(got); doubts = got.doubts;
    }
    this.hit(marks.filter(([row]) => this.cells.has(row.id)));
    this.paste.textContent = "";
    this.paste.append(el("p", "", `认出 ${marks.length} 人，认不出 ${doubts.length} 处` + (doubts.length ? `：${doubts.map((d) => `“${d.written}”${d.message}`).join("；")}` : "。")));
    const here = el("button", "main-act", `这 ${marks.length} 人到了`), away = el("button", "", `这 ${marks.length} 人没到`), not = el("button", "", "不要");
    for (const b of [here, away, not]) { b.type = "button"; this.paste.append(b, " "); }
    const close = (others, state) => {
      this.paste.hidden = true;
      if (others) { const was = this.base; this.form.querySelector(`[name=others][value=${others}]`).checked = true; if (others !== was) this.states.clear(); this.done(marks.map(([row, s]) => [row, s === "present" && state ? state : s]), doubts.map((d) => ({...d, candidates: []}))); }
      else this.hit([]);
      this.box.focus();
    };
    here.onclick = () => close("not_recorded", ""); away.onclick = () => close("present", "leave"); not.onclick = () => close("", "");
    this.paste.hidden = false; here.focus();
  }
  async ask(more) {
    const form = new FormData(this.form), sent = new URLSearchParams();
    for (const name of ["_csrf", "held_on", "who", "others", "marked"]) if (form.get(name)) sent.set(name, form.get(name));
    for (const id of form.getAll("group_ids")) sent.append("group_ids", id);
    sent.set("of", this.part.dataset.of || form.get("kind"));
    for (const [name, value] of Object.entries(more)) sent.set(name, value);
    try {
      const answer = await fetch("/attendance/read", {method: "POST", body: sent, headers: {Accept: "application/json"}}), got = await answer.json();
      if (answer.status === 401 || answer.status >= 500) throw new Error(got.title);
      return got;
    } catch { this.tell("没有连上，先留在框里；保存时由系统辨认。", true); return null; }
  }
  async refresh() { // another day, kind or group: another roll; marks stay with their people
    const mine = this.asked = (this.asked || 0) + 1, got = await this.ask({marks: ""});
    if (!got || mine !== this.asked) return;
    if (got.title) { this.about.textContent = got.title; this.roll = []; return this.build(); }
    this.about.textContent = `应到 ${got.roll.length} 人，按 ${this.day(got.held_on)} 的名册，姓氏笔画为序`;
    if (this.bar && got.base) this.bar.dispatchEvent(new CustomEvent("needed", {detail: got}));
    if (got.seen === this.seen.value) return;
    this.seen.value = got.seen;
    const before = [...this.states.keys()].map((id) => this.row(id)).filter(Boolean);
    this.roll = got.roll.map((line) => person(line)[1]);
    this.guests = new Map(got.guests.map(person));
    const fallen = before.filter((row) => !this.roll.some((r) => r.id === row.id));
    if (this.base === "present") for (const {id} of fallen) if (!THERE.includes(this.states.get(id))) this.states.delete(id);
    this.build();
    this.tell(fallen.length ? `名单换了。不在应到之列：${fallen.map((row) => row.name).join("、")}` : "", fallen.length);
  }
  day(text) { const [y, m, d] = text.split("-"); return `${y}年${+m}月${+d}日`; }
  soon() { clearTimeout(this.timer); this.timer = setTimeout(() => this.refresh(), 300); }
  wire() {
    const {form, box} = this;
    form.addEventListener("restored", () => { this.open(); this.refresh(); });
    box.addEventListener("input", () => this.preview());
    box.addEventListener("keydown", (e) => {
      if (composing(e)) { e.stopPropagation(); return; }
      if (e.key === "Enter" && !e.ctrlKey && !e.metaKey) {
        e.preventDefault(); e.stopPropagation();
        if (e.shiftKey) return form.elements.others[0].focus();
        if (box.value.trim()) this.enter(box.value); else form.querySelector("button[type=submit].main-act").focus();
      } else if (e.key === "Backspace" && !box.value && this.history.length) this.apply(this.history.pop());
      else if (e.key === "ArrowDown" && this.list.firstChild) { e.preventDefault(); this.list.querySelector(".cell").focus(); }
    });
    box.addEventListener("paste", (e) => {
      const text = e.clipboardData.getData("text"); if (!/[\n\t]/.test(text.trim())) return;
      e.preventDefault(); this.pasted(text);
    });
    this.list.addEventListener("keydown", (e) => {
      if (composing(e)) return;
      const cells = [...this.cells.values()], i = cells.indexOf(e.target.closest(".cell")); if (i < 0) return;
      const wide = getComputedStyle(this.list).gridTemplateColumns.split(" ").length;
      const to = {ArrowRight: i + 1, ArrowLeft: i - 1, ArrowDown: i + wide, ArrowUp: i - wide, Home: 0, End: cells.length - 1}[e.key];
      if (to !== undefined) { e.preventDefault(); e.stopPropagation(); if (cells[to]) { cells[i].tabIndex = -1; cells[to].tabIndex = 0; cells[to].focus(); } else if (to < 0) box.focus(); }
      else if (SIGNS[e.key] && !e.ctrlKey) { e.preventDefault(); e.stopPropagation(); this.set([[this.row(cells[i].dataset.id), SIGNS[e.key]]]); }
    });
    this.list.addEventListener("click", (e) => {
      const cell = e.target.closest(".cell"); if (!cell) return;
      this.set([[this.row(cell.dataset.id), RING[(RING.indexOf(this.group(cell.dataset.id)) + 1) % 4]]]);
    });
    form.addEventListener("change", (e) => {
      if (["kind", "held_on", "who", "group_ids"].includes(e.target.name)) this.soon();
      this.draw(); if (e.target.name === "others") this.preview();
    });
  }
}
for (const part of document.querySelectorAll("[data-sheet]")) new Sheet(part);
