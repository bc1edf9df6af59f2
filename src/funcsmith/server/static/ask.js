// Asking: a sentence, or the answer to a question; its stages as they come; then the outcome.
import { onDrop } from "./drop.js";
import { FileTooLarge, readFile } from "./files.js";
import { withKey } from "./key.js";
import { eachEvent } from "./stream.js";

const find = (name, within = document) => within.querySelector(`[data-${name}]`);
const form = document.querySelector("form.ask");
const outcome = document.querySelector("#outcome");

if (form) {
  const words = document.querySelector("#words").dataset;
  const inputs = new Map();
  const began = new Map();
  let underWay = null;

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-ask]")) return;
    event.preventDefault();
    const given = new FormData(event.target);
    const previous = given.get("previous");
    keepEarlier(previous !== null);
    ask({ text: given.get("text"), ...(previous ? { previous: JSON.parse(previous) } : {}) });
  });

  form.addEventListener("keydown", (event) => {
    // While an input method composes, Enter chooses a character.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });

  document.addEventListener("click", (event) => {
    const example = event.target.closest("[data-example]");
    if (example) {
      form.text.value = example.textContent;
      form.requestSubmit();
    }
    if (event.target.closest("[data-stop]")) underWay?.abort();
    const removed = event.target.closest("[data-remove]")?.closest("li");
    if (removed) {
      inputs.delete(removed.dataset.name);
      removed.remove();
    }
  });

  async function ask(request) {
    underWay?.abort();
    const mine = (underWay = new AbortController());
    startStages();
    try {
      const response = await fetch("/page/run", {
        method: "POST",
        headers: withKey({ "Content-Type": "application/json" }),
        body: JSON.stringify({ ...request, inputs: Object.fromEntries(inputs) }),
        signal: mine.signal,
      });
      if (!response.ok) {
        show(await response.text());
        say("");
        return;
      }
      let ended = false;
      await eachEvent(response, (name, data) => {
        if (name === "stage") stage(data);
        if (name === "outcome") answered(data);
        if (name === "error") failed(data.message, data.hint);
        ended ||= name !== "stage";
      });
      if (!ended) failed(words.brokenOff, words.tryAgain);
    } catch (error) {
      if (error.name === "AbortError") {
        if (underWay === mine) say(words.stopped);
      } else {
        failed(words.brokenOff, words.tryAgain);
      }
    } finally {
      if (underWay === mine) {
        underWay = null;
        find("progress").hidden = true;
      }
    }
  }

  function answered({ kind, html }) {
    show(html);
    say(kind === "ask" ? words.asked : words.answered);
    const answer = find("answer", outcome);
    if (answer) answer.focus();
    else outcome.focus({ preventScroll: true });
    outcome.scrollIntoView({ block: "nearest" });
    document.body.dispatchEvent(new Event("answered"));
  }

  // The pieces are the server's, where every value in them was escaped.
  function show(html) {
    outcome.innerHTML = html;
    window.htmx.process(outcome);
  }

  function failed(message, hint) {
    const shown = document.querySelector("#failure").content.cloneNode(true);
    find("message", shown).textContent = message;
    find("hint", shown).textContent = hint ?? "";
    outcome.replaceChildren(shown);
    say("");
  }

  function say(text) {
    find("said").textContent = text;
  }

  // A question's sentence stays above its answer.
  function keepEarlier(answers) {
    const earlier = find("earlier");
    const sentence = find("sentence", outcome);
    if (!answers) {
      earlier.replaceChildren();
    } else if (sentence) {
      const kept = document.querySelector("#earlier").content.cloneNode(true);
      const plain = sentence.cloneNode(true);
      for (const name of plain.querySelectorAll("rt")) name.remove();
      find("sentence", kept).textContent = plain.textContent;
      earlier.append(kept);
    }
  }

  function startStages() {
    began.clear();
    outcome.replaceChildren();
    find("examples").hidden = true;
    document.querySelector(".opening").hidden = true;
    const progress = find("progress");
    progress.hidden = false;
    for (const item of progress.querySelectorAll("li")) {
      item.className = "";
      find("seconds", item).textContent = "";
    }
    find("live").textContent = "";
    find("note").textContent = "";
    say(words.working);
  }

  function stage({ stage: name, state, text }) {
    const item = document.querySelector(`[data-stage="${CSS.escape(name)}"]`);
    if (state === "start") {
      if (name === "generate") find("live").textContent = "";
      began.set(name, performance.now());
      if (item) {
        item.hidden = false;
        item.className = "current";
        say(find("name", item).textContent);
      }
    } else if (state === "text") {
      const live = find("live");
      live.textContent += text;
      live.scrollTop = live.scrollHeight;
    } else if (state === "note") {
      find("note").textContent = text;
    } else if (state === "done" && item) {
      const spent = (performance.now() - (began.get(name) ?? performance.now())) / 1000;
      item.className = "done";
      find("seconds", item).textContent = `${spent.toFixed(1)} s`;
    }
  }

  // Files

  find("file").addEventListener("change", (event) => {
    add(event.target.files);
    event.target.value = "";
  });
  onDrop(add);

  async function add(files) {
    for (const file of files) {
      try {
        const value = await readFile(file);
        addInput(file.name, value);
      } catch (error) {
        const said = error instanceof FileTooLarge ? words.fileLarge : words.fileFailed;
        failed(said.replace("{name}", file.name));
      }
    }
    form.text.focus();
  }

  function addInput(file, value) {
    let name = "data";
    for (let number = 2; inputs.has(name); number += 1) name = `data${number}`;
    inputs.set(name, value);
    const item = document.querySelector("#input").content.cloneNode(true).firstElementChild;
    item.dataset.name = name;
    find("name", item).textContent = file;
    find("as", item).textContent = name;
    find("remove", item).ariaLabel += ` ${file}`;
    if (Array.isArray(value)) {
      find("size", item).textContent = words.rows.replace("{count}", value.length);
    }
    find("inputs").append(item);
  }
}
