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

// A value that was changed by hand comes from nowhere in the sentence.
function tellOrigin(control) {
  const field = control.closest?.("form.arguments .field");
  if (!field) return;
  const first = control.matches("select")
    ? [...control.options].find((option) => option.defaultSelected)?.value ?? control.options[0]?.value
    : control.defaultValue;
  const changed = control.value !== first;
  for (const told of field.querySelectorAll("[data-stated]")) told.hidden = changed;
  for (const told of field.querySelectorAll("[data-changed]")) told.hidden = !changed;
  const mark = field.closest("article")?.querySelectorAll("a.mark") ?? [];
  for (const one of mark) {
    if (one.dataset.argument === field.dataset.argument) one.classList.toggle("left", changed);
  }
}

document.addEventListener("input", (event) => tellOrigin(event.target));
document.addEventListener("change", (event) => tellOrigin(event.target));

document.addEventListener("click", (event) => {
  const mark = event.target.closest("a.mark");
  if (!mark) return;
  const field = mark.closest("article").querySelector(
    `.field[data-argument="${CSS.escape(mark.dataset.argument)}"]`,
  )?.querySelector("input, select, textarea");
  event.preventDefault();
  field?.focus();
});
