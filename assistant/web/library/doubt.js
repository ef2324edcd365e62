// Runs once for the question whether to remove articles, with gradio's `element`, `trigger` and
// `watch` in scope. The dialog is the browser's own: it keeps the focus, and Escape closes it.

let doubted = [];
let opener = null;
const back = () => {
  if (opener?.isConnected && !opener.disabled) opener.focus();
  else document.querySelector("#dl-find input")?.focus();
};

window.datelineLibrary = window.datelineLibrary ?? {};
window.datelineLibrary.doubt = (ids, button) => {
  doubted = ids;
  opener = button;
  trigger("doubt", { ids });
};

element.addEventListener("click", (event) => {
  const dialog = element.querySelector("dialog");
  if (event.target.closest("[data-keep]")) { dialog.close(); back(); }
  const confirm = event.target.closest("[data-confirm]");
  if (confirm) {
    confirm.disabled = true;
    confirm.textContent = "Removing…";
    trigger("remove", { ids: doubted });
  }
});
element.addEventListener("cancel", () => setTimeout(back), { capture: true });

let seen = "";
watch("value", () => {
  const shown = element.querySelector("[data-serial]");
  if (!shown || shown.dataset.serial === seen) return;
  seen = shown.dataset.serial;
  if (shown.matches("dialog")) {
    if (!shown.open) shown.showModal();
    shown.querySelector("h2").focus();
  } else if (shown.matches("[data-removed]")) {
    window.datelineLibrary.removed(doubted);
    back();
    setTimeout(() => { if (shown.isConnected) shown.classList.add("dl-gone"); }, 6000);
  } else back();
});
