// Runs once for the source pane, with gradio's `element` and `watch` in scope.

const pane = element.closest("#dl-pane");
const narrow = window.matchMedia("(max-width: 899px)");

// In a narrow window the pane lies over the page: what is under it cannot be reached.
const cover = () => {
  const covered = narrow.matches && document.body.classList.contains("dl-source-open");
  for (const id of ["dl-head", "dl-chat"]) document.getElementById(id).inert = covered;
};
narrow.addEventListener("change", cover);

const close = () => {
  document.body.classList.remove("dl-source-open");
  cover();
  const opener = window.datelineOpener;
  window.datelineReturned = opener; // its words need not be shown again
  if (opener && opener.isConnected) opener.focus();
  else document.querySelector("#dl-question textarea").focus();
};

element.addEventListener("click", (event) => {
  if (event.target.closest("[data-close]")) close();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && document.body.classList.contains("dl-source-open")) close();
});

watch("value", () => {
  const article = element.querySelector("[data-opened]");
  window.dateline.opening(false);
  document.body.classList.toggle("dl-source-open", Boolean(article));
  cover();
  if (!article) return;
  const title = article.querySelector("h2");
  if (title) title.focus({ preventScroll: true });
  const mark = article.querySelector("mark");
  const header = article.querySelector("header");
  if (!mark || !header) { pane.scrollTop = 0; return; }
  const offset = mark.getBoundingClientRect().top - header.getBoundingClientRect().bottom;
  pane.scrollTop += offset - (pane.clientHeight - header.offsetHeight) / 6;
});
