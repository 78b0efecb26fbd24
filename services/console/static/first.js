// A short form begins where it is filled in: the first empty field has the focus.
const form = document.querySelector("form[data-first]");
const fields = form ? [...form.querySelectorAll("input:not([type=hidden]),select,textarea")] : [];
const empty = fields.find((f) => f.type === "radio" ? !form.querySelector(`[name="${f.name}"]:checked`) : !f.value);
if (empty || fields[0]) (empty || fields[0]).focus();
