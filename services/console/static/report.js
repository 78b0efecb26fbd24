// The workbench: a figure opens beside the document, E edits the paragraph one is at, numbers typed by hand are told at once.
import {composing} from "./keys.js";

const panel = document.querySelector("[data-figure-panel]");
let from = null;
function unmark() { for (const a of document.querySelectorAll(".fig[aria-current]")) a.removeAttribute("aria-current"); }
async function open(link) {
  panel.setAttribute("aria-busy", "true");
  let text = "";
  try {
    const answer = await fetch(link.href, {headers: {"X-Part": "figure"}});
    if (answer.ok && !answer.redirected) text = await answer.text();
  } catch (_) { /* the link works without us */ }
  panel.removeAttribute("aria-busy");
  if (!text) return location.assign(link.href);
  unmark();
  from = link; link.setAttribute("aria-current", "true");
  panel.innerHTML = text;
  history.replaceState(null, "", link.href);
  const first = panel.querySelector("[data-list] a") || panel.querySelector("#figure"); first.focus({preventScroll: true});
}
function close() {
  const shown = panel && panel.querySelector("#figure");
  if (!shown) return;
  const link = from || document.querySelector(".fig[aria-current]");
  unmark(); panel.textContent = "";
  const url = new URL(location); url.searchParams.delete("figure"); history.replaceState(null, "", url);
  if (link) link.focus({preventScroll: true});
}
if (panel) {
  document.addEventListener("click", (e) => {
    if (e.ctrlKey || e.metaKey || e.shiftKey || e.button) return;
    const link = e.target.closest(".fig"), shut = e.target.closest("[data-close]");
    if (link) { e.preventDefault(); open(link); } else if (shut) { e.preventDefault(); close(); }
  });
  document.addEventListener("keydown", (e) => { if (e.key === "Escape" && !composing(e)) close(); });
}

let over = null;
document.addEventListener("mouseover", (e) => { over = e.target.closest("[data-edit]"); });
document.addEventListener("keydown", (e) => {
  if (composing(e) || e.key !== "e" || e.ctrlKey || e.metaKey || e.altKey || !("letters" in document.body.dataset)) return;
  if (/^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName)) return;
  const paragraph = e.target.closest("[data-edit]") || document.querySelector("[data-edit]:target") || over;
  if (paragraph) { e.preventDefault(); location.assign(paragraph.dataset.edit); }
});

const form = document.querySelector("[data-check]");
if (form) {
  const box = form.querySelector("[data-flags]"), text = form.elements.text;
  let timer, asked = 0;
  text.focus();
  text.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const mine = ++asked;
      const answer = await fetch(form.dataset.check, {method: "POST", headers: {Accept: "application/json"}, body: new URLSearchParams({_csrf: document.body.dataset.csrf, text: text.value})}).catch(() => null);
      if (!answer || !answer.ok || mine !== asked) return;
      box.textContent = "";
      for (const flag of (await answer.json()).flags) {
        const tag = document.createElement("span"); tag.className = "tag warn";
        tag.textContent = `${flag.text} 不是系统算出的` + (flag.wanted ? `，系统为${flag.wanted}` : ""); box.append(tag, " ");
      }
    }, 300);
  });
}

const waiting = document.querySelector("[data-waiting]");
if (waiting) {
  const ask = async () => {
    const answer = await fetch(waiting.dataset.waiting).catch(() => null);
    if (answer && answer.ok && (await answer.json()).status !== "compiling") location.reload(); else setTimeout(ask, 1500);
  };
  if (document.querySelector(".main a[href]")) setTimeout(ask, 1500);
}
