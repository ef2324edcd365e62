// Runs once for the transcript, with gradio's `element`, `trigger` and `watch` in scope.
// Clicks are delegated: the buttons inside come and go as answers stream in.

const numberOf = (button) => Number(Object.values(button.dataset)[0]);
const box = () => document.querySelector("#dl-question textarea");

const open = (opener) => {
  document.querySelectorAll(".dl-active").forEach((each) => each.classList.remove("dl-active"));
  opener.classList.add("dl-active");
  window.datelineOpener = opener;
  window.dateline.opening(true);
  trigger("open", {
    turn: Number(opener.dataset.turn),
    kind: opener.dataset.kind,
    number: Number(opener.dataset.number),
  });
};

const rate = (turn, vote, reason) => trigger("rate", { turn: Number(turn), vote, reason });

let retried = 0;
element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.matches("[data-kind]")) open(button);
  if (button.matches("[data-edit]")) { trigger("edit", { turn: numberOf(button) }); box().focus(); }
  if (button.matches("[data-keep]")) { trigger("keep", {}); box().focus(); }
  if (button.matches("[data-vote]")) {
    const given = button.getAttribute("aria-pressed") === "true";
    rate(button.dataset.of, given ? 0 : Number(button.dataset.vote), "");
  }
  if (button.matches("[data-retry]") && Date.now() - retried > 1000) {
    retried = Date.now(); // a double click asks once
    trigger("submit", { question: null, retry: numberOf(button) });
  }
});

element.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-why]");
  if (!form) return;
  event.preventDefault();
  rate(form.dataset.why, Number(form.dataset.vote), form.elements.reason.value);
});

// The page's address holds the filters, the newest question and the kept chat: a link shows the
// same view.

const address = (name, value) => {
  const url = new URL(window.location.href);
  if ((url.searchParams.get(name) ?? "") === (value ?? "")) return;
  if (value) url.searchParams.set(name, value);
  else url.searchParams.delete(name);
  window.history.replaceState(window.history.state, "", url);
};
window.dateline = {
  ...window.dateline,
  narrowed: (values) => {
    ["since", "until", "outlet", "region", "tag"].forEach((name, i) => address(name, values[i]));
    const count = values.filter(Boolean).length;
    document.querySelector("[data-narrowed]").textContent = count ? `(${count})` : "";
    return values;
  },
  waiting: (yes) => document.body.classList.toggle("dl-waiting", yes),
  opening: (yes) => document.querySelector("#dl-pane")?.toggleAttribute("aria-busy", yes),
};

// Keep the newest question in view while its answer grows below it, until the reader scrolls.

let followed = null;
let letGo = false;
let asked = 0;
let growing = false;
const column = element.closest("#dl-transcript");
const scroller = () => // in a narrow window the page itself scrolls
  getComputedStyle(column).overflowY === "auto" ? column : document.scrollingElement;
for (const kind of ["wheel", "touchmove"]) {
  element.addEventListener(kind, () => { letGo = true; }, { passive: true });
}
watch("value", () => {
  const opener = window.datelineOpener;
  if (opener && opener.isConnected) opener.classList.add("dl-active");
  window.dateline.waiting(false);
  address("chat", element.querySelector("[data-open-chat]")?.dataset.openChat);
  const turns = element.querySelectorAll("[data-turn].dl-turn");
  const newest = turns[turns.length - 1];
  if (!newest) {
    if (followed !== null) address("q", "");
    followed = null;
    return;
  }
  const question = newest.querySelector(".dl-question").textContent;
  const known = `${newest.dataset.turn} ${question}`;
  const before = followed;
  if (known !== followed) { followed = known; letGo = false; asked = Date.now(); }
  address("q", question);
  const edited = element.querySelector(".dl-editing");
  const shown = edited ? edited.closest(".dl-turn") : newest;
  const grew = growing; // a rating redraws too, and must not move what is read
  growing = newest.matches(".dl-pending");
  if (!edited && (letGo || (known === before && !growing && !grew))) return;
  const area = scroller();
  const top = area === column ? column.getBoundingClientRect().top : 0;
  area.scrollTop += shown.getBoundingClientRect().top - top - 16;
});

// A long wait shows that it goes on, and for how long.
setInterval(() => {
  const line = element.querySelector(".dl-elapsed");
  const seconds = Math.floor((Date.now() - asked) / 1000);
  if (line && seconds > 2) line.textContent = ` · ${seconds} s`;
}, 1000);

// What gradio leaves to be said: date pickers, landmarks, the direction of what is typed. A
// half-typed date has no value, so it is cleared when the field is left: what is shown is what
// will be asked.
const upgrade = (tries) => {
  const fields = document.querySelectorAll("#dl-since input, #dl-until input");
  if (fields.length < 2 || !box()) { if (tries) setTimeout(upgrade, 100, tries - 1); return; }
  box().dir = "auto";
  box().setAttribute("aria-label", "Question");
  for (const [id, role, label] of [
    ["dl-composer", "form", "Ask"],
    ["dl-source", "complementary", "Source"],
  ]) {
    const part = document.getElementById(id);
    part.setAttribute("role", role);
    part.setAttribute("aria-label", label);
  }
  fields.forEach((field) => {
    field.type = "date";
    field.addEventListener("blur", () => { if (field.validity.badInput) field.value = ""; });
  });
};
upgrade(600); // a minute, on a slow machine
