// What was found in uploaded files. Text only: no string ever becomes HTML.
window.dateline.foundView ||= (root) => {
  const { words, make, fill } = window.dateline;
  const [order, refusals, aside, articles] = [".add-order", ".add-refused", ".add-aside", ".add-articles"]
    .map((selector) => root.querySelector(selector));
  const FEW = 5; // are shown unfolded in a preview

  const isolated = (text, lang) => {
    const node = make("span", "isolated", text);
    node.dir = "auto";
    if (lang) node.lang = lang; // a reason that has no words in the language of the page
    return node;
  };
  const strong = (text) => {
    const node = make("strong", "isolated", text);
    node.dir = "auto";
    return node;
  };

  // A list of what was left aside: folded, as it may be long.
  const addFolded = (count, one, many, items, isOpen = false) => {
    if (!items.length) return;
    const details = aside.appendChild(make("details"));
    details.open = isOpen && items.length <= FEW;
    details.append(make("summary", "", count === 1 ? one : fill(many, { count })));
    const shown = details.appendChild(make("ul"));
    for (const parts of items) shown.appendChild(make("li")).append(...parts);
    const more = count - items.length;
    if (more > 0) details.append(make("p", "", fill(words.add_more, { count: more })));
  };

  const placed = (path, line) => (line ? `${path}, ${fill(words.add_line, { line })}` : path);
  const refused = ({ path, line, reason, lang }) => [isolated(placed(path, line)), ": ", isolated(reason, lang)];
  const otherFiles = (files) => {
    const others = files - 1;
    return others < 1 ? "" : ` ${fill(others === 1 ? words.other_file : words.other_files, { count: others })}`;
  };
  const unused = ({ name, example, path, files }) =>
    [strong(name), `, ${words.for_example} `, isolated(`“${example}”`), " (", isolated(path), otherFiles(files), ")"];

  const drawNotes = (state, isOpen) =>
    addFolded(state.notes_count, words.note_one, words.note_many,
      state.notes.map(({ text, lang }) => [isolated(text, lang)]), isOpen);
  const drawAside = (state, isOpen) => {
    addFolded(state.unused_count, words.unused_one, words.unused_many, state.unused.map(unused), isOpen);
    addFolded(state.skipped_count, words.skipped_one, words.skipped_many,
      state.skipped.map(({ path, reason, lang }) => [isolated(path), ": ", isolated(reason, lang)]), isOpen);
  };

  const article = (about) => {
    const item = make("li");
    item.append(about.title ? strong(about.title) : make("em", "", words.preview_untitled));
    const facts = item.appendChild(make("p", "add-facts"));
    facts.append(make("span", "when", about.date), " (", isolated(about.date_origin), ")");
    for (const each of new Set([about.source, placed(about.path, about.line)])) facts.append(" · ", isolated(each));
    const opening = item.appendChild(make("p", "add-opening isolated", about.opening));
    opening.dir = "auto";
    return item;
  };

  // Dates of which nothing shows whether the day or the month comes first: the reader says it.
  const drawOrder = (open) => {
    Object.assign(order, { hidden: !open.length, disabled: false });
    if (!open.length) return;
    order.append(make("legend", "", words.order_question), make("p", "", words.order_open));
    const columns = order.appendChild(make("ul"));
    for (const { name, path, files } of open.slice(0, FEW)) {
      columns.appendChild(make("li")).append(strong(name), " (", isolated(path), otherFiles(files), ")");
    }
    if (open.length > FEW) order.append(make("p", "", fill(words.add_more, { count: open.length - FEW })));
    const taken = new Set(open.map((each) => each.taken));
    for (const each of ["dmy", "mdy", "ymd"]) {
      const shown = open.find(({ orders }) => orders.includes(each));
      if (!shown) continue;
      const label = order.appendChild(make("label"));
      const choice = label.appendChild(make("input"));
      Object.assign(choice, { type: "radio", name: "add-order", value: each, defaultChecked: taken.size === 1 && taken.has(each) });
      label.append(isolated(fill(words[`order_${each}`], { example: shown.example, day: shown.days[each] })));
    }
    if (open.length > 1 || open[0].files > 1) order.append(make("p", "", words.order_of_all));
  };

  const clear = () => {
    for (const each of [order, refusals, aside, articles]) each.replaceChildren();
    order.hidden = true;
  };

  const drawPreview = (state) => {
    clear();
    drawOrder(state.preview.open_dates);
    articles.append(...state.preview.articles.map(article));
    const more = state.preview.count - state.preview.articles.length;
    if (more > 0) aside.append(make("p", "add-rest", fill(words.add_more, { count: more })));
    drawNotes(state, true);
    addFolded(state.refused_count, words.refused_one, words.refused_many, state.refused.map(refused), true);
    drawAside(state, true);
  };

  const drawReport = (state) => {
    clear();
    refusals.append(...state.refused.map((each) => {
      const item = make("li");
      item.append(...refused(each));
      return item;
    }));
    if (refusals.scrollHeight > refusals.clientHeight) refusals.tabIndex = 0; // the keyboard can scroll it
    else refusals.removeAttribute("tabindex");
    if (!state.report) return;
    drawAside(state, false);
    drawNotes(state, false);
  };

  // "3 articles, 1 without a date; 2 refused, 1 passed over; 1 remark."
  const summary = ({ preview, refused_count, skipped_count, notes_count }) => {
    const { count, undated } = preview;
    const taken = [count === 1 ? words.one : fill(words.ready, { articles: count })];
    if (undated) taken.push(fill(words.undated_count, { count: undated }));
    const left = [];
    if (refused_count) left.push(fill(words.preview_refused, { count: refused_count }));
    if (skipped_count) left.push(fill(words.preview_skipped, { count: skipped_count }));
    const noted = notes_count ? [notes_count === 1 ? words.note_one : fill(words.note_many, { count: notes_count })] : [];
    return `${[taken, left, noted].filter((each) => each.length).map((each) => each.join(", ")).join("; ")}.`;
  };

  return { clear, drawPreview, drawReport, summary };
};
