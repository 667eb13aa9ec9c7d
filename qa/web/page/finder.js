// Exhaustive search: the query, what narrows it, the counts, and a page of its matches.
const { finder: words, words: frame, help, make, fill, call, hear, tell, address, period, nameLists, charts, comparison, crossTable, concordance, keeps, savedSearches, archiveChoice } = window.dateline;
const find = (selector) => element.querySelector(selector);
const NAMES = { since: "since", until: "until", as_of: "as-of", inferred: "inferred", undated: "undated" };
const field = (name) => find(`#finder-${NAMES[name]}`);
const fields = { since: field("since"), until: field("until"), as_of: field("as_of") };
period.prepare(fields);
const { count } = charts;
let state = address.read(location.search);
let asking = 0;
let counted = null; // what the counts that are shown were counted for
let total = null;
let page = 25;

// -- the form ---------------------------------------------------------------------------

const unfold = (name, isOpen) => {
  find(`.${name}`).hidden = !isOpen;
  find(`.to-${name}`).setAttribute("aria-expanded", String(isOpen));
};
for (const name of ["filters", "help", "saved"]) {
  find(`.to-${name}`).addEventListener("click", () => {
    if (name === "filters") nameLists.draw(find(".names"), { ...state, ...nameLists.read(find(".names")) });
    unfold(name, find(`.${name}`).hidden);
  });
}
element.addEventListener("keydown", (event) => {
  const name = ["filters", "help", "saved"].find((each) => find(`.${each}`).contains(event.target));
  if (event.key !== "Escape" || !name || event.defaultPrevented) return;
  unfold(name, false);
  find(`.to-${name}`).focus();
});

const say = (text, pointed) => {
  const wrong = find(".wrong");
  wrong.replaceChildren(text || "");
  find("#finder-query").setAttribute("aria-invalid", String(Boolean(pointed)));
  if (!pointed) return;
  const [before, after] = pointed;
  const shown = make("span", "pointed");
  shown.append(make("span", "", before), make("mark", "", "☞"), make("span", "", after));
  shown.querySelector("mark").setAttribute("aria-label", words.hand);
  shown.querySelector("mark").setAttribute("role", "img");
  wrong.append(shown);
};

const typed = () => {
  const found = { ...state, ...nameLists.read(find(".names")), ...archiveChoice.ticked(find(".also")), find: find("#finder-query").value.trim(), page: 1 };
  for (const name of ["inferred", "undated"]) found[name] = field(name).checked;
  return found;
};

const search = (changes) => address.go(address.written({ ...state, page: 1, ...changes }));
const narrow = (changes) => {
  find(".to-filters").focus({ preventScroll: true }); // what was pressed goes away
  search(changes);
};

find(".search").addEventListener("submit", (event) => {
  event.preventDefault();
  const { days, wrong, field: wrongField } = period.read(fields);
  if (wrong) {
    unfold("filters", true);
    say(wrong);
    wrongField.focus();
    return;
  }
  if (find(".filters").contains(document.activeElement)) find(".to-filters").focus({ preventScroll: true });
  unfold("filters", false);
  unfold("saved", false);
  search({ ...typed(), ...days });
});
find("#finder-query").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  find(".search").requestSubmit();
});
find(".clear").addEventListener("click", () => {
  unfold("filters", false);
  find(".to-filters").focus();
  search({ ...address.NONE, also: [] });
});

const drawForm = () => {
  const box = find("#finder-query");
  if (box.value.trim() !== state.find) box.value = state.find;
  period.write(fields, state);
  for (const name of ["inferred", "undated"]) field(name).checked = state[name];
  nameLists.redraw(find(".names"), state);
  archiveChoice.draw(find(".also"), state);
  const found = [...archiveChoice.bounds(state), ...period.bounds(state), ...nameLists.bounds(state)];
  period.chips(find(".settings .chips"), found, narrow);
  find(".to-filters").textContent = found.length ? words.filters : `${words.filters}: ${words.no_filters}`;
  find("#finder-order").value = state.order;
};

// -- what is found ----------------------------------------------------------------------

