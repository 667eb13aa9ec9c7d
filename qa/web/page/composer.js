// What is asked beside the words: which conversation it belongs to, and which articles take part.
const { words, finder, make, tell, hear, address, period, nameLists, archiveChoice } = window.dateline;
const find = (selector) => element.querySelector(selector);
const KEPT = "dateline:conversation";
const STORED = props.archive ? `${KEPT}:${props.archive}` : KEPT; // each archive has its own
const DAYS = ["since", "until", "as_of"];
const LISTS = Object.keys(address.NO_NAMES);

// The bounds of an address, as the server calls them.
const named = ({ inferred, undated, ...others }) => ({
  ...("also" in others ? { also: others.also } : {}),
  ...Object.fromEntries([...DAYS, ...LISTS].filter((name) => name in others).map((name) => [name, others[name]])),
  ...(inferred === undefined ? {} : { include_inferred: inferred }),
  ...(undated === undefined ? {} : { include_undated: undated }),
});

const NO_BOUNDS = named({ ...address.NONE, also: [] });

const newName = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const remember = (name) => {
  try {
    localStorage.setItem(STORED, name);
  } catch {
    // without storage, a conversation lasts as long as the page
  }
};
const remembered = () => {
  try {
    return localStorage.getItem(STORED);
  } catch {
    return null;
  }
};

const stored = remembered();
let state = { conversation: stored || newName(), replaces: null, ...NO_BOUNDS };
if (!stored) remember(state.conversation);
const set = (changes) => {
  state = { ...state, ...changes };
  props.value = state;
  window.dateline.conversation = state.conversation;
};

// -- which articles take part -----------------------------------------------------------

const drawChips = () => {
  const { include_inferred: inferred, include_undated: undated } = state;
  const found = [...archiveChoice.bounds(state), ...period.bounds({ ...state, inferred, undated }), ...nameLists.bounds(state)];
  period.chips(find(".chips"), found, (without) => {
    bound(named(without));
    find(".to-limits").focus();
  });
  find(".to-limits").textContent = found.length ? finder.filters : `${finder.filters}: ${finder.no_filters}`;
};

const fields = { since: find("#since"), until: find("#until"), as_of: find("#as-of") };
period.prepare(fields);
const SWITCHES = { include_inferred: "#inferred", include_undated: "#undated" };
const bound = (changes) => {
  set(changes);
  period.write(fields, state);
  for (const [name, selector] of Object.entries(SWITCHES)) find(selector).checked = state[name];
  find(".wrong").textContent = "";
  nameLists.redraw(find(".names"), state);
  archiveChoice.draw(find(".also"), state);
  drawChips();
  window.dateline.bounds = state;
  tell("bounds", state);
};

const openLimits = (isOpen) => {
  find(".limits").hidden = !isOpen;
  find(".to-limits").setAttribute("aria-expanded", String(isOpen));
  if (isOpen) nameLists.draw(find(".names"), { ...state, ...nameLists.read(find(".names")) });
};

find(".limits").addEventListener("submit", (event) => {
  event.preventDefault();
  const { days, wrong, field } = period.read(fields);
  const given = { ...days, ...nameLists.read(find(".names")) };
  if (!find(".also").hidden) given.also = archiveChoice.read(find(".also"));
  const told = wrong || nameLists.wrong({ ...state, ...given });
  find(".wrong").textContent = told;
  if (told) {
    field?.focus();
    return;
  }
  for (const [name, selector] of Object.entries(SWITCHES)) given[name] = find(selector).checked;
  bound(given);
  openLimits(false);
  find(".to-limits").focus();
});
find(".clear").addEventListener("click", () => bound(NO_BOUNDS));
find(".to-limits").addEventListener("click", () => openLimits(find(".limits").hidden));
element.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || find(".limits").hidden) return;
  openLimits(false);
  find(".to-limits").focus();
});
hear("also", (also) => bound({ also }));
hear("archives", () => {
  archiveChoice.draw(find(".also"), state);
  drawChips();
});
hear("pick", ({ first, last }) => {
  const isChosen = state.since === first && state.until === last;
  bound(isChosen ? { since: "", until: "" } : { since: first, until: last });
});

// -- the language model -----------------------------------------------------------------

