// Forms: what is typed is kept as a draft until the server has it, and is saved once. Without this file they are plain forms.
import {composing, day, spoken} from "./keys.js";

const RETRY = 2000, WAIT = 250, SHARE = 3000;
const user = document.body.dataset.user, csrf = document.body.dataset.csrf;
const tag = document.querySelector("[data-saved]");

export function made(name, as, ...inner) {
  const e = Object.assign(document.createElement(name), as);
  e.append(...inner);
  return e;
}

function header() {
  if (!tag) return;
  const kept = Object.keys(localStorage).filter((key) => key.startsWith(`lz.draft.${user}.`)).length;
  tag.textContent = !navigator.onLine ? "没有连上，内容在本机" : kept ? `有 ${kept} 份草稿没有保存` : "已全部保存";
  tag.className = "tag saved " + (!navigator.onLine || kept ? "warn" : "ok");
}
addEventListener("online", header); addEventListener("offline", header);

export function forms() {
  header();
  for (const form of document.querySelectorAll("form[data-draft]")) if (form.dataset.draft) new Kept(form);
  // one click, one command
  for (const form of document.querySelectorAll("form:not([data-draft])"))
    form.addEventListener("submit", (e) => { if (form.dataset.sent) e.preventDefault(); form.dataset.sent = "1"; });
  const plain = document.querySelector("form:not([data-draft]) .foot .main-act");
  if (plain) document.addEventListener("keydown", (e) => { if ((e.ctrlKey || e.metaKey) && e.key === "s" && !composing(e)) { e.preventDefault(); plain.click(); } });
  addEventListener("pageshow", (e) => { if (e.persisted) location.reload(); });
}

