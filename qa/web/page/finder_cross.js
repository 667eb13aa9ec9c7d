// The matches counted by two things at once, as a table with totals. Text only: no string ever becomes HTML.
window.dateline.crossTable ||= (root, { choose, picked }) => {
  const { finder: words, language, make, button, fill, call, address, charts, tableFile } = window.dateline;
  const find = (selector) => root.querySelector(selector);
  const fields = { rows: find("#finder-rows"), columns: find("#finder-columns") };
  const TIMES = ["year", "month", "day"];
  const LISTS = { source: "sources", section: "sections", author: "authors", language: "languages" };
  const SHAPES = { month: { month: "short", year: "numeric" }, day: { day: "numeric", month: "short", year: "numeric" } };
  let shown = null; // the address of what is drawn
  let asking = 0;

  const say = (text) => (find(".cross-wrong").textContent = text || "");
  const date = (text, shape) => new Intl.DateTimeFormat(language, { ...shape, timeZone: "UTC" }).format(new Date(`${text}T00:00:00Z`));

  const label = (facet, value) => {
    if (value === null) return words.cross_unknown;
    if (facet === "weekday") return date(`2024-01-0${value}`, { weekday: "long" }); // the first was a Monday
    if (facet === "language") return address.languageName(value) || value;
    const day = facet in SHAPES && address.wholeDay(value, false);
    return day ? date(day, SHAPES[facet]) : value;
  };

  // What leads to the matches behind a head; `null` where no filter does.
  const bounds = (facet, value) => {
    if (value === null || facet === "weekday") return null;
    if (!TIMES.includes(facet)) return { [LISTS[facet]]: [value] };
    return { since: address.wholeDay(value, false), until: address.wholeDay(value, true) };
  };

  const number = (count, about, ...narrowing) => {
    const text = charts.count(count);
    if (!count) return make("span", "zero", text);
    if (narrowing.includes(null)) return make("span", "", text);
    const node = button("narrow", text, () => picked(Object.assign({}, ...narrowing)));
    node.setAttribute("aria-label", `${about}: ${text}`);
    return node;
  };

  const table = (got) => {
    const { by, rows, columns, total } = got;
    const node = make("table");
    const top = node.appendChild(make("thead")).appendChild(make("tr"));
    const names = columns.map(({ value }) => label(by[1], value));
    for (const name of [words[`facet_${by[0]}`], ...names, words.cross_total]) {
      const cell = top.appendChild(make("th", "isolated", name));
      cell.scope = "col";
      cell.title = name; // a long one is cut
    }
    const line = (body, name, cells) => {
      const row = body.appendChild(make("tr"));
      row.appendChild(make("th", "isolated", name)).scope = "row";
      for (const each of cells) row.appendChild(make("td")).append(each);
    };
    const body = node.appendChild(make("tbody"));
    for (const { value, places, cells } of rows) {
      const [name, own] = [label(by[0], value), bounds(by[0], value)];
      const shownCells = cells.map((count, at) => number(count, `${name}, ${names[at]}`, own, bounds(by[1], columns[at].value)));
      line(body, name, [...shownCells, number(places, name, own)]);
    }
    const sums = columns.map(({ value, places }, at) => number(places, names[at], bounds(by[1], value)));
    line(node.appendChild(make("tfoot")), words.cross_total, [...sums, charts.count(total)]);
    return node;
  };

  // As `--by … --by … --csv` writes it: places in texts under each value, those in titles behind them.
  const split = (all, titles) => [...all.map((places, at) => places - titles[at]), ...titles];
  const raw = ({ by, rows, columns, total, title_total }) => {
    const values = [...columns.map(({ value }) => value ?? ""), "total"];
    return [
      [by.join(" × "), ...values, ...values.map((value) => `title_places_${value}`)],
      ...rows.map((row) => [row.value ?? "", ...split([...row.cells, row.places], [...row.title_cells, row.title_places])]),
      ["total", ...split([...columns.map(({ places }) => places), total], [...columns.map(({ title_places }) => title_places), title_total])],
    ];
  };

  const drawTable = (got) => {
    find(".numbers").replaceChildren(table(got));
    const left = ["rows", "columns"].map((name) => got[`more_${name}`] && fill(words[`more_${name}`], { count: charts.count(got[`more_${name}`]) }));
    find(".beyond").textContent = [words.cross_hint, ...left].filter(Boolean).join(" ");
    const about = fill(words.cross_of, { rows: words[`facet_${got.by[0]}`], columns: words[`facet_${got.by[1]}`] });
    find(".numbers").setAttribute("aria-label", about);
    tableFile.put(root, { name: got.by.join("-"), about, rows: () => raw(got) });
  };

  const clear = () => {
    shown = null;
    find(".numbers").replaceChildren();
    find(".beyond").textContent = "";
    root.querySelector(".table-file")?.remove();
  };

  const draw = async (state) => {
    const turn = ++asking;
    for (const [name, field] of Object.entries(fields)) field.value = state[name];
    const isSame = Boolean(state.rows) && state.rows === state.columns;
    say(isSame ? words.cross_same : "");
    if (!state.rows || !state.columns || isSame) return clear();
    const asked = address.written({ ...state, page: 1, order: "date", compare: [] });
    if (asked === shown) return;
    const got = await call("cross_matches", { address: asked.slice(1), rows: state.rows, columns: state.columns });
    if (turn !== asking) return;
    if (got.error) {
      clear();
      return say(got.error);
    }
    shown = asked;
    drawTable(got);
  };

  for (const [name, field] of Object.entries(fields)) {
    for (const facet of ["", ...address.FACETS]) {
      const option = field.appendChild(make("option", "", facet ? words[`facet_${facet}`] : words.facet_none));
      option.value = facet;
    }
    root.querySelector(`label[for=${field.id}]`).textContent = words[`cross_${name}`];
    field.addEventListener("change", () => choose({ rows: fields.rows.value, columns: fields.columns.value }));
  }
  find("h3").textContent = words.cross;
  return { draw };
};
