// The conversations that are kept for the reader: a list to search, open, rename and delete from.
window.dateline.historyView ||= (root, close) => {
  const { past: words, words: frame, make, button, fill, tell, language } = window.dateline;
  const find = (selector) => root.querySelector(selector);
  const status = find(".talks-found");
  const when = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
  let page = 1; // conversations in one list, as the server says
  let offset = 0;
  let total = 0;
  let asking = 0;

  // Returns what the server says, or an `error` in words; it refuses whoever is not the reader.
  const ask = async (path = "", how = {}) => {
    const place = new URL(`../history${path}`, location.href.split(/[?#]/)[0]);
    const answer = await fetch(place, how).catch(() => null);
    if (answer?.ok) return answer.json();
    const told = { 401: frame.signed_out, 404: words.gone, 429: frame.slow_down }[answer?.status];
    return { error: told || (await answer?.json().catch(() => null))?.detail || frame.lost };
  };
  const send = (path, method, body) =>
    ask(path, { method, body: body && JSON.stringify(body), headers: { "Content-Type": "application/json" } });
  const fail = (text) => (find(".talks-failure").textContent = text || "");

  // What cannot be taken back is asked once more, in the place of the button.
  const confirmed = (opener, question, done) => {
    opener.addEventListener("click", () => {
      const asked = make("span", "sure");
      const giveUp = () => {
        asked.replaceWith(opener);
        opener.focus();
      };
      const yes = button("", words.yes, async () => {
        yes.disabled = true;
        await done();
        asked.replaceWith(opener);
      });
      asked.append(make("span", "", question), yes, button("", frame.cancel, giveUp));
      asked.addEventListener("keydown", (event) => {
        if (event.key !== "Escape") return;
        event.preventDefault(); // the panel stays open
        giveUp();
      });
      opener.replaceWith(asked);
      yes.focus();
    });
    return opener;
  };

  const rename = (item, talk) => {
    const form = make("form", "renaming");
    const field = make("input");
    field.value = talk.title;
    field.maxLength = 200;
    field.setAttribute("aria-label", words.title);
    const save = make("button", "", words.save);
    const giveUp = () => {
      item.replaceWith(row(talk));
      root.querySelector(`[data-talk="${talk.id}"] .rename`)?.focus();
    };
    form.append(field, save, button("", frame.cancel, giveUp));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const got = await send(`/${talk.id}`, "PATCH", { title: field.value });
      fail(got.error);
      if (!got.error) Object.assign(talk, got);
      giveUp();
    });
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      giveUp();
    });
    item.replaceChildren(form);
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
    tools.append(
      named(button("rename", words.rename, () => rename(item, talk)), words.rename_this),
      confirmed(named(button("delete", words.delete), words.delete_this), words.delete_sure, () => forget(talk)),
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
  find(".delete-all").append(confirmed(button("", words.delete_all), words.delete_all_sure, () => forget(null)));
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
