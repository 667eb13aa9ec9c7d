// A timeline: the topic, what bounds it in time, and dated quotes. Text only: no string ever becomes HTML.
const { topic: words, finder, words: frame, basket, language, make, fill, link, call, hear, address, period, nameLists, dated, written, archiveChoice } = window.dateline;
const find = (selector) => element.querySelector(selector);
const NAMES = { since: "since", until: "until", as_of: "as-of", inferred: "inferred", undated: "undated" };
const field = (name) => find(`#topic-${NAMES[name]}`);
const fields = { since: field("since"), until: field("until"), as_of: field("as_of") };
period.prepare(fields);
let state = address.read(location.search);
let asking = 0;

// -- the form ---------------------------------------------------------------------------

const unfold = (isOpen) => {
  find(".times").hidden = !isOpen;
  find(".to-time").setAttribute("aria-expanded", String(isOpen));
};
find(".to-time").addEventListener("click", () => {
  nameLists.draw(find(".names"), { ...state, ...nameLists.read(find(".names")) });
  unfold(find(".times").hidden);
});
element.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !find(".times").contains(event.target)) return;
  unfold(false);
  find(".to-time").focus();
});

const say = (text) => (find(".wrong").textContent = text);
const trace = (changes) => address.go(address.written({ ...state, view: "timeline", ...changes }));

find(".search").addEventListener("submit", (event) => {
  event.preventDefault();
  const { days, wrong, field: wrongField } = period.read(fields);
  if (!wrong && find(".times").contains(document.activeElement)) find(".to-time").focus({ preventScroll: true });
  unfold(Boolean(wrong));
  if (wrong) {
    say(wrong);
    wrongField.focus();
    return;
  }
  const typed = { ...days, ...nameLists.read(find(".names")), ...archiveChoice.ticked(find(".also")), timeline: find("#topic-query").value.trim() };
  for (const name of ["inferred", "undated"]) typed[name] = field(name).checked;
  trace(typed);
});
find("#topic-query").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  find(".search").requestSubmit();
});
const narrow = (changes) => {
  find(".to-time").focus({ preventScroll: true }); // what was pressed goes away
  trace(changes);
};
find(".clear").addEventListener("click", () => {
  unfold(false);
  narrow({ ...address.NONE, also: [] });
});

// Return whether anything bounds the timeline.
const drawForm = () => {
  const box = find("#topic-query");
  if (box.value.trim() !== state.timeline) box.value = state.timeline;
  period.write(fields, state);
  for (const name of ["inferred", "undated"]) field(name).checked = state[name];
  nameLists.redraw(find(".names"), state);
  archiveChoice.draw(find(".also"), state);
  const found = [...archiveChoice.bounds(state), ...period.bounds(state), ...nameLists.bounds(state)];
  period.chips(find(".settings .chips"), found, narrow);
  find(".to-time").textContent = found.length ? finder.filters : `${finder.filters}: ${finder.no_filters}`;
  return found.length > 0;
};

// -- the quotes -------------------------------------------------------------------------

const drawEntry = (entry) => {
  const item = make("li");
  const byline = make("p", "byline");
  byline.append(dated(entry), make("span", "isolated", entry.source));
  if (!entry.untitled && !entry.headline) byline.append(written(make("span", "title isolated", entry.title), entry));
  if (entry.headline) byline.append(make("span", "", words.headline));
  byline.append(...archiveChoice.told(entry));
  item.append(byline, written(make("blockquote", "quote", entry.quote), entry));
  if (entry.dates.length) item.append(make("p", "meant isolated", entry.dates.join(" · ")));
  const opened = make("a", "entry", words.open);
  opened.href = link(entry);
  opened.dataset.place = "";
  const keeping = basket.keeping({ archive: entry.archive, article_id: entry.article, ...entry.whole }, language, basket.called(entry.quote));
  item.appendChild(make("p", "opening")).append(opened, ...(keeping ? [keeping] : []));
  return item;
};

// One list for each year; what has no date comes last.
const drawEntries = (entries) => {
  const parts = [];
  entries.forEach((entry, at) => {
    if (!at || entries[at - 1].year !== entry.year) {
      parts.push(make("h3", "", entry.year || words.undated), make("ol"));
    }
    parts.at(-1).append(drawEntry(entry));
  });
  find(".entries").replaceChildren(...parts);
};

const draw = async () => {
  const turn = ++asking;
  const isBounded = drawForm();
  const isAsked = Boolean(state.timeline) && !state.isWrong;
  say(state.isWrong ? finder.wrong_address : "");
  find(".start").hidden = isAsked;
  find(".outcome").hidden = !isAsked;
  if (!isAsked) return;
  find(".outcome").setAttribute("aria-busy", "true");
  find(".counts").textContent = words.tracing;
  find(".none").hidden = true;
  const got = await call("trace_topic", { address: address.written(state).slice(1) });
  if (turn !== asking) return;
  find(".outcome").setAttribute("aria-busy", "false");
  find(".outcome").hidden = Boolean(got.error);
  if (got.error) return say(got.error);
  const count = got.entries.length;
  const none = isBounded ? words.none_filtered : words.none;
  find(".counts").textContent = !count ? none : count === 1 ? words.entries_one : fill(words.entries, { count });
  find(".none").hidden = count > 0;
  drawEntries(got.entries);
};

const follow = (next) => {
  if (next.view !== "timeline") return asking++;
  state = next;
  draw();
};
hear("state", follow);
hear("archives", drawForm);

// -- words ------------------------------------------------------------------------------

for (const [selector, text] of Object.entries({
  "#topic-name": finder.timeline_view, "label[for=topic-query]": words.topic, ".go": words.go, ".start": words.start,
  ".use-times": finder.apply, ".clear": finder.clear, ".none": words.none_hint,
  "label[for=topic-since]": frame.since, "label[for=topic-until]": frame.until, "label[for=topic-as-of]": frame.as_of,
  "#topic-as-of-hint": frame.as_of_hint, "label[for=topic-inferred]": frame.inferred,
  "label[for=topic-undated]": frame.undated,
})) find(selector).textContent = text;
find(".settings .chips").setAttribute("aria-label", finder.chips);
follow(state);
