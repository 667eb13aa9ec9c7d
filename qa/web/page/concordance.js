// Matches with the words around them, in lines. Text only: no string ever becomes HTML.
window.dateline.concordance = (() => {
  const { finder: words, words: frame, baskets, keeps, language, make, button, fill, link, dated, written, archiveChoice } = window.dateline;
  const inLine = (text) => text.replace(/\s+/g, " ");

  const line = (row) => {
    const opened = written(make("a", "line"), row);
    opened.dir = "ltr"; // what comes before stands at the left; each part has its own direction
    opened.href = link(row);
    opened.dataset.place = "";
    if (row.field === "title") opened.append(make("span", "in-title", words.in_title));
    for (const [tag, name, text] of [["span", "left", row.left], ["mark", "", row.match], ["span", "right", row.right]]) {
      const part = make(tag, name);
      part.append(make("bdi", "", inLine(text)));
      opened.append(part);
    }
    return opened;
  };

  const byline = (row) => {
    const node = make("p", "byline");
    node.append(dated(row), make("span", "from isolated", row.source), ...archiveChoice.told(row));
    if (!row.untitled) node.append(written(make("span", "title isolated", row.title), row));
    return node;
  };

  // What is kept of a match is the sentence in which it stands, or the headline.
  const keeping = (row) => {
    const said = baskets[language][row.field === "title" ? "headline" : "sentence"];
    const place = { archive: row.archive, article_id: row.article, field: row.field, ...row.whole };
    const node = row.whole && window.dateline.basket.keeping(place, language, fill(said, row));
    return node ? [node] : [];
  };

  // Matches that follow each other in one article stand below one line about it.
  const draw = (list, rows) => {
    const items = [];
    rows.forEach((row, at) => {
      if (!at || rows[at - 1].article !== row.article || rows[at - 1].archive !== row.archive) {
        const item = make("li");
        item.append(byline(row), make("div", "lines"));
        items.push(item);
      }
      items.at(-1).lastChild.append(line(row), ...keeping(row));
    });
    list.replaceChildren(...items);
  };

  // All of what is shown, at once: each sentence or headline, however many matches it has.
  const drawKeeper = (root, rows) => {
    const places = new Map();
    for (const { archive, article, field, whole } of rows) {
      if (whole) places.set(JSON.stringify([archive, article, field, whole.start, whole.end]), { archive, article_id: article, field, ...whole });
    }
    root.replaceChildren();
    if (!keeps || !places.size) return;
    const shown = fill(places.size === 1 ? words.keep_view_one : words.keep_view, { count: places.size });
    const said = make("span", "keep-view-said");
    said.setAttribute("role", "status");
    const node = button("keep-all", shown, async () => {
      if (node.isAsking) return; // not disabled: that would take the focus away
      node.isAsking = true;
      const got = await window.dateline.basket.keepAll([...places.values()]);
      node.isAsking = false;
      const told = ["kept", "known", "refused", "no_room"].filter((name) => got[name] || name === "kept");
      said.textContent = got.error || told.map((name) => fill(words[`view_${name}`], { count: got[name], most: got.most })).join(" ");
    });
    root.append(node, said);
  };

  return { draw, drawKeeper };
})();