const offered = props.offered;
if (offered) {
  find(".asks-model").hidden = false;
  find("label[for=asks-model]").textContent = offered.label;
  const asksModel = (isOn) => {
    set({ ask_model: isOn });
    find("#asks-model").checked = isOn;
  };
  find("#asks-model").addEventListener("change", (event) => asksModel(event.target.checked));
  asksModel(offered.on);
}

// -- the conversation -------------------------------------------------------------------

const box = () => document.querySelector("#question textarea");
const type = (text) => {
  const area = box();
  area.value = text;
  area.dispatchEvent(new Event("input", { bubbles: true }));
  area.focus();
};
const edit = (replaces) => {
  set({ replaces });
  find(".editing").hidden = !replaces;
};
find(".cancel").addEventListener("click", () => {
  edit(null);
  type("");
});
hear("act", (detail) => {
  find(".notice").textContent = "";
  if (detail.edit) {
    edit(detail.edit);
    type(detail.question);
  } else {
    if (detail.question) {
      edit(null);
      box().focus({ preventScroll: true }); // what was pressed goes away
    }
    trigger("submit", detail);
  }
});
const reads = ({ text, lang }) => {
  const status = find(".at-work [role=status]");
  if (status.textContent === (text || "")) return; // or it would be spoken again
  status.lang = lang; // of the question, not of the page
  status.replaceChildren(...(text ? [make("span", "reading isolated", text)] : []));
};
hear("reading", reads);
const growing = (isGrowing) => {
  const isFocused = document.activeElement === find(".stop");
  find(".stop").hidden = !isGrowing;
  if (isFocused && !isGrowing) box().focus();
};
hear("begun", (id) => {
  find(".notice").textContent = "";
  growing(true);
  if (id === state.replaces) edit(null);
});
let ended = null;
hear("ended", (id) => {
  if (id !== ended) find(".notice").textContent = ""; // a quick answer is never seen to begin
  ended = id;
  growing(false);
});
find(".stop").addEventListener("click", () => trigger("stop"));
const switchTo = (conversation) => {
  remember(conversation);
  set({ conversation });
};
hear("forget", () => {
  address.asked("");
  find(".notice").textContent = "";
  trigger("clear", { conversation: state.conversation });
  switchTo(newName());
  edit(null);
  growing(false);
  reads({ text: "", lang: "" });
  tell("cited", []);
  box().focus();
});
hear("reopen", async (conversation) => {
  const left = state.conversation;
  edit(null);
  growing(false);
  reads({ text: "", lang: "" });
  tell("cited", []);
  find(".notice").textContent = "";
  address.asked("");
  if (document.documentElement.dataset.view !== "ask") await address.go(address.ask());
  switchTo(conversation);
  trigger("reopen", { conversation, left });
  box().focus();
});
// Who uses this browser next finds nothing of the conversation.
hear("left", () => {
  for (const key of Object.keys(localStorage)) if (key.startsWith(KEPT)) localStorage.removeItem(key);
});
hear("kept", switchTo); // the server did not take it that this one is over
hear("trouble", (name) => (find(".notice").textContent = words[name]));

for (const [selector, name] of Object.entries({
  ".editing span": "editing", ".cancel": "cancel", "label[for=since]": "since", "label[for=until]": "until",
  "label[for=as-of]": "as_of", "#as-of-hint": "as_of_hint", "label[for=inferred]": "inferred",
  "label[for=undated]": "undated",
  ".stop": "stop", ".apply": "apply",
})) find(selector).textContent = words[name];
find(".clear").textContent = finder.clear;
find(".limits").setAttribute("aria-label", finder.filters);

// A question whose bounds cannot be read waits in the box for other ones.
const refuse = (question) => {
  if (!box()) return requestAnimationFrame(() => refuse(question)); // Gradio has yet to draw it
  type(question);
  openLimits(true);
  find(".wrong").textContent = words.wrong_time;
};

// A question in the address is asked, unless it is the last one of the conversation.
const opened = address.read(location.search);
if (opened.view === "ask") {
  bound(named(opened));
} else bound({});
const isAsked = opened.view === "ask" && opened.ask;
if (isAsked && opened.isWrong) refuse(opened.ask);
if (isAsked && !opened.isWrong) trigger("submit", { question: opened.ask, reopened: true });
else if (stored) trigger("restore");
