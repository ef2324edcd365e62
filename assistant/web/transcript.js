// Runs once for the transcript, with gradio's `element`, `trigger` and `watch` in scope.
// Clicks are delegated: the buttons inside come and go as answers stream in.

element.addEventListener("click", (event) => {
  const opener = event.target.closest("button[data-kind]");
  if (opener) {
    document.querySelectorAll(".dl-active").forEach((each) => each.classList.remove("dl-active"));
    opener.classList.add("dl-active");
    window.datelineOpener = opener;
    trigger("open", {
      turn: Number(opener.dataset.turn),
      kind: opener.dataset.kind,
      number: Number(opener.dataset.number),
    });
    return;
  }
  const example = event.target.closest("button[data-example]");
  if (example && !example.disabled) {
    example.disabled = true; // a double click asks once
    trigger("submit", { number: Number(example.dataset.example) });
  }
});

// Keep the newest question in view while its answer grows below it, until the reader scrolls.
let followed = null;
let letGo = false;
const column = element.closest("#dl-transcript");
const scroller = () => // in a narrow window the page itself scrolls
  getComputedStyle(column).overflowY === "auto" ? column : document.scrollingElement;
for (const kind of ["wheel", "touchmove"]) {
  element.addEventListener(kind, () => { letGo = true; }, { passive: true });
}
watch("value", () => {
  const opener = window.datelineOpener;
  if (opener && opener.isConnected) opener.classList.add("dl-active");
  const turns = element.querySelectorAll("[data-turn].dl-turn");
  const newest = turns[turns.length - 1];
  if (!newest) { followed = null; return; }
  if (newest.dataset.turn !== followed) { followed = newest.dataset.turn; letGo = false; }
  if (letGo) return;
  const area = scroller();
  const top = area === column ? column.getBoundingClientRect().top : 0;
  area.scrollTop += newest.getBoundingClientRect().top - top - 16;
});

// The two date fields become the browser's own date pickers. A half-typed date has no value, so
// it is cleared when the field is left: what is shown is what will be asked.
const upgrade = (tries) => {
  const fields = document.querySelectorAll("#dl-since input, #dl-until input");
  if (fields.length < 2) { if (tries) setTimeout(upgrade, 100, tries - 1); return; }
  fields.forEach((field) => {
    field.type = "date";
    field.addEventListener("blur", () => { if (field.validity.badInput) field.value = ""; });
  });
};
upgrade(50);
