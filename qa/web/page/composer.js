// What is asked beside the words: which conversation it belongs to, and how the time is bounded.
const { words, language, button, fill, tell, hear } = window.dateline;
const find = (selector) => element.querySelector(selector);
const STORED = "dateline:conversation";
const NO_BOUNDS = { since: "", until: "", as_of: "", include_inferred: true, include_undated: false };

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

// -- the time ---------------------------------------------------------------------------

const utc = (day) => new Date(`${day}T00:00:00Z`);
const said = (day, form) => new Intl.DateTimeFormat(language, { timeZone: "UTC", ...form }).format(utc(day));
const dayWords = (day) => said(day, { day: "numeric", month: "long", year: "numeric" });
const periodWords = ({ since, until }) => {
  if (!until) return fill(words.chip_from, { first: dayWords(since) });
  if (!since) return fill(words.chip_until, { last: dayWords(until) });
  if (since === until) return dayWords(since);
  const isWhole = since.endsWith("-01") && new Date(utc(until).getTime() + 864e5).getUTCDate() === 1;
  if (isWhole && since.slice(0, 7) === until.slice(0, 7)) return said(since, { month: "long", year: "numeric" });
  if (since.endsWith("-01-01") && until === `${since.slice(0, 4)}-12-31`) return since.slice(0, 4);
  return fill(words.chip_between, { first: dayWords(since), last: dayWords(until) });
};

const drawChips = () => {
  const chips = [];
  if (state.since || state.until) chips.push([periodWords(state), { since: "", until: "" }]);
  if (state.as_of) chips.push([fill(words.chip_as_of, { day: dayWords(state.as_of) }), { as_of: "" }]);
  if (!state.include_inferred) chips.push([words.chip_not_inferred, { include_inferred: true }]);
  if (state.include_undated) chips.push([words.chip_undated, { include_undated: false }]);
  const items = chips.map(([text, without]) => {
    const item = document.createElement("li");
    const node = button("chip", text, () => {
      bound(without);
      find(".to-limits").focus();
    });
    node.setAttribute("aria-label", fill(words.remove_chip, { chip: text }));
    node.append(window.dateline.make("span", "cross", "×"));
    item.append(node);
    return item;
  });
  find(".chips").replaceChildren(...items);
  find(".chips").hidden = !items.length;
  find(".to-limits").textContent = items.length ? words.time : `${words.time}: ${words.time_all}`;
};

const FIELDS = { since: "#since", until: "#until", as_of: "#as-of" };
const SWITCHES = { include_inferred: "#inferred", include_undated: "#undated" };
const bound = (changes) => {
  set(changes);
  for (const [name, selector] of Object.entries(FIELDS)) find(selector).value = state[name];
  for (const [name, selector] of Object.entries(SWITCHES)) find(selector).checked = state[name];
  find(".wrong").textContent = "";
  drawChips();
  window.dateline.bounds = state;
  tell("bounds", state);
};

const openLimits = (isOpen) => {
  find(".limits").hidden = !isOpen;
  find(".to-limits").setAttribute("aria-expanded", String(isOpen));
};

find(".limits").addEventListener("submit", (event) => {
  event.preventDefault();
  const given = Object.fromEntries(Object.entries(FIELDS).map(([name, id]) => [name, find(id).value]));
  const isBad = Object.values(FIELDS).some((id) => find(id).validity.badInput || find(id).validity.rangeOverflow);
  const isLate = given.since && given.until && given.since > given.until;
  find(".wrong").textContent = isLate ? words.disordered : isBad ? words.wrong_time : "";
  if (isLate || isBad) {
    find("#since").focus();
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
  find(".notice").textContent = "";
  trigger("clear", { conversation: state.conversation });
  switchTo(newName());
  edit(null);
  growing(false);
  tell("cited", []);
  box().focus();
});
// Who uses this browser next finds nothing of the conversation.
hear("left", () => localStorage.removeItem(STORED));
hear("kept", switchTo); // the server did not take it that this one is over
hear("trouble", (name) => (find(".notice").textContent = words[name]));

for (const [selector, name] of Object.entries({
  ".editing span": "editing", ".cancel": "cancel", "label[for=since]": "since", "label[for=until]": "until",
  "label[for=as-of]": "as_of", "#as-of-hint": "as_of_hint", "label[for=inferred]": "inferred",
  "label[for=undated]": "undated",
  ".stop": "stop", ".apply": "apply", ".clear": "clear_time",
})) find(selector).textContent = words[name];
find(".limits").setAttribute("aria-label", words.time);
bound({});
if (stored) trigger("restore");
