// Runs once for the button that shows the filters in a narrow window, with gradio's `element`.

element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-switch]");
  if (!button) return;
  const open = document.body.classList.toggle("dl-filters-open");
  button.setAttribute("aria-expanded", String(open));
});
