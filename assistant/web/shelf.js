// Runs once for the head of the kept chats, with gradio's `element` in scope; the list below it
// (`kept.js`) asks for what is shown. The shelf is drawn over the page and closes with Escape.

const shelf = () => document.getElementById("dl-shelf");
const words = () => document.getElementById("dl-shelf-words");
let opener = null;

// In a narrow window the shelf lies over the whole page: what is under it cannot be reached.
const narrow = window.matchMedia("(max-width: 560px)");
const cover = () => {
  const covered = narrow.matches && shelf().classList.contains("dl-open");
  for (const id of ["dl-head", "dl-desk"]) document.getElementById(id).inert = covered;
};
narrow.addEventListener("change", cover);

const show = (open) => {
  const drawn = shelf();
  if (open === drawn.classList.contains("dl-open")) return;
  drawn.classList.toggle("dl-open", open);
  cover();
  for (const button of document.querySelectorAll("[data-shelf]")) {
    button.setAttribute("aria-expanded", String(open));
  }
  if (open) {
    opener = document.activeElement;
    window.dateline.kept();
    words().focus();
  } else opener?.focus();
};
window.dateline = { ...window.dateline, shelf: show };

const ready = (tries) => {
  const drawn = shelf();
  if (!drawn) { if (tries) setTimeout(ready, 100, tries - 1); return; }
  drawn.setAttribute("role", "region");
  drawn.setAttribute("aria-label", "Chats");
};
ready(50);

let typing = null;
element.addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(() => window.dateline.kept(), 250);
});
element.addEventListener("submit", (event) => { event.preventDefault(); window.dateline.kept(); });
element.addEventListener("click", (event) => { if (event.target.closest("[data-close]")) show(false); });
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !shelf()?.classList.contains("dl-open")) return;
  show(false);
  event.stopImmediatePropagation();
}, { capture: true });
document.addEventListener("pointerdown", (event) => {
  const outside = !event.target.closest("#dl-shelf, [data-shelf]");
  if (outside && shelf()?.classList.contains("dl-open")) show(false);
});
