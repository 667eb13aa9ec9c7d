// The names by which articles can be chosen, as lists to tick: sources, sections, authors, languages.
window.dateline.nameLists = (() => {
  const { finder: words, language, make, fill, call, hear, address } = window.dateline;
  const LISTS = Object.keys(address.NO_NAMES);
  const MOST_SHOWN = 100; // at a time; a longer list can be searched
  const LETTERS = { æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ı: "i", "‘": "'", "’": "'", "‐": "-", "‑": "-" };
  const count = (number) => number.toLocaleString(language);
  const shown = (list, name) => (list === "languages" ? address.languageName(name) || name : name);
  // Without case and accents. By way of capitals, "ß" is "ss".
  const folded = (text) =>
    text.toUpperCase().toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").replace(/[æœøłđı‘’‐‑]/g, (sign) => LETTERS[sign]);
  let known = null; // of the whole archive, asked for once
  hear("added", () => (known = null));

  const drawItem = (list, { value, articles }, isChosen) => {
    const [item, label, box] = [make("li"), make("label"), make("input")];
    box.type = "checkbox";
    box.value = value;
    box.checked = isChosen;
    label.append(box, make("span", "isolated", shown(list, value)));
    if (articles) label.append(" ", make("span", "amount", count(articles)));
    item.append(label);
    return item;
  };

  // The rows of a list, and what shows those that hold all words written: `show` returns how many fit and how many
  // are shown. What is ticked stays; of the others, those with the most articles are shown.
  const drawRows = (list, names, chosen) => {
    const rows = make("ul");
    const lines = names.map((name) => ({ name, key: folded(shown(list, name.value)), item: null }));
    const item = (line) => (line.item ||= drawItem(list, line.name, chosen.has(line.name.value)));
    for (const line of lines) if (chosen.has(line.name.value)) item(line);
    const isTicked = (line) => Boolean(line.item?.querySelector("input").checked);
    const show = (written) => {
      const wanted = folded(written).split(/\s+/); // nothing written is in every name
      const fitting = lines.filter((line) => wanted.every((word) => line.key.includes(word)));
      const first = new Set(fitting.slice(0, MOST_SHOWN));
      rows.replaceChildren(...lines.filter((line) => first.has(line) || isTicked(line)).map(item));
      return { fitting: fitting.length, drawn: rows.childElementCount };
    };
    return { rows, show };
  };

  // A field that shows by `show` which of many names fit, and a line that says how many.
  const drawSearch = (list, number, show) => {
    const [label, box, told] = [make("label", "search-names"), make("input"), make("p", "names-shown")];
    box.type = "search";
    box.autocomplete = "off";
    box.spellcheck = false;
    label.append(make("span", "", fill(words.search_names, { list: words[list].toLowerCase() })), box);
    told.setAttribute("role", "status");
    const look = () => {
      const { fitting, drawn } = show(box.value);
      const text = fill(fitting ? words.names_shown : words.no_names, { count: count(drawn), all: count(number) });
      if (told.textContent !== text) told.textContent = text; // or it would be read aloud again
    };
    box.addEventListener("input", look);
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault(); // it would apply all filters
      if (event.key !== "Escape" || !box.value) return;
      event.preventDefault();
      event.stopPropagation(); // it would close the filters
      box.value = "";
      look();
    });
    look();
    return [label, told];
  };

  // What is chosen stands first if the list does not have it.
  const drawList = (list, { names = [], more = 0 }, chosen, isOpen) => {
    const part = make("details", "by-name");
    part.dataset.list = list;
    part.open = isOpen ?? chosen.length > 0;
    const listed = names.map((each) => each.value);
    const others = chosen.filter((name) => !listed.includes(name)).map((value) => ({ value }));
    const all = [...others, ...names];
    const { rows, show } = drawRows(list, all, new Set(chosen));
    part.hidden = !all.length;
    const [summary, told] = [make("summary", "", words[list]), make("span", "chosen-names")];
    const group = make("div");
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", words[list]);
    if (all.length > MOST_SHOWN) group.append(...drawSearch(list, all.length, show));
    else show("");
    group.append(rows);
    const tell = () => {
      const number = group.querySelectorAll("input:checked").length;
      told.textContent = number ? fill(words.chosen, { count: count(number) }) : "";
    };
    group.addEventListener("change", tell);
    tell();
    summary.append(told);
    part.append(summary, group);
    if (more) part.append(make("p", "hint", fill(words.names_more, { count: count(more) })));
    return part;
  };

  const asked = new WeakMap(); // what each root was last to show, which may still be on its way

  const draw = async (root, state) => {
    asked.set(root, state);
    known ||= call("list_names", {});
    const lists = await known;
    if (asked.get(root) !== state) return; // a newer one is on its way
    const { error } = lists;
    if (error) {
      known = null; // the next look asks again
      root.replaceChildren(make("p", "hint", error));
      return;
    }
    const isOpen = (list) => root.querySelector(`[data-list="${list}"]`)?.open;
    root.replaceChildren(...LISTS.map((list) => drawList(list, lists[list] || {}, state[list], isOpen(list))));
  };

  // Draws again what was once drawn, or is on its way.
  const redraw = (root, state) => asked.has(root) && draw(root, state);

  // The names that are ticked; nothing if no lists were drawn.
  const read = (root) => {
    const lists = [...root.querySelectorAll(".by-name")];
    const ticked = (part) => [...part.querySelectorAll("input:checked")].map((box) => box.value);
    return Object.fromEntries(lists.map((part) => [part.dataset.list, ticked(part)]));
  };

  // Each name that is chosen: its words, and what takes it away.
  const bounds = (state) =>
    LISTS.flatMap((list) =>
      state[list].map((name) => {
        const text = list === "sources" ? name : fill(words[`chip_${list}`], { name: shown(list, name) });
        return [text, { [list]: state[list].filter((each) => each !== name) }];
      }),
    );

  const wrong = (state) => {
    const isTooMuch = LISTS.some((list) => state[list].length > address.MOST_NAMES);
    return isTooMuch ? fill(words.many_names, { count: address.MOST_NAMES }) : "";
  };

  return { draw, redraw, read, bounds, wrong };
})();
