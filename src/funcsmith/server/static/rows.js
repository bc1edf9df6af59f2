// A function over the rows of a file: the file is sent, its columns are chosen, the rows go by.
import { onDrop } from "./drop.js";
import { withKey } from "./key.js";
import { eachEvent } from "./stream.js";

const place = () => document.querySelector("[data-over-rows]");
const find = (name) => place().querySelector(`[data-rows-${name}]`);
let underWay = null;

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-rows-file]")) return;
  choose(event.target.files[0]);
  event.target.value = "";
});

onDrop((files) => {
  if (place()) choose(files[0]);
});

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-rows-apply]")) return;
  event.preventDefault();
  apply(event.target);
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-rows-stop]")) underWay?.abort();
  const link = event.target.closest("[data-rows-fetch]");
  if (link && !link.href.startsWith("blob:")) {
    event.preventDefault();
    fetchResult(link);
  }
});

async function choose(file) {
  find("outcome").replaceChildren();
  await during(file.name, async (signal) => {
    const response = await fetch(`${place().dataset.overRows}?named=${encodeURIComponent(file.name)}`, {
      method: "POST",
      headers: withKey({ "Content-Type": "application/octet-stream" }),
      body: file,
      signal,
    });
    show("columns", await response.text());
  });
}

async function apply(form) {
  find("outcome").replaceChildren();
  await during(place().dataset.working, async (signal) => {
    const response = await fetch(form.action, {
      method: "POST",
      headers: withKey(),
      body: new URLSearchParams(new FormData(form)),
      signal,
    });
    if (!response.ok) {
      show("outcome", await response.text());
      return;
    }
    let ended = false;
    await eachEvent(response, (name, data) => {
      if (name === "stage") tell(data.text, data.data.share);
      if (name === "outcome") show("outcome", data.html);
      if (name === "error") failed(data.message, data.hint);
      ended ||= name !== "stage";
    });
    if (!ended) failed(place().dataset.brokenOff, place().dataset.tryAgain);
  });
}

// One thing at a time; what is begun anew ends what went on.
async function during(said, work) {
  underWay?.abort();
  const mine = (underWay = new AbortController());
  find("progress").hidden = false;
  find("bar").removeAttribute("value");
  tell(said);
  try {
    await work(mine.signal);
    if (underWay === mine) find("told").textContent = "";
  } catch (error) {
    if (underWay !== mine) return;
    if (error.name === "AbortError") failed(place().dataset.stopped);
    else failed(place().dataset.brokenOff, place().dataset.tryAgain);
  } finally {
    if (underWay === mine) {
      underWay = null;
      find("progress").hidden = true;
    }
  }
}

function tell(text, share) {
  find("told").textContent = text;
  if (share !== undefined) find("bar").value = share;
}

// The pieces are the server's, where every value in them was escaped.
function show(name, html) {
  const target = find(name);
  target.innerHTML = html;
  target.querySelector("[data-rows-first]")?.focus({ preventScroll: true });
  target.scrollIntoView({ block: "nearest" });
}

function failed(message, hint) {
  const shown = place().querySelector("template").content.cloneNode(true);
  shown.querySelector("[data-message]").textContent = message;
  shown.querySelector("[data-hint]").textContent = hint ?? "";
  find("outcome").replaceChildren(shown);
}

// A link sends no key, so the result is fetched, and stays in this page for another click.
async function fetchResult(link) {
  try {
    const response = await fetch(link.href, { headers: withKey() });
    if (!response.ok) {
      show("outcome", await response.text());
      return;
    }
    link.href = URL.createObjectURL(await response.blob());
    document.querySelector("[data-rows-kept]")?.remove();
    link.click();
  } catch {
    failed(place().dataset.brokenOff, place().dataset.tryAgain);
  }
}
