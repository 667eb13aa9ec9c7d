// Several queries over time beside each other: bars of one scale, and the same numbers as a table. Text only: no string ever becomes HTML.
// `compare` is given how the queries beside the first change, not what they become: what is drawn may be older than what is asked.
window.dateline.comparison ||= (root, { compare, picked }) => {
  const { finder: words, make, button, fill, call, address, charts, timeline, tableFile, words: frame } = window.dateline;
  const find = (selector) => root.querySelector(selector);
  const field = find("input");
  let shown = null; // the address of what is drawn
  let asking = 0;

  const say = (text) => (find(".compare-wrong").textContent = text || "");

  // A query with its number of matches; whoever compares it takes it away again here.
  const head = (query, isFirst) => {
    const node = make("li");
    const name = node.appendChild(make("p", "series-name"));
    name.append(make("code", "isolated", query), make("span", "series-total"));
    if (!isFirst) {
      const gone = name.appendChild(button("uncompare", "×", () => {
        field.focus();
        compare((queries) => queries.filter((each) => each !== query));
      }));
      gone.setAttribute("aria-label", fill(words.compare_remove, { query }));
    }
    node.append(make("div", "bars"), make("p", "beyond hint"));
    return node;
  };

  const numbered = (count) => (count === 1 ? words.places_one : fill(words.places, { count: charts.count(count) }));

  const drawSeries = (node, series, got, most) => {
    node.querySelector(".series-total").textContent = numbered(series.places);
    const bars = got.bars.map((bar, at) => ({ ...bar, count: series.counts[at] }));
    const label = fill(words.compare_bars, series);
    const said = { ...frame, bar: words.bar, bar_one: words.bar_one, timeline: label, timeline_years: label };
    const root = node.querySelector(".bars");
    root.hidden = bars.length < 2 || !series.places;
    if (!root.hidden) timeline(root, { unit: got.unit, bars, most }, { chosen: {}, cited: [], picked: (bar) => picked(series.query, bar), words: said });
    const beyond = ["imprecise", "undated"].map((name) => series[name] && fill(words[name], { count: charts.count(series[name]) }));
    node.querySelector(".beyond").textContent = beyond.filter(Boolean).join(" · ");
  };

  const table = (got) => {
    const node = make("table");
    const top = node.appendChild(make("thead")).appendChild(make("tr"));
    const names = [got.unit === "year" ? words.column_year : words.column_month, ...got.queries.map(({ query }) => query)];
    for (const name of names) top.appendChild(make("th", "isolated", name)).scope = "col";
    const body = node.appendChild(make("tbody"));
    got.bars.forEach((bar, at) => {
      const line = body.appendChild(make("tr"));
      line.appendChild(make("th", "", bar.label)).scope = "row";
      for (const { query, counts } of got.queries) {
        const cell = line.appendChild(make("td"));
        const number = charts.count(counts[at]);
        if (!counts[at]) cell.textContent = number;
        else {
          const node = cell.appendChild(button("narrow", number, () => picked(query, bar)));
          node.setAttribute("aria-label", fill(words.compare_cell, { query, label: bar.label, count: number }));
        }
      }
    });
    return node;
  };

  const draw = async (state) => {
    const turn = ++asking;
    const isCompared = state.compare.length > 0;
    const all = isCompared ? [state.find, ...state.compare] : [];
    const asked = address.written({ ...state, page: 1, order: "date", ...address.NO_TABLE });
    find(".compare").hidden = state.compare.length >= address.MOST_COMPARED;
    find(".compare-hint").hidden = !isCompared;
    if (asked === shown) return;
    shown = asked;
    say("");
    const nodes = all.map((query, at) => head(query, !at));
    find(".series").replaceChildren(...nodes);
    find("details").hidden = true;
    find(".file-place").replaceChildren();
    if (!isCompared) return;
    const got = await call("compare_matches", { address: asked.slice(1) });
    if (turn !== asking) return;
    if (got.error) {
      shown = null;
      return say(got.pointed ? `${got.error} ${got.pointed.join("☞")}` : got.error);
    }
    const most = Math.max(...got.queries.flatMap(({ counts }) => counts));
    got.queries.forEach((series, at) => drawSeries(nodes[at], series, got, most));
    find(".numbers").replaceChildren(table(got));
    find("details").hidden = !got.bars.length;
    const of = ({ first }) => first.slice(0, got.unit === "year" ? 4 : 7);
    tableFile.put(find(".file-place"), {
      name: `${got.unit}-compared`,
      about: words.compare,
      rows: () => [
        [got.unit, ...got.queries.map(({ query }) => query), ...got.queries.map(({ query }) => `title_places_${query}`)],
        ...got.bars.map((bar, at) => [
          of(bar),
          ...got.queries.map(({ counts, title_counts }) => counts[at] - title_counts[at]),
          ...got.queries.map(({ title_counts }) => title_counts[at]),
        ]),
      ],
    });
  };

  find(".compare").addEventListener("submit", (event) => {
    event.preventDefault();
    const query = field.value.trim();
    if (!query) return;
    field.value = "";
    compare((queries) => [...new Set([...queries, query])]);
  });
  find("h3").textContent = words.compare;
  find(".compare-hint").textContent = words.compare_hint;
  find("summary").textContent = words.as_table;
  find("label").textContent = words.compare_with;
  find(".compare button").textContent = words.compare_add;
  return { draw };
};
