// Runs once for the list, with gradio's `element`, `trigger` and `watch` in scope.
// The page's address holds what is shown: links change it, and the list follows.

const shelf = element.closest("#dl-library");
const NAMES = ["q", "outlet", "region", "tag", "when", "page"];
const parameters = () => new URLSearchParams(window.location.search);

// Looking: one look at a time; the last address asked for is the one that stays.
let serial = 0;
let pending = 0;
let changed = false; // the library, so that there may be other outlets to narrow by
const look = (anew = false) => {
  serial += 1;
  changed ||= anew;
  element.closest("#dl-rows").setAttribute("aria-busy", "true");
  if (pending && Date.now() - pending < 15000) return;
  pending = Date.now();
  const values = Object.fromEntries(NAMES.map((name) => [name, parameters().get(name) ?? ""]));
  trigger("look", { ...values, serial, changed });
  changed = false;
};

let clicked = null;
const open = () => trigger("open", Object.fromEntries(parameters()));

const go = (address, replace = false) => {
  const before = parameters().get("article") ?? "";
  const method = replace ? "replaceState" : "pushState";
  window.history[method](window.history.state, "", address);
  window.datelineLibrary.filled?.();
  if ((parameters().get("article") ?? "") !== before) open();
  look();
};

// An open article stays open while the list beside it changes.
const keepingArticle = (address) => {
  const url = new URL(address, window.location.href);
  const article = parameters().get("article");
  if (article && !url.searchParams.has("article")) url.searchParams.set("article", article);
  return url;
};

shelf.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-look], a[data-open]");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  clicked = link;
  const address = link.getAttribute("href");
  if (link.matches("[data-open]")) {
    window.datelineOpener = link;
    window.history.pushState(window.history.state, "", new URL(address, window.location.href));
    document.getElementById("dl-open").setAttribute("aria-busy", "true");
    open();
    mark();
    return;
  }
  const focused = link.closest("#dl-over") ? link.getAttribute("aria-label") : null;
  window.datelineLibrary.refocus = focused;
  go(keepingArticle(address));
  if (link.closest(".dl-pager")) window.datelineLibrary.top = true;
});
window.addEventListener("popstate", () => { window.datelineLibrary.filled?.(); open(); look(); });

const mark = () => {
  const article = parameters().get("article");
  for (const row of element.querySelectorAll(".dl-row")) {
    row.classList.toggle("dl-current", row.dataset.id === article);
  }
};

// Choosing: what was chosen stays so from page to page.
const chosen = new Set();
const tell = () => {
  const boxes = [...element.querySelectorAll("[data-choose]")];
  for (const box of boxes) box.checked = chosen.has(box.dataset.choose);
  const all = element.querySelector("[data-all]");
  if (!all) return;
  const on = boxes.filter((box) => box.checked).length;
  all.checked = on > 0 && on === boxes.length;
  all.indeterminate = on > 0 && on < boxes.length;
  const said = element.querySelector("[data-chosen]");
  said.textContent = chosen.size ? `${chosen.size} chosen` : "";
  for (const button of element.querySelectorAll("[data-remove], [data-none]")) button.hidden = !chosen.size;
};
element.addEventListener("change", (event) => {
  const pick = (box, yes) => (yes ? chosen.add(box.dataset.choose) : chosen.delete(box.dataset.choose));
  if (event.target.matches("[data-choose]")) pick(event.target, event.target.checked);
  if (event.target.matches("[data-all]")) {
    element.querySelectorAll("[data-choose]").forEach((box) => pick(box, event.target.checked));
  }
  tell();
});
element.addEventListener("click", (event) => {
  if (event.target.closest("[data-none]")) { chosen.clear(); tell(); element.querySelector("[data-all]").focus(); }
  const button = event.target.closest("[data-remove]");
  if (button) window.datelineLibrary.doubt([...chosen], button);
});

watch("value", () => {
  pending = 0;
  const shown = element.querySelector("[data-serial]");
  mark();
  tell();
  if (shown && Number(shown.dataset.serial) < serial) { look(); return; }
  element.closest("#dl-rows").removeAttribute("aria-busy");
  if (window.datelineLibrary.top) {
    window.datelineLibrary.top = false;
    const area = document.getElementById("dl-stacks");
    (area.scrollHeight > area.clientHeight ? area : element).scrollIntoView({ block: "start" });
    area.scrollTop = 0;
    element.querySelector(".dl-row-title")?.focus({ preventScroll: true });
  }
  if (clicked && !clicked.isConnected && document.activeElement === document.body) {
    document.getElementById("dl-by-words")?.focus(); // what was clicked is no more
  }
  clicked = null;
  const label = window.datelineLibrary.refocus;
  if (label) {
    window.datelineLibrary.refocus = null;
    const bars = [...document.querySelectorAll("#dl-over a[aria-label]")];
    bars.find((bar) => bar.getAttribute("aria-label") === label)?.focus();
  }
});

// The arrow keys go from bar to bar of the plot: it is one stop for Tab.
shelf.addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const bar = event.target.closest?.(".dl-bar");
  if (!bar || !step) return;
  event.preventDefault();
  const bars = [...bar.parentElement.querySelectorAll(".dl-bar")];
  const next = bars[bars.indexOf(bar) + step];
  if (!next) return;
  bar.setAttribute("tabindex", "-1");
  next.setAttribute("tabindex", "0");
  next.focus();
});

window.datelineLibrary = {
  ...(window.datelineLibrary ?? {}),
  go,
  look,
  open,
  removed: (ids) => {
    ids.forEach((id) => chosen.delete(id));
    const address = new URL(window.location.href);
    if (ids.includes(address.searchParams.get("article"))) {
      address.searchParams.delete("article");
      window.history.replaceState(window.history.state, "", address);
      open();
    }
    look(true);
  },
};

document.title = "Library · Dateline";

// What gradio leaves to be said: which part of the page is what.
for (const [id, role, label] of [["dl-beside", "complementary", "Counts and the open article"]]) {
  const part = document.getElementById(id);
  part?.setAttribute("role", role);
  part?.setAttribute("aria-label", label);
}
