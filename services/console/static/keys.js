// Keys while an input method composes: nothing acts on them, and Enter must not submit the form by itself either.
export const composing = (e) => {
  const yes = e.isComposing || e.keyCode === 229;
  if (yes && e.key === "Enter") e.preventDefault();
  return yes;
};

// The day written short (0612, 6.12): without a year the latest not in the future, or in `year`. null: unreadable, 0: none.
export function day(text, today, year) {
  const t = text.normalize("NFKC").replace(/。/g, ".").trim();
  const m = t.match(/^(?:(\d{4})[年./-])?(\d{1,2})[月./-](\d{1,2})日?$/) || t.match(/^(\d{4})?(\d{2})(\d{2})$/);
  if (!m) return null;
  const d = new Date(+(m[1] || year || today.getFullYear()), m[2] - 1, +m[3]);
  if (!m[1] && !year && d > today) d.setFullYear(d.getFullYear() - 1);
  return d.getMonth() === m[2] - 1 && d.getDate() === +m[3] ? d : 0;
}
export const spoken = (d) => `${d.getFullYear()}年${d.getMonth() + 1}月${d.getDate()}日 星期${"日一二三四五六"[d.getDay()]}`;
