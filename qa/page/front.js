// The head of the page: what the archive is doing, and questions to begin with.
const language = /^nl\b/i.test(navigator.language) ? "nl" : "en";
const words = props.words[language];
const find = (selector) => element.querySelector(selector);
const fill = (text, values) =>
  text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));

const amount = (state) => {
  if (state.phase !== "indexing" || !state.encoded_chunks) return "";
  return fill(state.total_chunks ? words.of : words.passages, state);
};

const phaseLine = (state) => {
  if (state.phase !== "ready") return words[state.phase];
  return state.articles === 1 ? words.one : fill(words.ready, state);
};

const setText = (selector, text) => {
  const node = find(selector);
  if (node.textContent !== text) node.textContent = text; // or it would be read aloud again
  node.hidden = !text;
};

const trouble = (state) => {
  if (state.trouble === "locked") return words.locked;
  if (state.trouble) return `${words.failed} ${state.message}`;
  return state.refused ? fill(words.refused, state) : "";
};

const draw = () => {
  const state = props.value;
  if (!state) return;
  find(".front").dataset.phase = state.phase;
  const indexing = state.phase === "indexing";
  setText(".status", phaseLine(state));
  setText(".amount", amount(state));
  setText(".partly", indexing && state.articles ? fill(words.partly, state) : "");
  setText(".trouble", trouble(state));
  const bar = find("progress");
  bar.hidden = !indexing;
  if (state.total_chunks) bar.value = state.encoded_chunks / state.total_chunks;
  else bar.removeAttribute("value");
  find(".fill").hidden = state.phase !== "empty";
  find(".command").textContent = `dateline ingest ${words.folder} --store ${state.store}`;
  find(".examples").hidden = !props.examples.length || !["indexing", "ready"].includes(state.phase);
};

find("progress").setAttribute("aria-label", words.indexing);
find(".again").textContent = words.again;
find(".again").addEventListener("click", () => trigger("clear"));
find(".tagline").textContent = words.tagline;
find(".empty-after").textContent = words.empty_after;
find(".examples h2").textContent = words.examples;
for (const [lang, question] of props.examples) {
  const button = document.createElement("button");
  button.type = "button";
  button.lang = lang;
  button.textContent = question;
  button.addEventListener("click", () => trigger("submit", { question }));
  find(".examples ul").appendChild(document.createElement("li")).append(button);
}
watch("value", draw);
draw();
