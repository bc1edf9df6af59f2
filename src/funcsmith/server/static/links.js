// A value in the sentence and its argument's field: pointing at one shows the other.
function link(target, on) {
  const place = target.closest?.("[data-argument]");
  const article = place?.closest("article");
  if (!article) return;
  for (const other of article.querySelectorAll("[data-argument]")) {
    other.classList.toggle("linked", on && other.dataset.argument === place.dataset.argument);
  }
}

document.addEventListener("pointerover", (event) => link(event.target, true));
document.addEventListener("pointerout", (event) => link(event.target, false));
document.addEventListener("focusin", (event) => link(event.target, true));
document.addEventListener("focusout", (event) => link(event.target, false));

document.addEventListener("click", (event) => {
  const mark = event.target.closest("a.mark");
  if (!mark) return;
  const field = mark.closest("article").querySelector(
    `.field[data-argument="${CSS.escape(mark.dataset.argument)}"]`,
  )?.querySelector("input, select, textarea");
  event.preventDefault();
  field?.focus();
});
