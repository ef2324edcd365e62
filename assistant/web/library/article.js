// Runs once for the open article, with gradio's `element` and `watch` in scope.

const pane = element.closest("#dl-open");
const narrow = window.matchMedia("(max-width: 899px)");
const shown = () => element.querySelector("[data-serial]");

// In a narrow window the article lies over the page: what is under it cannot be reached.
const cover = () => {
  const covered = narrow.matches && document.body.classList.contains("dl-reading");
  for (const id of ["dl-head", "dl-stacks", "dl-over"]) {
    const part = document.getElementById(id);
    if (part) part.inert = covered;
  }
};
narrow.addEventListener("change", cover);

const close = () => {
  const url = new URL(window.location.href);
  url.searchParams.delete("article");
  window.history.pushState(window.history.state, "", url);
  window.datelineLibrary.open();
};
element.addEventListener("click", (event) => {
  if (event.target.closest("[data-close]")) close();
  const one = event.target.closest("[data-remove-one]");
  if (one) window.datelineLibrary.doubt([one.dataset.removeOne], one);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && shown() && !document.querySelector("dialog[open]")) close();
});

const show = () => {
  const open = Boolean(shown());
  const was = document.body.classList.contains("dl-reading");
  document.body.classList.toggle("dl-reading", open);
  pane.removeAttribute("aria-busy");
  cover();
  const article = new URLSearchParams(window.location.search).get("article");
  for (const row of document.querySelectorAll("#dl-rows .dl-row")) {
    row.classList.toggle("dl-current", row.dataset.id === article);
  }
  if (open) {
    pane.scrollTop = 0;
    element.querySelector("h2")?.focus({ preventScroll: true });
  } else if (was) {
    const opener = window.datelineOpener;
    if (opener?.isConnected) opener.focus();
    else document.querySelector("#dl-find input")?.focus();
  }
};
// Of several that were opened one after the other, the address says which one stays.
let asked = null;
watch("value", () => {
  const wanted = new URLSearchParams(window.location.search).get("article") ?? "";
  const article = element.querySelector("[data-article]");
  if (article && article.dataset.article !== wanted && asked !== wanted) {
    asked = wanted;
    window.datelineLibrary.open();
    return;
  }
  asked = null;
  show();
});
