// The counts of a search as bars and tables. Text only: no string ever becomes HTML.
window.dateline.charts = (() => {
  const { finder: words, words: frame, language, make, button, fill, timeline, tableFile } = window.dateline;
  const FEW = 5; // sources, before all are asked for
  const count = (number) => new Intl.NumberFormat(language).format(number);

  // A head of each row that narrows the search, and numbers beside it.
  const table = (name, rows, { picked, isChosen }) => {
    const node = make("table");
    const head = node.appendChild(make("thead")).appendChild(make("tr"));
    for (const text of [name, words.column_places, words.column_articles, words.column_of]) {
      const cell = head.appendChild(make("th", "", text));
      cell.scope = "col";
    }
    head.lastChild.title = words.column_of_hint;
    const body = node.appendChild(make("tbody"));
    const most = Math.max(1, ...rows.map((row) => row.places));
    for (const row of rows) {
      const line = body.appendChild(make("tr"));
      const title = line.appendChild(make("th"));
      title.scope = "row";
      if (row.places && row.label) {
        const narrow = title.appendChild(button("narrow isolated", row.label, () => picked(row)));
        narrow.setAttribute("aria-pressed", String(isChosen(row)));
      } else title.append(make("span", "isolated", row.label || words.unnamed));
      const places = line.appendChild(make("td", "places"));
      const share = places.appendChild(make("span", "share"));
      share.style.width = `${Math.round((100 * row.places) / most)}%`;
      places.append(make("span", "number", count(row.places)));
      line.append(make("td", "", count(row.articles)), make("td", "", count(row.of_articles)));
    }
    return node;
  };

  const numbers = ({ places, title_places, articles, of_articles }) => [places - title_places, title_places, articles, of_articles];
  const fileOf = (root, unit, about, rows, value) =>
    tableFile.put(root, {
      name: unit,
      about,
      rows: () => [[unit, "places", "title_places", "articles", "of_articles"], ...rows.map((row) => [value(row), ...numbers(row)])],
    });

  const overTime = (root, time, { state, picked }) => {
    const isByYear = time.unit === "year";
    root.hidden = !time.bars.length;
    root.querySelector("h3").textContent = isByYear ? words.by_year : words.by_month;
    const said = { ...frame, bar: words.bar, bar_one: words.bar_one };
    said.timeline = words.bars_month;
    said.timeline_years = words.bars_year;
    const bars = root.querySelector(".bars");
    bars.hidden = time.bars.length < 2;
    if (!bars.hidden) timeline(bars, time, { chosen: {}, cited: [], picked, words: said });
    const beyond = [time.imprecise && fill(words.imprecise, { count: count(time.imprecise) })];
    beyond.push(time.undated && fill(words.undated, { count: count(time.undated) }));
    root.querySelector(".beyond").textContent = beyond.filter(Boolean).join(" · ");
    root.querySelector("summary").textContent = words.as_table;
    const name = isByYear ? words.column_year : words.column_month;
    const isChosen = (bar) => state.since === bar.first && state.until === bar.last;
    root.querySelector(".numbers").replaceChildren(table(name, time.bars, { picked, isChosen }));
    const about = isByYear ? words.by_year : words.by_month;
    fileOf(root, time.unit, about, time.bars, ({ first }) => first.slice(0, isByYear ? 4 : 7));
  };

  const bySource = (root, sources, { state, picked }) => {
    const rows = sources.map((each) => ({ ...each, label: each.value }));
    const isChosen = (row) => state.sources.includes(row.value);
    root.querySelector("h3").textContent = words.by_source;
    const more = root.querySelector(".all-sources");
    let isWhole = false;
    const draw = () => {
      const shown = isWhole ? rows : rows.slice(0, FEW);
      root.querySelector(".numbers").replaceChildren(table(words.column_source, shown, { picked, isChosen }));
      more.textContent = isWhole ? words.few_sources : fill(words.all_sources, { count: count(rows.length) });
      more.setAttribute("aria-expanded", String(isWhole));
    };
    more.hidden = rows.length <= FEW;
    more.onclick = () => {
      isWhole = !isWhole;
      draw();
    };
    draw();
    fileOf(root, "source", words.by_source, rows, ({ value }) => value ?? "");
  };

  return { overTime, bySource, count };
})();
