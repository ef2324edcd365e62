// Runs once for the list of kept chats, with gradio's `element`, `trigger` and `watch` in scope.

let shown = 0; // chats that the list was asked to show; 0: a first page
let menuOf = null; // the chat whose menu is open: the list may be drawn anew under it
const sought = () => document.getElementById("dl-shelf-words").value;
const zone = () => -new Date().getTimezoneOffset(); // minutes east of UTC
const ask = (name, more) => trigger(name, { words: sought(), shown, zone: zone(), ...more });

window.dateline = { ...window.dateline, kept: () => { shown = 0; ask("list", {}); } };

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const chat = button.closest("[data-chat]")?.dataset.chat;
  if (button.matches("[data-pick]")) { trigger("pick", { chat }); window.dateline.shelf(false); }
  if (button.matches("[data-delete]")) ask("remove", { chat });
  if (button.matches("[data-more]")) {
    shown = Number(element.querySelector("[data-shown]").dataset.shown) * 2;
    ask("list", {});
  }
});
element.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-rename]");
  if (!form) return;
  event.preventDefault();
  const chat = form.closest("[data-chat]").dataset.chat;
  ask("rename", { chat, title: form.elements.title.value });
  form.closest("details").open = false;
  menuOf = null;
});
// What had the focus may be gone from the list: a chat that was deleted.
watch("value", () => {
  const item = element.querySelector(`[data-chat="${CSS.escape(menuOf ?? "")}"]`);
  item?.querySelector(".dl-kept-more").toggleAttribute("open", true);
  const open = document.querySelector("#dl-shelf.dl-open");
  if (open && document.activeElement === document.body) {
    document.getElementById("dl-shelf-words").focus();
  }
});
// One menu is open at a time.
element.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (!menu.matches?.(".dl-kept-more")) return;
  const chat = menu.closest("[data-chat]").dataset.chat;
  if (!menu.open) {
    // Closed by a click, and not because the list is drawn anew.
    if (chat === menuOf && menu.contains(document.activeElement)) menuOf = null;
    return;
  }
  menuOf = chat;
  for (const other of element.querySelectorAll(".dl-kept-more[open]")) {
    if (other !== menu) other.open = false;
  }
}, { capture: true });
