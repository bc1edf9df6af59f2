// Files dropped anywhere on the page; while they hover, the page says what becomes of them.

// Calls `take(files)`, as long as the page has a place for them.
export function onDrop(take) {
  const place = () => document.querySelector("[data-drop]");
  document.addEventListener("dragover", (event) => {
    if (!place() || !event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    place().hidden = false;
  });
  document.addEventListener("dragleave", (event) => {
    if (place() && event.relatedTarget === null) place().hidden = true;
  });
  document.addEventListener("drop", (event) => {
    if (!place()) return;
    place().hidden = true;
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    take(event.dataTransfer.files);
  });
}
