// Runs once for the suggested questions, with gradio's `element` and `trigger` in scope.

let asked = 0;
element.addEventListener("click", (event) => {
  const example = event.target.closest("button[data-example]");
  if (!example || Date.now() - asked < 1000) return; // a double click asks once
  asked = Date.now();
  trigger("submit", { question: example.textContent, retry: null });
});
