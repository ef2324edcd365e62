// Runs once for the head of the page, with gradio's `element` and `trigger` in scope.

element.addEventListener("click", (event) => {
  if (event.target.closest("[data-fresh]")) trigger("fresh", {});
  if (event.target.closest("[data-skip]")) {
    event.preventDefault();
    document.querySelector("#dl-question textarea").focus();
  }
});
