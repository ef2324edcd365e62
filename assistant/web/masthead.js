// Runs once for the head of the page, with gradio's `element` and `trigger` in scope.

element.addEventListener("click", (event) => {
  if (event.target.closest("[data-fresh]")) trigger("fresh", {});
  const shelf = event.target.closest("[data-shelf]");
  if (shelf) window.dateline.shelf(shelf.getAttribute("aria-expanded") !== "true");
  if (event.target.closest("[data-skip]")) {
    event.preventDefault();
    document.querySelector("#dl-question textarea").focus();
  }
});
