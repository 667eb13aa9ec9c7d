// The head of the page: what the archive is doing, how it lies in time, questions to begin with.
const { words, finder, language, fill, tell, hear, timeline, address, archiveChoice } = window.dateline;
const find = (selector) => element.querySelector(selector);

const amount = (state) => {
  if (state.phase !== "indexing" || !state.encoded_chunks) return "";
  return fill(state.total_chunks ? words.of : words.passages, state);
};

const phaseLine = (state) => {
  if (state.phase !== "ready") return words[state.phase];
  return state.summary || (state.articles === 1 ? words.one : fill(words.ready, state));
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

let seen = null; // the number of articles that the timeline shows
let months = null;

// Until the bars are known their place is kept, so that nothing below them jumps.
find(".overview .hint").textContent = words.timeline_hint;
const drawMonths = () => {
  find(".overview").classList.toggle("expected", !months);
  if (months) find(".overview").hidden = !months.bars.length;
  if (!months?.bars.length) return;
  const picked = (bar) => tell("pick", bar);
  const { bounds: chosen, cited } = window.dateline;
  timeline(find(".bars"), months, { chosen, cited, picked, words });
  find(".hint").textContent = months.unit === "year" ? words.timeline_hint_years : words.timeline_hint;
};

const showMonths = (got) => {
  months = got;
  drawMonths();
  setText(".status", got.summary);
};

const look = async (state) => {
  if (state.articles === seen || state.phase === "indexing") return;
  seen = state.articles;
  const first = state.timeline; // it comes with the first state of the page
  if (first && !first.error) return showMonths(first);
  const got = await window.dateline.call("show_timeline", {});
  if (!got.error) showMonths(got);
};

const draw = () => {
  const state = props.value;
  if (!state) return;
  find(".front").dataset.phase = state.phase;
  const indexing = state.phase === "indexing";
  if (state.phase !== "ready" || !months || state.articles !== seen) setText(".status", phaseLine(state));
  setText(".amount", amount(state));
  setText(".partly", indexing && state.articles ? fill(words.partly, state) : "");
  setText(".trouble", trouble(state));
  const bar = find("progress");
  bar.hidden = !indexing;
  if (state.total_chunks) bar.value = state.encoded_chunks / state.total_chunks;
  else bar.removeAttribute("value");
  find(".fill").hidden = state.phase !== "empty";
  find(".to-archive").hidden = !state.articles && !props.adding;
  find(".command").textContent = `dateline ingest ${words.folder} --store ${state.store}`;
  find(".examples").hidden = !examples || !["indexing", "ready"].includes(state.phase);
  if (!months) find(".overview").hidden = !state.articles || indexing;
  if (state.articles) look(state);
  suggest(state);
};

find("progress").setAttribute("aria-label", words.indexing);
find(".ways").setAttribute("aria-label", words.tools);
find(".again").textContent = words.again;
find(".again").hidden = false; // page.css shows it once there is a conversation
find(".again").addEventListener("click", () => tell("forget"));
for (const [part, text] of [["history", window.dateline.past.history], ["basket", window.dateline.baskets[language].basket]]) {
  find(`.to-${part}`).textContent = text;
  find(`.to-${part}`).hidden = !window.dateline.keeps;
  find(`.to-${part}`).addEventListener("click", (event) => tell(part, { opener: event.currentTarget }));
}
find(".to-archive").textContent = words.archive;
find(".to-archive").addEventListener("click", (event) => tell("archive", { opener: event.currentTarget }));
find(".to-help-page").textContent = words.help;
const other = language === "nl" ? "en" : "nl";
find(".other").textContent = words.other_language;
find(".other").lang = find(".other").hreflang = other;
// Beside this page, also behind a proxy that puts a folder before it.
const otherPage = /\/(nl|en)\/?$/.test(location.pathname)
  ? location.pathname.replace(/(nl|en)\/?$/, `${other}/`)
  : `${location.pathname.replace(/\/?$/, "/")}${other}/`;

// Three views of one archive; each has its address, also in the other language.
find(".views").setAttribute("aria-label", finder.views);
find(".to-ask").textContent = finder.ask_view;
find(".to-find").textContent = finder.find_view;
find(".to-timeline").textContent = finder.timeline_view;
// Each archive of the server has a page of its own; a search can go on in another one.
find(".archives").setAttribute("aria-label", words.archives);
find(".archives span").textContent = words.archives;
window.dateline.nameOnPaper(find(".on-paper"), props);
let archives = [];
const drawViews = () => {
  const { view } = document.documentElement.dataset;
  find(".to-ask").href = location.pathname + address.ask();
  find(".to-find").href = location.pathname + address.find();
  find(".to-timeline").href = location.pathname + address.timeline();
  const searched = view === "ask" ? "" : location.search;
  find(".other").href = otherPage + searched;
  const elsewhere = new URLSearchParams(searched);
  for (const name of ["also", "new_after", "p"]) elsewhere.delete(name); // each archive numbers its own articles and pages
  const rest = String(elsewhere) && `?${elsewhere}`;
  for (const { name, node } of archives) node.href = `../../${name}/${language}/${rest}`;
  for (const name of ["ask", "find", "timeline"]) {
    if (name === view) find(`.to-${name}`).setAttribute("aria-current", "page");
    else find(`.to-${name}`).removeAttribute("aria-current");
  }
};
const toView = (name, box) => {
  find(`.to-${name}`).addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (name !== document.documentElement.dataset.view) await address.go(address[name]());
    document.querySelector(box)?.focus();
  });
};
toView("ask", "#question textarea");
toView("find", "#finder-query");
toView("timeline", "#topic-query");
hear("place", drawViews);
drawViews();
// Which archives somebody sees depends on who asks; the server refuses all others in any case.
// A question is bound where it is written, a search or timeline by its address.
const bound = () => {
  const state = address.read(location.search);
  return state.view === "ask" ? { view: "ask", also: [], ...window.dateline.bounds } : state;
};
const drawAll = () => {
  const { view, also } = bound();
  const node = find(".all-archives");
  node.textContent = view === "ask" ? words.all_archives : words.search_all;
  node.setAttribute("aria-pressed", String(archiveChoice.isAll({ also })));
  window.dateline.nameOnPaper(find(".on-paper"), props, also);
};
find(".all-archives").addEventListener("click", () => {
  const state = bound();
  const also = archiveChoice.isAll(state) ? [] : archiveChoice.others();
  if (state.view === "ask") tell("also", also);
  else address.go(address.written({ ...state, also, new_after: "", page: 1 }));
});
hear("bounds", drawAll);
hear("place", drawAll);
const offerArchives = async () => {
  await archiveChoice.beside(props.archive);
  archives = (await archiveChoice.seen()).map((name) => {
    const node = window.dateline.make("a", "", name);
    find(".all-archives").before(node);
    if (name === props.archive) node.setAttribute("aria-current", "page");
    return { name, node };
  });
  tell("archives");
  find(".archives").hidden = archives.length < 2;
  find(".all-archives").hidden = false;
  drawAll();
  drawViews();
};
find(".archives").hidden = !props.several;
if (props.several) offerArchives();
find(".log-out").textContent = words.log_out;
find(".log-out").hidden = !props.login;
find(".log-out").addEventListener("click", async () => {
  const root = location.pathname.replace(/(nl|en)\/?$/, "");
  const answer = await fetch(`${root}logout`, { method: "POST" }).catch(() => null);
  if (!answer?.ok) return tell("trouble", "lost");
  tell("left");
  location.replace(`${root}login?next=/${language}/`);
});
find(".tagline").textContent = words.tagline;
find(".how").textContent = words.fill;
find(".empty-after").textContent = words.empty_after;
find(".examples h2").textContent = words.examples;
let examples = 0;
const offer = (offered) => {
  for (const [lang, question] of offered) {
    const node = window.dateline.button("", question, () => trigger("submit", { question }));
    node.lang = lang;
    find(".examples ul").appendChild(document.createElement("li")).append(node);
  }
  examples += offered.length;
};
offer(props.examples);

// Of an archive that we know nothing of, the questions are taken from itself: some at once, and
// when the models are ready some that were seen to be answered.
const isOffered = { at_once: props.examples.length > 0, settled: props.examples.length > 0 };
const suggestOnce = async (when, asked) => {
  if (isOffered[when]) return;
  isOffered[when] = true;
  const got = await window.dateline.call("suggest_questions", asked);
  offer((got?.questions || []).map((question) => [language, question]));
  draw();
};
let opened = null; // those at once stand first, whichever comes first
const suggest = (state) => {
  if (!state.articles) return;
  opened ||= suggestOnce("at_once", { at_once: true });
  if (state.settled) opened.then(() => suggestOnce("settled", {}));
};
hear("bounds", drawMonths);
hear("cited", drawMonths);
hear("added", (articles) => {
  const { timeline: _old, ...rest } = props.value; // the bars of before the articles came
  props.value = { ...rest, articles };
  draw();
});
watch("value", draw);
draw();
