// The words behind a number, shown while it is hovered or focused. Runs once for the transcript,
// with gradio's `element` in scope. What is shown was data of the button and goes in as text.

const tip = document.createElement("div");
tip.id = "dl-tip";
tip.setAttribute("role", "tooltip");
tip.hidden = true;
const quote = tip.appendChild(document.createElement("p"));
const by = tip.appendChild(document.createElement("p"));
quote.dir = "auto"; // the other begins with names that are kept apart, in the direction of the page
document.getElementById("dl-tip")?.remove();
document.body.append(tip);

let shownFor = null;
let leaving = null;

const hide = () => {
  clearTimeout(leaving);
  shownFor?.removeAttribute("aria-describedby");
  shownFor = null;
  tip.hidden = true;
};
const leave = () => { clearTimeout(leaving); leaving = setTimeout(hide, 150); };
const show = (button) => {
  clearTimeout(leaving);
  if (shownFor === button) return;
  hide();
  quote.textContent = `“${button.dataset.quote}”`;
  by.textContent = button.dataset.by;
  tip.hidden = false;
  shownFor = button;
  button.setAttribute("aria-describedby", tip.id);
  place(button);
};
const place = (button) => {
  const at = button.getBoundingClientRect();
  const size = tip.getBoundingClientRect();
  const above = at.top - size.height - 8;
  const left = Math.min(at.left - 24, document.documentElement.clientWidth - size.width - 12);
  tip.style.top = `${above > 8 ? above : at.bottom + 8}px`;
  tip.style.left = `${Math.max(12, left)}px`;
};
const cite = (event) => event.target.closest?.(".dl-cite[data-quote]");

element.addEventListener("pointerover", (event) => {
  if (event.pointerType !== "touch" && cite(event)) show(cite(event));
});
element.addEventListener("pointerout", (event) => { if (cite(event)) leave(); });
element.addEventListener("focusin", (event) => {
  const button = cite(event);
  if (!button?.matches(":focus-visible")) return;
  if (button === window.datelineReturned) { window.datelineReturned = null; return; }
  show(button);
});
element.addEventListener("focusout", hide);
element.addEventListener("click", hide);
tip.addEventListener("pointerenter", () => clearTimeout(leaving));
tip.addEventListener("pointerleave", leave);
// What the keyboard is on may have been scrolled to just now: its words go along.
document.addEventListener("scroll", () => {
  if (shownFor && shownFor === document.activeElement) place(shownFor); else hide();
}, { capture: true, passive: true });
// Before the source pane hears of it: the first Escape closes the words, the next the pane.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || tip.hidden) return;
  hide();
  event.stopImmediatePropagation();
}, { capture: true });