const numbered = (name, number) => (number === 1 ? words[`${name}_one`] : fill(words[name], { count: count(number) }));

const drawCounts = (got) => {
  const { articles, places, title_places, clusters } = got.counts;
  total = places + title_places;
  const isFiltered = find(".settings .chips").childElementCount > 0;
  const said = [
    numbered("places", total),
    title_places && fill(words.in_titles, { count: count(title_places) }),
    numbered("in_articles", articles),
    clusters < articles && fill(words.clusters, { count: count(clusters) }),
    total && got.counts.archives && archiveChoice.counted(got.counts.archives, count),
  ];
  find(".counts").textContent = total ? said.filter(Boolean).join(" ") : isFiltered ? words.none_filtered : words.none;
  find(".none").hidden = Boolean(total);
  find(".by-source").hidden = !total;
  if (!total) return;
  charts.overTime(find(".over-time"), got.time, {
    state,
    picked: ({ first, last }) => {
      const isChosen = state.since === first && state.until === last;
      narrow(isChosen ? { since: "", until: "" } : { since: first, until: last });
    },
  });
  charts.bySource(find(".by-source"), got.sources, {
    state,
    picked: ({ value }) => {
      const others = state.sources.filter((each) => each !== value);
      narrow({ sources: others.length < state.sources.length ? others : [...others, value] });
    },
  });
};

const drawPages = (got) => {
  const last = got.offset + got.rows.length;
  const shown = { first: count(got.offset + 1), last: count(last), total: total === null ? "" : count(total) };
  const isBeyond = !got.rows.length && state.page > 1;
  find(".page-shown").textContent = isBeyond
    ? words.page_beyond
    : fill(total === null ? words.page_first : words.page_of, shown);
  find(".page-previous").textContent = isBeyond ? words.to_first : words.page_previous;
  find(".page-previous").disabled = state.page === 1;
  find(".page-next").disabled = !got.more;
  const pages = total === null ? null : Math.max(1, Math.ceil(total / page));
  find(".page-at").hidden = pages === null || pages < 3;
  find("#finder-page").value = String(state.page);
  find("#finder-page").max = String(pages ?? "");
  find(".page-at span").textContent = fill(words.page_count, { count: count(pages ?? 0) });
  find(".pages").hidden = state.page === 1 && !got.more;
};

const drawList = (got) => {
  page = got.page;
  concordance.draw(find(".concordance"), got.rows);
  concordance.drawKeeper(find(".keep-view"), got.rows);
  find(".list").hidden = !got.rows.length && state.page === 1;
  const { root, search: all } = archiveChoice.downloads({ ...state, page: 1 });
  find(".csv").href = `${root}matches.csv${all}`;
  find(".jsonl").href = `${root}matches.jsonl${all}`;
  drawPages(got);
};

const compared = comparison(find(".comparison"), {
  compare: (changed) => search({ compare: changed(state.compare) }),
  picked: (query, { first, last }) => {
    leafed = true;
    search({ find: query, compare: [], since: first, until: last });
  },
});

const crossed = crossTable(find(".crossing"), {
  choose: (facets) => search({ ...facets, page: state.page }),
  picked: (changes) => {
    leafed = true;
    search(changes);
  },
});

const busy = (isBusy) => find(".outcome").setAttribute("aria-busy", String(isBusy));

const fail = ({ error, pointed }) => {
  busy(false);
  say(error, pointed);
  find(".outcome").hidden = true;
  counted = null;
};

