// Runs once for the page Questions, with gradio's `element`, `trigger` and `watch` in scope.

const look = () => element.querySelector("[data-look]")?.dataset.look ?? "proposed";
let busy = null;

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.matches("[data-state]")) trigger("look", { state: button.dataset.state });
  if (button.matches("[data-propose]")) {
    button.disabled = true;
    busy = Date.now();
    element.querySelector(".qu-said").textContent = "Reading articles…";
    trigger("propose", {});
  }
});
element.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target.closest("[data-draft]");
  if (!form) return;
  const next = form.closest("li").nextElementSibling ?? form.closest("li").previousElementSibling;
  window.datelineNext = next?.querySelector("[data-draft]")?.dataset.draft;
  trigger("decide", {
    id: form.dataset.draft,
    look: look(),
    state: event.submitter?.value ?? "",
    question: form.elements.question.value,
    answers: form.elements.answers?.value ?? "",
  });
});
watch("value", () => {
  busy = null;
  // Whoever decides by keyboard goes on with the next one.
  const form = element.querySelector(`[data-draft="${CSS.escape(window.datelineNext ?? "")}"]`);
  window.datelineNext = null;
  form?.querySelector("button")?.focus();
});
setInterval(() => {
  const line = element.querySelector(".qu-said");
  const seconds = Math.floor((Date.now() - busy) / 1000);
  if (busy && line && seconds > 2) line.textContent = `Reading articles… ${seconds} s`;
}, 1000);
