// Light or dark, kept for the next visit.
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-switch-theme]")) return;
  const root = document.documentElement;
  const now = root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  root.dataset.theme = now === "dark" ? "light" : "dark";
  localStorage.setItem("theme", root.dataset.theme);
});
