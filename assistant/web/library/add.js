// Runs once for the head of the list, with gradio's `element` and `trigger` in scope: files are
// sent a few at a time, each with its progress, then named to the server, which takes them in.

const AT_ONCE = 8_000_000; // bytes of small files that go together
const MOST = 50; // of them
const SPARE = 4_000; // bytes that a file needs beside its own
const panel = () => element.querySelector("#dl-adding");
const limit = () => Number(panel().dataset.limit);

const trouble = (words) => {
  const line = panel().querySelector("[data-trouble]");
  line.textContent = words;
  line.hidden = !words;
};
const toggle = (yes) => {
  panel().hidden = !yes;
  element.querySelector("[data-adding]").setAttribute("aria-expanded", String(yes));
};
const inWords = (size) => (size >= 1e6 ? `${(size / 1e6).toFixed(1)} MB` : `${Math.ceil(size / 1000)} kB`);

// What is on its way, above what the server says of it. Names go in as text.
const sending = document.createElement("section");
sending.className = "dl-run dl-sending";
sending.setAttribute("aria-label", "Files on their way");
sending.hidden = true;
const part = (parent, tag, className, words) => {
  const made = parent.appendChild(document.createElement(tag));
  made.className = className;
  made.textContent = words;
  return made;
};
const head = part(sending, "div", "dl-run-head", "");
part(head, "h3", "", "Sending");
const time = part(head, "span", "dl-run-time", "");
const cancel = part(head, "button", "dl-button", "Stop");
cancel.type = "button";
const line = part(sending, "p", "dl-working", "");
const bar = part(sending, "progress", "dl-progress", "");
bar.max = 1000;
bar.setAttribute("aria-label", "Sent");
const list = part(sending, "ul", "dl-items", "");

let request = null;
let stopped = false;
let busy = Promise.resolve();
cancel.addEventListener("click", () => { stopped = true; request?.abort(); });

const wait = (seconds) => new Promise((done) => setTimeout(done, 1000 * seconds));

const send = (files, progress) => new Promise((done) => {
  const body = new FormData();
  for (const file of files) body.append("files", file, file.name);
  request = new XMLHttpRequest();
  request.open("POST", new URL("./gradio_api/upload", document.baseURI));
  request.upload.onprogress = (event) => progress(event.loaded);
  const end = () => done({ status: request.status, text: request.responseText, after: request.getResponseHeader("Retry-After") });
  request.onload = end;
  request.onerror = () => done({ status: 0, text: "" });
  request.onabort = () => done({ status: -1, text: "" });
  request.send(body);
});

const reason = ({ status, text }) => {
  if (status === 0) return "the connection broke; choose it again";
  if (status === 413) return `is larger than the ${inWords(limit())} that the server takes`;
  if (status === 401) return "you are no longer logged in: load the page again";
  try {
    return JSON.parse(text).error.message;
  } catch {
    return `the server refused it (${status}); choose it again, and see the server's log if it stays so`;
  }
};

const rowOf = (file) => {
  const row = part(list, "li", "dl-item dl-item-waiting", "");
  const name = part(row, "span", "dl-item-name", file.name);
  name.dir = "auto";
  return { file, row, said: part(row, "span", "dl-item-line", "waits") };
};
const say = (each, state, words) => {
  each.row.className = `dl-item dl-item-${state}`;
  each.said.textContent = words;
};
const refuse = (each, words) => {
  say(each, "refused", "not sent");
  part(each.row, "p", "dl-reason", words);
};

const groupsOf = (rows) => {
  const groups = [];
  let size = 0;
  for (const each of rows) {
    const last = groups[groups.length - 1];
    if (last && last.length < MOST && size + each.file.size < Math.min(AT_ONCE, limit() / 2)) last.push(each);
    else { groups.push([each]); size = 0; }
    size += each.file.size + SPARE;
  }
  return groups;
};