class Kept {
  constructor(form) {
    this.form = form;
    this.key = `lz.draft.${user}.${form.dataset.draft}`;
    this.state = form.querySelector("[data-state]");
    this.tab = Math.random().toString(36).slice(2);
    this.busy = false;
    this.restore();
    form.addEventListener("input", () => this.keep());
    form.addEventListener("change", () => this.keep());
    form.addEventListener("keydown", (e) => this.typed(e));
    form.addEventListener("submit", (e) => { const by = e.submitter || {}; if (by.name === "_photos") return; e.preventDefault(); this.save(by.name === "_next" ? by.value : ""); });
    addEventListener("pagehide", () => { if (this.timer) this.now(); });
    addEventListener("storage", (e) => { if (e.key === this.key && e.newValue) this.say("另一个窗口也在填；两边只存成一条", "bad"); });
    document.addEventListener("keydown", (e) => {
      if (!(e.ctrlKey || e.metaKey) || composing(e)) return;
      if (e.key === "s") { e.preventDefault(); this.save(""); }
      else if (e.key === "Enter") { e.preventDefault(); const next = form.querySelector("[name=_next]"); this.save(next ? next.value : ""); }
    });
    for (const input of form.querySelectorAll("[data-kind]")) { input.addEventListener("input", () => this.echo(input)); this.echo(input); }
  }
  typed(e) {
    if (composing(e) || e.key !== "Enter" || e.ctrlKey || e.metaKey || e.target.closest("textarea,button,a,summary")) return;
    e.preventDefault();
    const flow = [...this.form.querySelectorAll("input,select,textarea,button[type=submit].main-act,[data-flow]")].filter((f) => f.type !== "hidden" && !f.disabled && f.tabIndex >= 0 && f.offsetParent !== null);
    let i = flow.indexOf(e.target);
    const name = e.target.type === "radio" ? e.target.name : "";
    do { i += e.shiftKey ? -1 : 1; } while (name && flow[i] && flow[i].name === name);
    if (flow[i]) flow[i].focus();
  }
  echo(input) {
    const hint = document.getElementById("h-" + input.id.slice(2)); if (!hint) return;
    if (!("was" in hint.dataset)) hint.dataset.was = hint.textContent;
    const d = day(input.value, new Date(), input.dataset.kind === "due" ? +document.body.dataset.year : 0);
    hint.textContent = d ? spoken(d) : d === 0 ? "没有这一天" : input.value ? "写成 0612、6.12 或者 2026-6-12" : hint.dataset.was;
  }
  values() {
    const out = {};
    for (const [name, value] of new FormData(this.form)) if (name !== "_csrf" && typeof value === "string") (out[name] = out[name] || []).push(value);
    return out;
  }
  keep() { clearTimeout(this.timer); this.timer = setTimeout(() => this.now(), WAIT); }
  now() {
    this.timer = 0;
    const draft = {at: Date.now(), tab: this.tab, values: this.values()};
    try { localStorage.setItem(this.key, JSON.stringify(draft)); this.say("草稿已存在本机 " + new Date().toTimeString().slice(0, 5)); }
    catch { this.say("本机存不下草稿，请尽快保存", "bad"); }
    header();
    clearTimeout(this.sharing); this.sharing = setTimeout(() => this.share(JSON.stringify(draft)), SHARE);
  }
  share(content) { fetch("/drafts", {method: "POST", headers: {Accept: "application/json"}, body: new URLSearchParams({_csrf: csrf, key: this.form.dataset.draft, content})}).catch(() => {}); }
  restore() {
    if (this.form.querySelector("[data-scanned]")) return this.now();
    const there = document.querySelector("[data-kept]");
    const draft = JSON.parse(localStorage.getItem(this.key) || (there ? there.textContent : "null"));
    const bar = document.querySelector("[data-restored]");
    if (!draft || !bar) return;
    const names = Object.keys(draft.values);
    for (const part of this.form.querySelectorAll("[data-rows]")) {
      const most = Math.max(0, ...names.filter((n) => n.startsWith(part.dataset.rows + ".")).map((n) => +n.slice(part.dataset.rows.length + 1).split(".")[0] + 1));
      part.dispatchEvent(new CustomEvent("rows", {detail: most}));
    }
    // asked beside photographs, which are gone
    const asked = names.filter((n) => n.startsWith("doubt."));
    for (const name of asked) this.form.append(made("input", {type: "hidden", name}));
    for (const f of this.form.elements) {
      if (!f.name || f.type === "file" || ["_csrf", "_next", "_version"].includes(f.name)) continue;
      const kept = draft.values[f.name];
      if (f.type === "checkbox" || f.type === "radio") f.checked = !!kept && kept.includes(f.value);
      else if (kept) f.value = kept.length > 1 ? kept.shift() : kept[0];
    }
    this.form.dispatchEvent(new Event("restored"));
    bar.hidden = false; bar.querySelector("[data-restored-at]").textContent = new Date(draft.at).toLocaleString("zh-CN") + (asked.length ? `，拿不准的 ${asked.length} 人要重读` : "");
    bar.querySelector("[data-forget]").onclick = () => { this.forget(); location.reload(); };
  }
  forget() {
    clearTimeout(this.timer); clearTimeout(this.sharing); this.timer = 0;
    localStorage.removeItem(this.key); this.share(""); header();
  }
  say(text, kind = "") { if (this.state) { this.state.textContent = text; this.state.className = "state " + kind; } }
  async save(next) {
    if (this.busy) return;
    this.busy = true; clearTimeout(this.timer); clearTimeout(this.again); this.now(); clearTimeout(this.sharing); this.say("正在保存…");
    const data = new FormData(this.form), photos = this.form.elements.photos;
    if (photos) data.set("photos", photos.value);
    const body = this.form.enctype === "multipart/form-data" ? data : new URLSearchParams(data);
    let answer, got;
    try {
      answer = await fetch(this.form.action, {method: "POST", body, headers: {Accept: "application/json"}});
      got = await answer.json();
    } catch {
      this.busy = false;
      this.say("没有连上服务器，您填的都在这台电脑上，连上后自动保存。", "bad");
      this.again = setTimeout(() => this.save(next), RETRY);
      return;
    }
    this.busy = false;
    if (answer.ok) { this.busy = true; this.forget(); return location.assign(next || got.location); }
    if (answer.status === 401) return this.signIn(got.title);
    this.show(got, answer.status);
    if (answer.status === 503) this.again = setTimeout(() => this.save(next), RETRY);
  }
  signIn(text) {
    this.say(text, "bad");
    if (document.getElementById("sign-in-again")) return;
    const link = made("a", {id: "sign-in-again", href: "/sign-in?window=1", target: "_blank", rel: "opener", className: "btn", textContent: "在新窗口登录"});
    this.state.after(link); link.focus();
  }
  show(got, status) {
    const box = this.form.querySelector("#faults");
    for (const e of this.form.querySelectorAll("[data-fault]")) e.textContent = "";
    for (const e of this.form.querySelectorAll("[aria-invalid]")) e.removeAttribute("aria-invalid");
    for (const e of this.form.querySelectorAll("[data-theirs]")) e.hidden = true;
    if (got.version && this.form.elements._version) this.form.elements._version.value = got.version;
    for (const [name, text] of Object.entries(got.theirs || {})) {
      const e = this.form.querySelector(`[data-theirs="${name}"]`); if (e) { e.hidden = false; e.querySelector("b").textContent = text; }
    }
    box.querySelector("h2").textContent = got.title; const list = box.querySelector("ul"); list.textContent = "";
    for (const text of got.others || []) list.append(made("li", {textContent: text}));
    for (const [name, text] of Object.entries(got.faults || {})) {
      const id = "f-" + name.replace(/\./g, "-"), a = made("a", {href: "#" + id, textContent: got.told[name]});
      list.append(made("li", {}, a));
      const e = this.form.querySelector(`[data-fault="${name}"]`); if (e) e.textContent = text;
      const f = document.getElementById(id); if (f) f.setAttribute("aria-invalid", "true");
      a.onclick = (click) => { if (f && f.focus) { click.preventDefault(); f.focus(); } };
    }
    box.hidden = false; if (status !== 503) box.focus();
    this.say(got.title, "bad");
  }
}
