// The key of a server that wants one: kept in this tab, sent with the page's own requests.
const NAME = "funcsmith.key";

export function withKey(headers = {}) {
  const key = sessionStorage.getItem(NAME);
  return key ? { ...headers, Authorization: `Bearer ${key}` } : headers;
}

document.addEventListener("htmx:configRequest", (event) => {
  Object.assign(event.detail.headers, withKey());
});

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-key]")) return;
  event.preventDefault();
  sessionStorage.setItem(NAME, new FormData(event.target).get("key").trim());
  location.reload();
});