const sendAll = async (files) => {
  stopped = false;
  list.replaceChildren();
  sending.hidden = false;
  cancel.hidden = false;
  const rows = files.map(rowOf);
  const fit = rows.filter((each) => each.file.size + SPARE <= limit());
  for (const each of rows) {
    if (fit.includes(each)) continue;
    refuse(each, `is ${inWords(each.file.size)}; the server takes ${inWords(limit())} (DATELINE_MAX_UPLOAD). Split it, or let assistant index read it on the server`);
  }
  const total = fit.reduce((sum, each) => sum + each.file.size, 0) || 1;
  let sent = 0;
  const told = (now) => { bar.value = (1000 * Math.min(now, total)) / total; line.textContent = `Sending ${inWords(Math.min(now, total))} of ${inWords(total)}`; };
  told(0);
  const there = [];
  for (const group of groupsOf(fit)) {
    const size = group.reduce((sum, each) => sum + each.file.size, 0);
    group.forEach((each) => say(each, "at-work", "on its way"));
    let reply = null;
    while (!stopped) {
      reply = await send(group.map((each) => each.file), (now) => {
        told(sent + Math.min(now, size));
        let before = 0; // they go in their order
        for (const each of group) {
          const own = Math.min(1, Math.max(0, (now - before) / (each.file.size || 1)));
          each.said.textContent = own < 1 ? `on its way, ${Math.floor(100 * own)} %` : "sent";
          before += each.file.size;
        }
      });
      if (reply.status !== 429 || stopped) break;
      line.textContent = "The server asks to wait";
      await wait(Math.min(60, Number(reply.after) || 5));
    }
    if (stopped) { group.forEach((each) => say(each, "left", "stopped")); break; }
    if (reply.status === 200) {
      const paths = JSON.parse(reply.text);
      group.forEach((each, i) => { say(each, "read", "sent"); there.push({ path: paths[i], name: each.file.name }); });
    } else group.forEach((each) => refuse(each, reason(reply)));
    sent += size;
  }
  request = null;
  if (stopped) rows.filter((each) => each.said.textContent === "waits").forEach((each) => say(each, "left", "stopped"));
  if (there.length) trigger("bring", { files: there, addresses: "", feeds: false });
  // What was sent is the server's to speak of now; what was not stays here, with its reason.
  rows.forEach((each) => { if (each.row.classList.contains("dl-item-read")) each.row.remove(); });
  cancel.hidden = true;
  bar.hidden = line.hidden = true;
  head.firstChild.textContent = "Not sent";
  sending.hidden = !list.children.length;
  if (!sending.hidden && !head.querySelector("[data-away]")) {
    const away = part(head, "button", "dl-button", "Done");
    away.type = "button";
    away.dataset.away = "";
    away.addEventListener("click", () => { sending.hidden = true; away.remove(); });
  }
};

const take = (files) => {
  trouble("");
  if (!files.length) return;
  document.getElementById("dl-runs").before(sending);
  busy = busy.then(() => {
    head.querySelector("[data-away]")?.remove();
    head.firstChild.textContent = "Sending";
    bar.hidden = line.hidden = false;
    return sendAll(files);
  });
};

// Folders that are dropped give the files in them; hidden ones are left out.
const below = async (entry) => {
  if (entry.name.startsWith(".")) return [];
  if (entry.isFile) return [await new Promise((done, fail) => entry.file(done, fail))];
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((done, fail) => reader.readEntries(done, fail));
    if (!some.length) return found;
    for (const each of some) found.push(...(await below(each)));
  }
};
const dropped = async (transfer) => {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return [...transfer.files];
  const found = [];
  for (const entry of entries) found.push(...(await below(entry)));
  return found;
};

element.addEventListener("click", (event) => {
  if (event.target.closest("[data-adding]")) toggle(panel().hidden);
});
element.addEventListener("change", (event) => {
  if (!event.target.matches("[data-files]")) return;
  take([...event.target.files]);
  event.target.value = "";
});
element.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  const addresses = form.elements.addresses.value;
  if (!addresses.trim()) {
    trouble("Paste an address first, such as https://news.example/an-article");
    form.elements.addresses.focus();
    return;
  }
  trouble("");
  trigger("bring", { files: [], addresses, feeds: form.elements.feeds.checked });
  form.elements.addresses.value = "";
});

// Files may be dropped anywhere on the page.
const carries = (event) => panel() && [...(event.dataTransfer?.types ?? [])].includes("Files");
const over = (yes) => element.querySelector("[data-drop]")?.classList.toggle("dl-over-it", yes);
let leaving = null;
document.addEventListener("dragover", (event) => {
  if (!carries(event)) return;
  event.preventDefault();
  clearTimeout(leaving);
  toggle(true);
  over(true);
});
document.addEventListener("dragleave", () => { leaving = setTimeout(over, 100, false); });
document.addEventListener("drop", (event) => {
  if (!carries(event)) return;
  event.preventDefault();
  over(false);
  dropped(event.dataTransfer).then(take);
});
