// Runs once for the part that starts runs, with gradio's `element` and `trigger` in scope.

const query = () => window.location.search;
const wrong = (words) => {
  const line = element.querySelector("[data-wrong]");
  line.textContent = words;
  line.hidden = !words;
};

element.addEventListener("change", (event) => {
  if (event.target.name === "run") element.querySelector("[data-own]").hidden = Boolean(event.target.value);
  wrong("");
});
element.addEventListener("toggle", (event) => {
  if (event.target.open) event.target.scrollIntoView({ block: "nearest" });
}, { capture: true });
element.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const run = form.elements.run?.value ?? "";
  if (run) { trigger("start", { run }); return; }
  const input = form.elements.file;
  const file = input.files[0];
  if (!file) { wrong("Choose a question file first."); input.focus(); return; }
  if (file.size > Number(input.dataset.most)) {
    wrong("This file is too large for the page: ask it with `assistant evaluate` in a terminal.");
    return;
  }
  trigger("start", { run: "", name: file.name, text: await file.text() });
});
element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-stop]");
  if (!button) return;
  button.disabled = true;
  trigger("stop", {});
});
setInterval(() => {
  if (element.querySelector("[data-running]") && !document.hidden) trigger("poll", { address: query() });
}, 2000);