// Draw a state: first the page of matches, which is quick, then the counts, unless they stand there.
const draw = async ({ goesToList = false } = {}) => {
  const turn = ++asking;
  drawForm();
  saved?.follow(state);
  say(state.isWrong ? words.wrong_address : "");
  const isAsked = Boolean(state.find) && !state.isWrong;
  find(".start").hidden = isAsked;
  if (!isAsked) {
    find(".outcome").hidden = true;
    counted = null;
    return;
  }
  const given = { address: address.written(state).slice(1) };
  const subject = address.written({ ...state, page: 1, order: "date", compare: [], ...address.NO_TABLE });
  const isNew = subject !== counted;
  if (isNew) {
    counted = total = null;
    find(".counts").textContent = words.searching;
    find(".none").hidden = true;
  }
  busy(true);
  find(".outcome").hidden = false;
  const got = await call("find_matches", given);
  if (turn !== asking) return;
  if (got.error) return fail(got);
  drawList(got);
  if (goesToList) {
    find("#finder-list").focus({ preventScroll: true });
    find(".list").scrollIntoView({ block: "start" });
  }
  if (isNew) {
    find(".counts").textContent = words.counting;
    const counts = await call("count_matches", { address: subject.slice(1) });
    if (turn !== asking) return;
    if (counts.error) return fail(counts);
    counted = subject;
    drawCounts(counts);
    drawPages(got);
  }
  const isCompared = state.compare.length > 0;
  find(".charts").hidden = !total && !isCompared;
  find(".charts").classList.toggle("compared", isCompared); // else the same bars stand there twice
  find(".crossing").hidden = !total;
  await compared.draw(state);
  if (turn === asking && total) await crossed.draw(state);
  if (turn === asking) busy(false);
};

const follow = (next, how) => {
  if (next.view !== "find") return asking++;
  state = next;
  draw(how);
};
let leafed = false; // the reader turned a page: the list is what is looked at next
hear("state", (next) => {
  follow(next, { goesToList: leafed });
  leafed = false;
});
const turnTo = (number) => {
  leafed = true;
  search({ page: Math.min(999_999_999, Math.max(1, number)) });
};
find(".page-previous").addEventListener("click", () => turnTo(find(".concordance").childElementCount ? state.page - 1 : 1));
find(".page-next").addEventListener("click", () => turnTo(state.page + 1));
find(".page-at").addEventListener("submit", (event) => {
  event.preventDefault();
  const number = Math.floor(Number(find("#finder-page").value));
  if (number >= 1) turnTo(number);
});
find("#finder-order").addEventListener("change", (event) => search({ order: event.target.value }));

// What a reader may save is only there where the server keeps a history.
const saved = keeps
  ? savedSearches(element, {
      unfold: (isOpen) => unfold("saved", isOpen),
      open: (to) => {
        unfold("saved", false);
        find(".to-saved").focus({ preventScroll: true }); // what was pressed goes away
        leafed = true;
        address.go(to);
      },
    })
  : null;

// -- words ------------------------------------------------------------------------------

for (const [selector, text] of Object.entries({
  "#finder-name": words.find_view, "label[for=finder-query]": words.query, ".go": words.go, ".start": words.start,
  ".to-help": words.help, ".use-filters": words.apply, ".clear": words.clear,
  "#finder-list": words.list, "label[for=finder-order]": words.order, ".keep span": words.download,
  ".page-next": words.page_next, "label[for=finder-page]": words.page, ".none": words.none_hint,
  "label[for=finder-since]": frame.since, "label[for=finder-until]": frame.until, "label[for=finder-as-of]": frame.as_of,
  "#finder-as-of-hint": frame.as_of_hint, "label[for=finder-inferred]": frame.inferred,
  "label[for=finder-undated]": frame.undated,
})) find(selector).textContent = text;
find(".settings .chips").setAttribute("aria-label", words.chips);
find(".pages").setAttribute("aria-label", words.pages);
const [written, finds] = element.querySelectorAll(".help thead th");
written.textContent = words.help_write;
finds.textContent = words.help_finds;
for (const [queries, meaning] of help) {
  const row = find(".help tbody").appendChild(make("tr"));
  const title = row.appendChild(make("th"));
  title.scope = "row";
  title.append(...queries.flatMap((query, at) => [at ? ", " : "", make("code", "", query)]));
  row.append(make("td", "", meaning));
}
for (const order of address.ORDERS) {
  const option = make("option", "", words[`order_${order}`]);
  option.value = order;
  find("#finder-order").append(option);
}
hear("archives", drawForm);
hear("followed", () => saved?.load());
hear("added", () => {
  counted = null;
  saved?.load();
});
follow(state);
