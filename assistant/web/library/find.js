// Runs once for the search, with gradio's `element` in scope.

const fields = () => [...element.querySelectorAll("input[name], select[name]")];
const wanted = () => {
  const url = new URL(window.location.href);
  url.searchParams.delete("page");
  for (const field of fields()) {
    const value = field.value.trim();
    if (value) url.searchParams.set(field.name, value);
    else url.searchParams.delete(field.name);
  }
  return url;
};
const go = (replace) => {
  const url = wanted();
  if (url.href !== window.location.href) window.datelineLibrary.go(url, replace);
};

let typing = null;
element.addEventListener("input", (event) => {
  if (!event.target.matches("input[type=search]")) return;
  clearTimeout(typing);
  typing = setTimeout(go, 250, true);
});
element.addEventListener("change", (event) => {
  if (event.target.matches("select")) go(false);
});
element.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(typing);
  go(true);
});

window.datelineLibrary = window.datelineLibrary ?? {};
window.datelineLibrary.filled = () => {
  const values = new URLSearchParams(window.location.search);
  for (const field of fields()) {
    const value = values.get(field.name) ?? "";
    if (field === document.activeElement && field.type === "search") continue; // it is being typed
    if (field.matches("select") && ![...field.options].some((each) => each.value === value)) {
      field.add(new Option(value, value)); // an outlet that came while the page was open
    }
    field.value = value;
  }
};
