// Runs once for the page Evaluation, with gradio's `element`, `trigger` and `watch` in scope.
// The page's address says what is shown: links are followed here, without loading the page anew.

window.dateline = {
  opening: (yes) => document.querySelector("#dl-pane")?.toggleAttribute("aria-busy", yes),
};
const source = document.getElementById("dl-source");
source.setAttribute("role", "complementary");
source.setAttribute("aria-label", "Source");

const column = element.closest("#dl-transcript");
const query = () => window.location.search;
const view = () => element.querySelector("[data-view]");

// What the next drawing is: "new", to be read from its top; "stay", another part of the same.
let coming = "";
let shown = null;
const go = (address, how) => {
  coming = how;
  column.setAttribute("aria-busy", "true");
  trigger("go", { address });
};
const follow = (address, how) => {
  window.history.pushState(window.history.state, "", address);
  go(query(), how);
};
window.addEventListener("popstate", () => go(query(), "new"));

// Runs that are chosen to be compared: by their ids, for what is drawn anew may move them.
const picked = new Set();
const tellPicked = (wrong = "") => {
  const said = element.querySelector("[data-picked]");
  if (!said) return;
  const runs = picked.size === 1 ? "1 run is chosen" : `${picked.size} runs are chosen`;
  said.textContent = wrong || (picked.size ? `${runs}.` : "Choose two or more runs, to set them beside each other.");
};
const compare = (button) => {
  const most = Number(button.dataset.most);
  if (picked.size < 2) { tellPicked("Choose two or more runs first."); return; }
  if (picked.size > most) { tellPicked(`At most ${most} runs can be compared at once.`); return; }
  const url = overview();
  [...picked].sort().forEach((run) => url.searchParams.append("compare", run));
  follow(url, "new");
};

// A button that deletes asks once more, in its own place.
let armed = null;
const disarm = () => {
  if (armed) { armed.button.innerHTML = armed.words; armed.button.classList.remove("ev-armed"); }
  armed = null;
};
const remove = (button) => {
  if (armed?.button === button) {
    armed = null;
    window.history.replaceState(window.history.state, "", overview());
    coming = "new";
    trigger("delete", { run: button.dataset.delete, address: query() });
    return;
  }
  disarm();
  armed = { button, words: button.innerHTML };
  button.textContent = "Delete for good?";
  button.classList.add("ev-armed");
};
const overview = () => {
  const url = new URL(window.location.href);
  ["run", "case", "ended", "page", "compare"].forEach((name) => url.searchParams.delete(name));
  return url;
};
element.addEventListener("focusout", (event) => { if (armed?.button === event.target) disarm(); });
element.addEventListener("keydown", (event) => { if (event.key === "Escape") disarm(); });

element.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-go]");
  const plain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (link && plain) {
    event.preventDefault();
    follow(link.href, link.dataset.go || "new");
    return;
  }
  const button = event.target.closest("button");
  if (!button) return;
  if (button.matches("[data-delete]")) remove(button);
  if (button.matches("[data-compare]")) compare(button);
  if (button.matches("[data-jump]")) {
    const place = document.getElementById(button.dataset.jump);
    place.scrollIntoView({ block: "start" });
    place.focus({ preventScroll: true });
  }
  if (button.matches("[data-again]")) {
    button.disabled = true;
    window.history.pushState(window.history.state, "", overview());
    trigger("start", { run: button.dataset.again });
    go(query(), "new");
  }
  if (button.matches("[data-kind]")) {
    element.querySelectorAll(".dl-active").forEach((each) => each.classList.remove("dl-active"));
    button.classList.add("dl-active");
    window.datelineOpener = button;
    window.dateline.opening(true);
    trigger("open", {
      address: query(),
      turn: Number(button.dataset.turn),
      kind: button.dataset.kind,
      number: Number(button.dataset.number),
    });
  }
});

element.addEventListener("change", (event) => {
  if (event.target.name === "compare") {
    picked[event.target.checked ? "add" : "delete"](event.target.value);
    tellPicked();
  }
  const form = event.target.closest("[data-figures]");
  if (!form) return;
  const url = new URL(window.location.href);
  url.searchParams.delete("figure");
  form.querySelectorAll("input:checked").forEach((each) => url.searchParams.append("figure", each.value));
  window.history.replaceState(window.history.state, "", url);
  go(query(), "stay");
});

// What was unfolded stays so while the same is drawn anew.
const unfolded = new Set();
element.addEventListener("toggle", (event) => {
  const name = event.target.dataset?.keep;
  if (name && coming !== "stay") unfolded[event.target.open ? "add" : "delete"](name);
}, { capture: true });

const drawn = () => {
  const now = view();
  if (!now) return;
  column.removeAttribute("aria-busy");
  document.body.dataset.evaluation = now.dataset.view;
  const key = `${now.dataset.view} ${now.dataset.key}`;
  const another = shown !== null && key !== shown;
  shown = key;
  if (coming === "new" || another) {
    disarm();
    document.body.classList.remove("dl-source-open");
    unfolded.clear();
    element.querySelectorAll("details[open]").forEach((each) => { each.open = false; });
    for (const area of [document.getElementById("dl-chat"), document.scrollingElement]) area.scrollTop = 0;
    now.querySelector("[data-title]")?.focus({ preventScroll: true });
  }
  // What was clicked keeps its own mind, whatever is drawn.
  element.querySelectorAll("input[name=figure]").forEach((each) => { each.checked = each.defaultChecked; });
  if (now.dataset.view === "runs") {
    const boxes = [...element.querySelectorAll("input[name=compare]")];
    const there = boxes.map((each) => each.value);
    [...picked].filter((run) => !there.includes(run)).forEach((run) => picked.delete(run));
    boxes.forEach((each) => { each.checked = picked.has(each.value); });
    tellPicked();
  }
  element.querySelectorAll("details[data-keep]").forEach((each) => {
    if (unfolded.has(each.dataset.keep)) each.open = true;
  });
  const title = now.querySelector("[data-title]")?.textContent.trim();
  document.title = title && title !== "Evaluation" ? `${title} · Evaluation · Dateline` : "Evaluation · Dateline";
  setTimeout(() => { coming = ""; }, 50); // after the toggles that drawing caused
};
watch("value", drawn);
drawn();
