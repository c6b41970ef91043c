// Tells people what happens while a page is open: toasts, and fresh badges in lists.
//
// The page brings the words, in its language, as <template id="live-texts" data-live-as="shop">:
// a child with data-on="<event>", "<event> <status>" or "<event> <stage>" is a toast, one with
// data-label="product approved" a badge. {name} and {product.name} are filled from the event.
// What is shown of a row at a stage that is over has data-changed and becomes visible. The page of
// a sheet that is being imported shows how far it is.

const TOAST_MS = 12000;
const FIRST_DELAY_MS = 1000;
const LONGEST_DELAY_MS = 60000;
const SIGNED_OUT = 4401;
const WRONG_CLIENT_TYPE = 4403;
const TOO_MUCH = 4429; // too many pages are open, or this one talked too much
const STATES = ["queued", "checking", "checked", "importing", "done", "failed"]; // of a sheet
const HEARD = "leema-heard"; // {audience: newest number}, so that no event falls between two pages

const texts = document.querySelector("#live-texts");
const listensAs = document.querySelector("[data-live-as]")?.dataset.liveAs;
const toasts = document.querySelector("#toasts") ?? newToasts();
let attempts = 0;

if (texts && listensAs) connect();

function connect() {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const socket = new WebSocket(`${scheme}://${location.host}/ws?client_type=${listensAs}`);
  socket.addEventListener("message", ({ data }) => receive(socket, JSON.parse(data)));
  socket.addEventListener("close", ({ code }) => {
    if (code === TOO_MUCH) attempts = Infinity; // waits the longest delay
    if (code !== SIGNED_OUT && code !== WRONG_CLIENT_TYPE) setTimeout(connect, nextDelay());
  });
}

function nextDelay() {
  const delay = Math.min(FIRST_DELAY_MS * 2 ** attempts, LONGEST_DELAY_MS);
  attempts += 1;
  return delay * (0.5 + Math.random() / 2);
}

function receive(socket, frame) {
  if (frame.event === "connected") {
    attempts = 0;
    resume(socket);
  }
  if (frame.type === "ping") frame.data.newest.forEach(remember);
  else if (frame.type && frame.id && remember(frame.id)) tell(frame.type, frame.data);
}

function resume(socket) {
  for (const [audience, number] of Object.entries(heard())) {
    socket.send(JSON.stringify({ type: "resume", last_event_id: `${audience}:${number}` }));
  }
}

// Whether the event is news; "shop:5:57" is number 57 of the audience shop:5.
function remember(id) {
  const colon = id.lastIndexOf(":");
  const audience = id.slice(0, colon);
  const number = Number(id.slice(colon + 1));
  const known = heard();
  if (number <= (known[audience] ?? 0)) return false;
  sessionStorage.setItem(HEARD, JSON.stringify({ ...known, [audience]: number }));
  return true;
}

function heard() {
  return JSON.parse(sessionStorage.getItem(HEARD) ?? "{}");
}

function tell(type, data) {
  // A reason comes in every language; the reader's is that of the page.
  if (data.reason?.en) data.reason.text = data.reason[document.documentElement.lang] ?? data.reason.en;
  const find = (name) => texts.content.querySelector(`[data-on="${name}"]`);
  const text = find(`${type} ${data.stage}`) ?? find(`${type} ${data.status}`) ?? find(type);
  if (text) showToast(text, data);
  if (data.product) {
    const note = data.reason?.text ?? data.product.moderation_notes;
    refresh("product", data.product_id, [data.product.moderation_status], note);
  }
  if (data.import_id) follow(data);
  if (data.order_id) refresh("order", data.order_id, [data.status, data.stage]);
  if ("waiting" in data) {
    for (const shown of document.querySelectorAll("[data-waiting]")) {
      shown.textContent = data.waiting;
      shown.hidden = !data.waiting;
    }
  }
  if ("balance" in data) {
    for (const shown of document.querySelectorAll("[data-balance]")) {
      shown.textContent = worded(data.balance);
    }
  }
}

// The progress of the sheet that the page is about; its next state is a page of its own.
function follow({ import_id: id, status, position, products_count: total }) {
  const shown = document.querySelector(`[data-import-id="${id}"]`);
  if (!shown) return;
  if (STATES.indexOf(status) > STATES.indexOf(shown.dataset.importStatus)) location.reload();
  const progress = document.querySelector("progress");
  if (!progress) return;
  progress.max = total || 1;
  progress.value = position;
  document.querySelector("[data-import-position]").textContent = position;
  document.querySelector("[data-import-total]").textContent = total;
}

function showToast(text, data) {
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.dataset.tone = text.dataset.tone ?? "";
  const link = document.createElement("a");
  if (text.hasAttribute("href")) link.href = filled(text.getAttribute("href"), data);
  link.textContent = filled(text.textContent, data);
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = "×";
  close.setAttribute("aria-label", texts.dataset.close ?? "×");
  close.addEventListener("click", () => toast.remove());
  toast.append(link, close);
  toasts.append(toast);
  removeLater(toast);
}

// A toast that is being read or reached by keyboard stays.
function removeLater(toast) {
  setTimeout(() => {
    if (toast.matches(":hover, :focus-within")) removeLater(toast);
    else toast.remove();
  }, TOAST_MS);
}

// The last of the states is the most precise one, which the badge names.
function refresh(kind, id, states, note) {
  const state = states.at(-1);
  const label = texts.content.querySelector(`[data-label="${kind} ${state}"]`);
  for (const row of document.querySelectorAll(`[data-${kind}-id="${id}"]`)) {
    const badge = row.querySelector("[data-status]");
    if (label && badge) {
      badge.textContent = label.textContent;
      badge.className = `badge ${states.join(" ")}`;
    }
    const changed = row.querySelector("[data-changed]");
    if (changed) changed.hidden = row.dataset.stage === state;
    const noted = row.querySelector("[data-note]");
    if (noted) {
      noted.textContent = note ?? "";
      noted.hidden = !note;
    }
  }
}

function filled(text, data) {
  return text.replace(/\{([\w.]+)\}/g, (_, path) => {
    return worded(path.split(".").reduce((value, key) => value?.[key], data));
  });
}

function worded(value) {
  const isMoney = /^-?\d+\.\d\d$/.test(value);
  return isMoney
    ? new Intl.NumberFormat(document.documentElement.lang).format(Number(value))
    : String(value ?? "");
}

function newToasts() {
  const region = document.createElement("div");
  region.id = "toasts";
  region.setAttribute("role", "status");
  document.body.append(region);
  return region;
}
