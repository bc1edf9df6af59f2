// A field for code: numbers beside the lines, and what Tab, Enter and Esc do in it.
const STEP = "    ";
let leaving = false; // After Esc, Tab goes on to the next field, so that a keyboard is not caught here.

const fieldOf = (event) => event.target.closest?.("[data-editor] textarea");

document.addEventListener("input", (event) => {
  const field = fieldOf(event);
  if (field) number(field);
});

document.addEventListener("focusin", () => {
  leaving = false;
});

document.addEventListener("keydown", (event) => {
  const field = fieldOf(event);
  if (!field || event.isComposing) return;
  if (event.key === "Escape") {
    leaving = true;
  } else if (event.key === "Tab" && !leaving && !event.altKey && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    indent(field, event.shiftKey);
  } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    field.form.requestSubmit();
  } else if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    const before = field.value.slice(startOfLine(field), field.selectionStart);
    put(field, `\n${before.match(/^[ \t]*/)[0]}${/:\s*$/.test(before) ? STEP : ""}`);
  }
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-go-line]");
  if (!link) return;
  event.preventDefault();
  const field = link.closest("[data-editor]").querySelector("textarea");
  const lines = field.value.split("\n");
  const line = Math.min(Number(link.dataset.goLine), lines.length);
  const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  field.focus();
  field.setSelectionRange(start, start + lines[line - 1].length);
});

function number(field) {
  const count = field.value.split("\n").length;
  field.rows = count;
  const numbers = Array.from({ length: count }, (_, at) => at + 1).join("\n");
  field.parentElement.querySelector("[data-numbers]").textContent = numbers;
}

function indent(field, back) {
  const { selectionStart: start, selectionEnd: end } = field;
  if (!back && start === end) {
    put(field, STEP);
    return;
  }
  const first = startOfLine(field);
  const lines = field.value.slice(first, end).split("\n");
  const moved = lines.map((line) => (back ? line.replace(/^( {1,4}|\t)/, "") : line && STEP + line));
  const text = moved.join("\n");
  const shift = moved[0].length - lines[0].length;
  field.setSelectionRange(first, end);
  put(field, text);
  if (start === end) field.setSelectionRange(Math.max(first, start + shift), Math.max(first, start + shift));
  else field.setSelectionRange(first, first + text.length);
}

function startOfLine(field) {
  return field.value.lastIndexOf("\n", field.selectionStart - 1) + 1;
}

// Typed by way of the browser, so that it can be undone; where that is not to be had, put in place.
function put(field, text) {
  const typed = text === "" ? document.execCommand("delete") : document.execCommand("insertText", false, text);
  if (typed) return;
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  number(field);
}
