// Runs once for what comes in, with gradio's `element`, `trigger` and `watch` in scope.

let active = false;
let heard = 0;
let known = ""; // which runs have something in the library by now
const follow = () => { heard = Date.now(); trigger("follow", {}); };

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  for (const name of ["stop", "again", "dismiss"]) {
    if (button.dataset[name]) trigger(name, { run: Number(button.dataset[name]) });
  }
});

const shown = () => {
  const now = Boolean(element.querySelector("[data-active]"));
  heard = Date.now();
  if (now && !active) {
    follow();
    element.querySelector("[data-active]").scrollIntoView({ block: "nearest" });
  }
  const there = [...element.querySelectorAll("[data-stage=embedding], [data-stage=ended]")];
  const said = there.map((run) => `${run.dataset.run} ${run.dataset.stage}`).join();
  if (said !== known) window.datelineLibrary?.look?.(true);
  known = said;
  active = now;
};
watch("value", shown);
shown();

// The server speaks at least every two seconds while something comes in.
setInterval(() => { if (active && Date.now() - heard > 8000) follow(); }, 4000);
