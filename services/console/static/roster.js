// The print button of lists and letters, and copying of a cell's address. Without this file: Ctrl+P, and the text itself.
for (const e of document.querySelectorAll("[data-print]")) { e.hidden = false; e.addEventListener("click", () => print()); }
for (const e of document.querySelectorAll("[data-copy]")) {
  e.hidden = false;
  e.addEventListener("click", async () => {
    const text = e.dataset.copy;
    if (navigator.clipboard) await navigator.clipboard.writeText(text);
    else {
      const field = document.createElement("textarea"); field.value = text; document.body.append(field);
      field.select(); document.execCommand("copy"); field.remove(); e.focus();
    }
    e.textContent = "已复制";
  });
}
