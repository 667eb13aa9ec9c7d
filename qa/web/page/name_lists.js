// The names by which articles can be chosen, as lists to tick: sources, sections, authors, languages.
window.dateline.nameLists = (() => {
  const { finder: words, language, make, fill, call, hear, address } = window.dateline;
  const LISTS = Object.keys(address.NO_NAMES);
  const count = (number) => number.toLocaleString(language);
  const shown = (list, name) => (list === "languages" ? address.languageName(name) || name : name);
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

  // What is chosen stands first if the list does not have it.
  const drawList = (list, { names = [], more = 0 }, chosen, isOpen) => {
    const part = make("details", "by-name");
    part.dataset.list = list;
    part.open = isOpen ?? chosen.length > 0;
    const listed = names.map((each) => each.value);
    const others = chosen.filter((name) => !listed.includes(name)).map((value) => ({ value }));
    const items = [...others, ...names].map((each) => drawItem(list, each, chosen.includes(each.value)));
    part.hidden = !items.length;
    const [summary, told] = [make("summary", "", words[list]), make("span", "chosen-names")];
    const [group, rows] = [make("div"), make("ul")];
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", words[list]);
    rows.append(...items);
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

  const draw = async (root, state) => {
    known ||= call("list_names", {}); // the promise, so that the state drawn last is the newest
    const lists = await known;
    const { error } = lists;
    if (error) {
      known = null; // the next look asks again
      root.replaceChildren(make("p", "hint", error));
      return;
    }
    const isOpen = (list) => root.querySelector(`[data-list="${list}"]`)?.open;
    root.replaceChildren(...LISTS.map((list) => drawList(list, lists[list] || {}, state[list], isOpen(list))));
  };

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

  return { draw, read, bounds, wrong };
})();
