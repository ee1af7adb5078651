// The workspace beside a problem: language, field, draft, the two buttons and their keys, and what comes of a program.
import { CodeField } from "./code_field.js";
import { Drafts } from "./drafts.js";
import { recall, remember } from "./memory.js";
import { afterEverySwap } from "./swaps.js";

const LOOK_AGAIN_MS = 3_000;
const BETWEEN_MS = 5_000;
const BUTTONS = { r: "run", s: "submit" };

let standingTold = "";
let standingToldAt = -BETWEEN_MS;

let drafts;

const root = document.querySelector("[data-workspace]");
if (root) start();

function start() {
  const select = root.querySelector("#language");
  const languages = Object.fromEntries([...select.options].map((option) => [option.value, JSON.parse(option.dataset.language)]));
  const member = document.body.dataset.memberId;
  drafts = new Drafts({
    place: `${member}:${root.dataset.problem}`,
    address: root.dataset.draft,
    token: root.querySelector("[name=csrf_token]"),
    languages,
    sign: root.querySelector("[data-saved]"),
    open: (source) => field.open(source, languages[select.value].monaco),
  });
  const field = new CodeField(root, () => drafts.write(select.value, field.read()));
  const { open } = drafts;
  if ("typed" in root.dataset) {
    open(field.read());
  } else {
    chooseRemembered(select, `language:${member}`);
    open(drafts.read(select.value));
  }
  select.addEventListener("change", () => {
    remember(`language:${member}`, select.value);
    open(drafts.read(select.value));
  });
  offerStartingOver(() => {
    const { starter } = languages[select.value];
    open(starter);
    drafts.write(select.value, starter);
  });
  listenForKeys();
  tellSending();
  followResult();
}

function chooseRemembered(select, key) {
  const option = [...select.options].find((one) => one.value === recall(key));
  if (option && !option.disabled) select.value = option.value;
}

function offerStartingOver(startOver) {
  const button = root.querySelector("[data-start-over]");
  const dialog = root.querySelector("[data-start-over-dialog]");
  button.hidden = false;
  button.addEventListener("click", () => dialog.showModal());
  dialog.addEventListener("close", () => { if (dialog.returnValue === "yes") startOver(); });
}

// Captured, because the editor has keys of its own; the letter, or its place where the system makes another sign of it.
function listenForKeys() {
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey) return;
    const letter = (/^[a-z]$/i.test(event.key) ? event.key : event.code.replace(/^Key/, "")).toLowerCase();
    const button = root.querySelector(`button[value="${BUTTONS[letter]}"]`);
    if (!button) return;
    event.preventDefault();
    event.stopPropagation();
    button.click();
  }, { capture: true });
}

function followResult() {
  let told = outcome();
  const look = () => { if (root.querySelector("[data-unfinished]")) htmx.trigger(document.body, "live:refresh"); };
  afterEverySwap(() => {
    root.querySelector("#result [data-live-refresh]").addEventListener("htmx:beforeOnLoad", dropIfGone);
    tellStanding();
    const now = outcome();
    if (now === told) return;
    told = now;
    if (now) tellEnd(now.split("\n")[1]);
  });
  document.addEventListener("htmx:wsOpen", look); // it may have been judged before there was a socket
  setInterval(look, LOOK_AGAIN_MS);
  root.querySelector("form").addEventListener("htmx:afterSwap", showResult);
  for (const name of ["htmx:sendError", "htmx:responseError"]) root.addEventListener(name, tellFailure);
}

// An answer about a program that has made way for another one meanwhile finds no place on the page.
function dropIfGone(event) {
  if (!event.currentTarget.isConnected) event.preventDefault();
}

// Where a program stands is said aloud at once, and then every few seconds at most.
function tellStanding() {
  const standing = root.querySelector("#result .standing")?.textContent ?? "";
  if (!standing || standing === standingTold || performance.now() < standingToldAt + BETWEEN_MS) return;
  standingTold = standing;
  standingToldAt = performance.now();
  document.getElementById("status").textContent = standing;
}

// An end is always said, and once.
function outcome() {
  const ended = root.querySelector("#result [data-told]");
  return ended ? `${ended.id}\n${ended.dataset.told}` : "";
}

// What was pushed is the result alone; the history is fetched with it.
function tellEnd(sentence) {
  document.getElementById("status").textContent = sentence;
  htmx.trigger(document.body, "live:refresh");
}

function showResult() {
  root.querySelector("#refusal").hidden ||= !root.querySelector("#refusal").textContent;
  root.querySelector("#result").scrollIntoView({ block: "nearest" });
}

// A second press while a program is on its way says so, and sends nothing.
function tellSending() {
  const form = root.querySelector("#program");
  const sign = root.querySelector("[data-sending]");
  const tell = (sentence) => {
    sign.textContent = sentence;
    document.getElementById("status").textContent = sentence;
  };
  const isOwn = (event) => event.target === form;
  form.addEventListener("submit", () => {
    if (sign.textContent) tell("Still sending what you pressed before. Press again when it has arrived.");
  }, { capture: true });
  form.addEventListener("htmx:beforeRequest", (event) => { if (isOwn(event)) tell("Sending …"); });
  form.addEventListener("htmx:afterRequest", (event) => { if (isOwn(event)) sign.textContent = ""; });
}

async function tellFailure({ target, detail }) {
  if (target.id !== "program") return;
  const { explain } = await import("./not_sent.js");
  explain(detail, drafts);
}
