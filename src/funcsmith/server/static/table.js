// A click on a column's name sorts by it, a second one the other way round.
function sort(table, column) {
  const head = table.tHead.rows[0].cells;
  const down = head[column].getAttribute("aria-sort") === "ascending";
  for (const cell of head) cell.removeAttribute("aria-sort");
  head[column].setAttribute("aria-sort", down ? "descending" : "ascending");
  const body = table.tBodies[0];
  const rows = [...body.rows].map((row) => [row.cells[column], row]);
  rows.sort(([a], [b]) => compare(a, b, down ? -1 : 1));
  body.append(...rows.map(([, row]) => row));
}

function compare(a, b, direction) {
  const empty = (a.dataset.key === "") - (b.dataset.key === "");
  if (empty) return empty; // What is missing stands last, either way.
  if (a.className === "figure" && b.className === "figure") {
    return direction * (Number(a.dataset.key) - Number(b.dataset.key));
  }
  return direction * a.dataset.key.localeCompare(b.dataset.key, document.documentElement.lang, { numeric: true });
}

document.addEventListener("click", (event) => {
  const name = event.target.closest("table[data-sorts] th button");
  if (name) sort(name.closest("table"), name.closest("th").cellIndex);
});
