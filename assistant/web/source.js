// Runs once for the source pane, with gradio's `element` and `watch` in scope.

const pane = element.closest("#dl-pane");

const close = () => {
  document.body.classList.remove("dl-source-open");
  const opener = window.datelineOpener;
  if (opener && opener.isConnected) opener.focus();
};

element.addEventListener("click", (event) => {
  if (event.target.closest("[data-close]")) close();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && document.body.classList.contains("dl-source-open")) close();
});

watch("value", () => {
  const article = element.querySelector("[data-opened]");
  document.body.classList.toggle("dl-source-open", Boolean(article));
  if (!article) return;
  const title = article.querySelector("h2");
  if (title) title.focus({ preventScroll: true });
  const mark = article.querySelector("mark");
  const header = article.querySelector("header");
  if (!mark || !header) { pane.scrollTop = 0; return; }
  const offset = mark.getBoundingClientRect().top - header.getBoundingClientRect().bottom;
  pane.scrollTop += offset - (pane.clientHeight - header.offsetHeight) / 6;
});
