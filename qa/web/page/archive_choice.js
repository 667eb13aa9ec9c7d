// The archives that a question asks together with that of the page. Text only: no string ever becomes HTML.
window.dateline.archiveChoice = (() => {
  const { words, make, fill, me, absolute, address } = window.dateline;
  let own = null;
  let others = []; // of which the reader may read each; the server refuses all others in any case

  const seen = async () => ((await me())?.archives || []).map(({ name }) => name);
  // Find out, once that is known, which archives there are beside that of the page.
  const beside = async (name) => {
    own = name;
    others = (await seen()).filter((each) => each !== own);
  };
  const isAll = ({ also }) => others.length > 0 && others.every((name) => also.includes(name));

  // Each archive that is asked as well: its words, and what takes it away. All of many are one.
  const bounds = (state) => {
    if (others.length > 1 && isAll(state)) return [[fill(words.chip_all, { count: others.length + 1 }), { also: [] }]];
    return state.also.map((name) => [fill(words.chip_also, { name }), { also: state.also.filter((each) => each !== name) }]);
  };

  const draw = (root, { also }) => {
    root.hidden = !others.length;
    const boxes = others.map((name) => {
      const [label, box] = [make("label"), make("input")];
      Object.assign(box, { type: "checkbox", value: name, checked: also.includes(name) });
      label.append(box, make("span", "isolated", name));
      return label;
    });
    root.replaceChildren(make("legend", "", words.also_ask), ...boxes);
  };
  // What is ticked, once it is known that there is something to tick.
  const ticked = (root) => (root.hidden ? {} : { also: read(root) });
  const read = (root) => [...root.querySelectorAll("input:checked")].map((box) => box.value);

  // The open article says of which archive it is, and leads there if it is of another one.
  const tellOther = (root, { archive }, at) => {
    const isElsewhere = Boolean(archive) && archive !== own;
    if (archive) root.querySelector(".byline").append(make("span", "of-archive isolated", fill(words.of_archive, { archive })));
    const there = root.querySelector(".open-there");
    there.hidden = !isElsewhere;
    if (!isElsewhere) return;
    there.textContent = fill(words.open_there, { archive });
    there.href = absolute(at);
  };

  // In the list of what is found, which archive a match or quote is from, if several are searched.
  const told = ({ archive }) => (archive ? [make("span", "of-archive isolated", fill(words.of_archive, { archive }))] : []);
  const counted = (archives, count) =>
    `(${archives.map(({ archive, places, title_places }) => `${archive} ${count(places + title_places)}`).join(", ")})`;

  // Where all matches are downloaded: beside the page, or of several archives at the root of the server.
  const downloads = (state) => {
    const root = location.pathname.replace(/(nl|en)\/?$/, "");
    if (!state.also.length) return { root, search: address.written(state) };
    const found = new URLSearchParams(address.written({ ...state, also: [] }));
    for (const name of [own, ...state.also]) found.append("archive", name);
    return { root: root.replace(/archives\/[^/]+\/$/, ""), search: `?${found}` };
  };

  return { seen, beside, others: () => others, isAll, bounds, draw, read, ticked, told, counted, downloads, tellOther };
})();
