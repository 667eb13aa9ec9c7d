// The searches that the reader saved, with what is new for each. Text only: no string ever becomes HTML.
window.dateline.savedSearches ||= (root, { unfold, open }) => {
  const { saved: words, make, button, fill, personal, address, period, nameLists, charts, tell, hear, followedQuestions } = window.dateline;
  const find = (selector) => root.querySelector(selector);
  const { ask, send } = personal.calls("searches", words);
  const named = ({ name }) => `?${new URLSearchParams({ name })}`;
  let searches = null; // until they are loaded: queries and questions
  let state = null; // of the search that is shown

  const fail = (text) => (find(".saved-failure").textContent = text || "");
  const say = (text) => {
    find(".saved-said").textContent = text;
    fail("");
  };

  // The address of a search whatever is shown of it, by which one that is saved is known again.
  const whole = (of) => address.written({ ...of, page: 1, order: "date", new_after: "", compare: [], ...address.NO_TABLE });
  const read = (written) => address.read(`?${written}`);
  const count = (number, more) => `${charts.count(number)}${more ? "+" : ""}`;
  const isNew = (search) => search.new > 0;
  const isQuestion = (search) => search.kind === "question";

  const link = (name, text, written) => {
    const node = make("a", name, text);
    const to = address.written(read(written));
    node.href = location.pathname + to;
    node.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      open(to);
    });
    return node;
  };

  // `focused` returns what gets the focus, since the button goes away.
  const sawButton = (search, focused) => {
    const node = button("saw", words.seen, async () => {
      const got = await send(named(search), "PATCH", { upto: search.upto });
      if (got.error) return fail(got.error);
      Object.assign(search, { new: 0, more: false });
      draw();
      say(fill(words.seen_done, search));
      focused().focus();
    });
    node.setAttribute("aria-label", `${words.seen}: ${search.name}`);
    return node;
  };

  const remove = async (search) => {
    const got = await send(named(search), "DELETE");
    if (got.error) return fail(got.error);
    searches = searches.filter((each) => each.name !== search.name);
    questions.forget(search);
    draw();
    say(fill(words.deleted, search));
    if (!searches.length) unfold(false);
    find(searches.length ? ".to-saved" : "#finder-query").focus();
  };

  const bounds = (search) => {
    const bound = read(search.address);
    const found = [...period.bounds(bound), ...nameLists.bounds(bound)];
    return found.map(([text]) => make("span", "isolated", text));
  };
  const deleteButton = (search) => {
    const node = button("delete", words.delete);
    node.setAttribute("aria-label", `${words.delete}: ${search.name}`);
    return personal.confirmed(node, { question: words.delete_sure, yes: words.yes }, () => remove(search));
  };

  // A row of the list: the search, what is new, what bounds it, and what can be done with it.
  const row = (search) => {
    const node = make("li");
    const head = node.appendChild(make("p", "saved-name"));
    const about = make("p", "about");
    if (search.name !== search.query) about.append(make("code", "isolated", search.query));
    if (search.error) {
      head.append(make("span", "isolated", search.name));
      about.append(make("span", "", words.damaged));
    } else {
      head.append(link("saved-open isolated", search.name, search.address), " ");
      about.append(...bounds(search));
    }
    if (isNew(search)) {
      const text = fill(words.new, { count: count(search.new, search.more) });
      const news = head.appendChild(link("saved-new", "", search.new_address));
      news.append(make("span", "badge", text));
      news.setAttribute("aria-label", `${text}: ${search.name}`);
    } else if (!search.error) head.append(make("span", "nothing-new", words.nothing_new));
    const tools = make("p", "tools");
    const at = () => searches.filter((each) => !isQuestion(each)).indexOf(search) + 1;
    if (isNew(search)) tools.append(sawButton(search, () => find(`.saved-list > li:nth-child(${at()}) .saved-open`)));
    tools.append(deleteButton(search));
    if (about.childElementCount) node.append(about);
    node.append(tools);
    return node;
  };

  // It counts searches: an article may be new for several of them.
  const drawToggle = () => {
    const withNews = searches.filter(isNew).length;
    const node = find(".to-saved");
    node.replaceChildren(words.saved);
    if (withNews) {
      const said = make("span", "said", ` ${words.with_news}`);
      node.append(" ", make("span", "badge", charts.count(withNews)), said);
    }
    node.hidden = !searches.length;
  };

  // What stands under the counts of a search: that it is saved, or what saves it.
  const drawLine = () => {
    const node = find(".save-search");
    if (state.also.length) return node.replaceChildren(); // what is saved is a search of one archive
    const known = searches.find((each) => !each.error && whole(read(each.address)) === whole(state));
    if (!known) return node.replaceChildren(button("save", words.save_this, offer));
    const text = make("p", "saved-as", fill(words.saved_as, known));
    text.tabIndex = -1;
    node.replaceChildren(text);
    if (isNew(known)) node.append(sawButton(known, () => find(".saved-as")));
  };

  const offer = () => {
    const asked = state;
    const field = make("input");
    const usual = [...asked.find.split(/\s+/).join(" ")].slice(0, 100).join("");
    Object.assign(field, { id: "finder-save", value: usual, maxLength: 100, autocomplete: "off" });
    const label = make("label", "", words.name);
    label.htmlFor = field.id;
    const givenUp = () => {
      fail("");
      drawLine();
      find(".save-search .save").focus();
    };
    const sent = async (name) => {
      const got = await send("", "POST", { name: name.trim() || usual, address: whole(asked).slice(1) });
      const refused = { 409: "taken", 422: "refused", 507: "full" }[got.status];
      if (got.error) return fail(words[refused] || got.error); // what was typed stays
      searches.push(got);
      draw();
      say(fill(words.done, got));
      find(".save-search > :first-child").focus();
    };
    personal.edited(find(".save-search"), field, words.save, { givenUp, sent }).prepend(label);
    field.select();
  };

  const questions = followedQuestions(root, { ask, fail, count, bounds, sawButton, deleteButton, changed: () => drawToggle() });

  const draw = () => {
    drawToggle();
    const asked = searches.filter(isQuestion);
    const queries = searches.filter((each) => !isQuestion(each));
    find(".saved-list").replaceChildren(...queries.map(row));
    questions.draw(asked);
    find(".saved .queries").hidden = !queries.length;
    find(".saved .followed").hidden = !asked.length;
    if (state) drawLine();
    tell("searches", searches);
  };

  const load = async () => {
    const got = await ask();
    if (got.error) return fail(got.error);
    ({ searches } = got);
    find(".saved .in-memory").hidden = !got.in_memory;
    draw();
    questions.look();
  };

  let loading = null;
  const follow = async (next) => {
    const isOther = !state || whole(state) !== whole(next);
    state = next;
    if (isOther) say("");
    if (searches && isOther) drawLine();
    if (searches || loading) return;
    loading = load();
    await loading;
    loading = null; // one that failed is tried again with the next search
    if (searches?.length && !state.find) unfold(true);
  };

  // From an answer to its question in the list, where it can be opened and deleted.
  hear("show-followed", async ({ name }) => {
    await address.go(address.find());
    await loading;
    unfold(Boolean(searches?.length));
    const found = [...root.querySelectorAll(".followed-list .saved-open")].find((each) => each.textContent === name);
    if (searches && !found) say(words.gone);
    (found || find("#finder-query")).focus();
  });

  find(".saved .in-memory").textContent = words.in_memory;
  find("#finder-queries").textContent = words.queries;
  find("#finder-followed").textContent = words.questions;
  return { follow, load };
};
