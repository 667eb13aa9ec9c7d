// The conversations that are kept for the reader: a list to search, open, rename and delete from.
window.dateline.conversationList ||= (root, close) => {
  const { past: words, words: frame, make, button, fill, tell, language, personal } = window.dateline;
  const find = (selector) => root.querySelector(selector);
  const status = find(".talks-found");
  const when = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
  let page = 1; // conversations in one list, as the server says
  let offset = 0;
  let total = 0;
  let asking = 0;

  const { ask, send } = personal.calls("history", words);
  const fail = (text) => (find(".talks-failure").textContent = text || "");

  const rename = (item, talk) => {
    const field = make("input");
    field.value = talk.title;
    field.maxLength = 200;
    field.setAttribute("aria-label", words.title);
    const givenUp = () => {
      item.replaceWith(row(talk));
      root.querySelector(`[data-talk="${talk.id}"] .rename`)?.focus();
    };
    const sent = async (title) => {
      const got = await send(`/${talk.id}`, "PATCH", { title });
      fail(got.error);
      if (!got.error) Object.assign(talk, got);
      givenUp();
    };
    personal.edited(item, field, words.save, { sent, givenUp });
    field.select();
  };

  const forget = async (talk) => {
    const got = await send(talk ? `/${talk.id}` : "", "DELETE");
    fail(got.error);
    if (got.error) return;
    if (!talk || talk.id === window.dateline.conversation) tell("forget");
    await draw(talk ? offset : 0);
    find("h2").focus({ preventScroll: true });
  };

  const row = (talk) => {
    const item = make("li");
    item.dataset.talk = talk.id;
    const opened = button("talk isolated", talk.title || words.untitled, async () => {
      await close();
      tell("reopen", talk.id);
    });
    opened.dir = "auto";
    const isShown = talk.id === window.dateline.conversation;
    if (isShown) opened.setAttribute("aria-current", "true");
    const time = make("time", "", when.format(new Date(talk.changed)));
    time.dateTime = talk.changed;
    const about = make("p", "about");
    about.append(time, ` · ${talk.turns === 1 ? words.one_question : fill(words.questions, { count: talk.turns })}`);
    if (isShown) about.append(` · ${words.shown}`);
    const tools = make("p", "tools");
    const named = (node, said) => {
      node.setAttribute("aria-label", fill(said, { title: talk.title }));
      return node;
    };
    const sure = { question: words.delete_sure, yes: words.yes };
    tools.append(
      named(button("rename", words.rename, () => rename(item, talk)), words.rename_this),
      personal.confirmed(named(button("delete", words.delete), words.delete_this), sure, () => forget(talk)),
    );
    item.append(opened, about, tools);
    return item;
  };

  const said = (isSearched) => {
    if (!total) return isSearched ? words.none_found : words.none;
    return total === 1 ? words.one : fill(words.many, { count: total });
  };

  const draw = async (to = 0) => {
    const turn = ++asking;
    const search = find("input").value;
    const got = await ask(`?${new URLSearchParams({ search, offset: to })}`);
    if (turn !== asking) return;
    fail(got.error);
    if (got.error) return;
    ({ total, page } = got);
    // The last one of a page may have been deleted.
    if (to && !got.conversations.length) return draw(Math.max(0, to - page));
    offset = to;
    status.textContent = said(Boolean(search.trim()));
    find(".in-memory").hidden = !got.in_memory;
    find(".talks").replaceChildren(...got.conversations.map(row));
    find(".find").hidden = !total && !search;
    find(".delete-all").hidden = !total || Boolean(search.trim());
    find(".talks-pages").hidden = total <= page;
    const last = Math.min(offset + page, total);
    find(".talks-pages span").textContent = fill(frame.page_of, { first: offset + 1, last, total });
    find(".talks-previous").disabled = offset === 0;
    find(".talks-next").disabled = last >= total;
  };

  for (const [selector, text] of Object.entries({
    h2: words.history, label: words.search, ".in-memory": words.in_memory,
    ".talks-previous": frame.page_previous, ".talks-next": frame.page_next,
  })) find(selector).textContent = text;
  find(".talks-pages").setAttribute("aria-label", frame.pages);
  find(".talks-previous").addEventListener("click", () => draw(Math.max(0, offset - page)));
  find(".talks-next").addEventListener("click", () => draw(offset + page));
  const allSure = { question: words.delete_all_sure, yes: words.yes };
  find(".delete-all").append(personal.confirmed(button("", words.delete_all), allSure, () => forget(null)));
  let typing;
  find("input").addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(() => draw(), 200);
  });
  return () => {
    find("input").value = "";
    return draw();
  };
};
