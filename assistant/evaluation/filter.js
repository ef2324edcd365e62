"use strict";
// Shows the cases of one ending, of one type, and with every word typed. Without it, all stand.
(() => {
  const bar = document.getElementById("filter");
  const [ending, type] = bar.querySelectorAll("select");
  const words = bar.querySelector("input");
  const said = bar.querySelector("output");
  const sections = [...document.querySelectorAll("details.ending")].map((section) => ({
    section,
    open: section.open,
    cases: [...section.querySelectorAll("article.case")],
  }));
  const texts = new WeakMap(); // read when words are first typed, for a long report has many
  const has = (each, wanted) => {
    if (!texts.has(each)) texts.set(each, each.textContent.toLowerCase());
    return wanted.every((word) => texts.get(each).includes(word));
  };
  const apply = () => {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    const narrowed = Boolean(ending.value || type.value || wanted.length);
    let all = 0;
    let shown = 0;
    for (const { section, open, cases } of sections) {
      let here = 0;
      for (const each of cases) {
        const fits =
          (!ending.value || each.dataset.ending === ending.value) &&
          (!type.value || each.dataset.type === type.value) &&
          (!wanted.length || has(each, wanted));
        each.hidden = !fits;
        here += fits;
      }
      section.hidden = narrowed && !here;
      section.open = narrowed ? here > 0 : open;
      all += cases.length;
      shown += here;
    }
    said.textContent = narrowed ? `${shown} of ${all} cases` : "";
  };
  let waiting = 0;
  words.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(apply, 150);
  });
  ending.addEventListener("change", apply);
  type.addEventListener("change", apply);
  bar.hidden = false;
})();
