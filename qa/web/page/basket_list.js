// The quotes that the reader kept: with notes, in an order of their own, and as files.
window.dateline.basketList ||= (root) => {
  const { baskets, language, words: frame, make, button, fill, link, dated, origins, written, personal, basket } = window.dateline;
  const words = baskets[language];
  const FORMATS = { ".docx": "Word", ".md": "Markdown", ".json": "JSON", ".csv": "CSV", ".ris": "RIS", ".csl.json": "CSL-JSON", ".html": words.printable };
  const find = (selector) => root.querySelector(selector);
  let quotes = [];
  const checks = new Map(); // by the id of a quote, what became of its words

  const fail = (text) => (find(".kept-failure").textContent = text || "");
  const say = (text) => (find(".kept-said").textContent = text || "");
  const item = (quote) => root.querySelector(`[data-kept="${quote.id}"]`);

  const byline = ({ shown, archive }) => {
    const node = make("p", "byline");
    node.append(dated(shown), ...origins(shown, frame.original));
    if (quotes.some((each) => each.archive)) {
      const told = { archive: archive || basket.own };
      if (told.archive) node.append(make("span", "of-archive isolated", fill(frame.of_archive, told)));
    }
    if (!shown.untitled) node.append(written(make("span", "isolated", shown.title), shown));
    return node;
  };

  const drawNote = (node, quote) => {
    node.replaceChildren();
    if (!quote.note) return;
    const text = make("p", "noted isolated", quote.note);
    text.dir = "auto";
    node.append(text);
  };

  // What was typed stays a draft until the server has kept it: it is sent when its editor is left,
  // and before the list is drawn again or saved as a file.
  const drafts = new Map(); // by the id of the quote
  let isLost = false; // the last one that was sent was not kept
  const known = (id) => quotes.find((quote) => quote.id === id);
  const unsaved = ({ error }) => {
    if (error === frame.lost) return words.note_lost;
    return error === frame.signed_out ? words.note_signed_out : `${error} ${words.note_stays}`;
  };
  const sendDraft = async (id, note) => {
    const lost = () => ({ error: frame.lost }); // the answer broke off
    const got = await basket.send(`/${id}`, "PATCH", { note }, { keepalive: true }).catch(lost);
    isLost = Boolean(got.error);
    const quote = known(id);
    if (!quote) return;
    if (!got.error) {
      quote.note = got.note;
      if (drafts.get(id) === note) drafts.delete(id);
    }
    const node = item(quote).querySelector(".note");
    const told = node.querySelector(".note-said");
    if (!told) drawNote(node, quote);
    else if (got.error) told.textContent = unsaved(got);
    else told.textContent = drafts.has(id) ? "" : words.note_saved;
  };
  const sendDrafts = async () => {
    for (const [id, note] of [...drafts]) if (drafts.has(id)) await sendDraft(id, note);
  };
  let saving = Promise.resolve(); // one after another, so that the last word is the last one sent
  const saveDrafts = () => (saving = saving.then(sendDrafts));

  const closeEditor = (quote) => {
    item(quote).replaceWith(row(quote));
    drawSteps();
    item(quote).querySelector(".annotate").focus();
  };
  const noteField = (quote, told) => {
    const field = make("textarea");
    field.value = drafts.get(quote.id) ?? quote.note;
    field.maxLength = 2000;
    field.rows = 3;
    field.setAttribute("aria-label", words.note);
    field.addEventListener("input", () => {
      drafts.set(quote.id, field.value);
      told.textContent = "";
    });
    return field;
  };
  const annotate = (quote) => {
    const node = item(quote).querySelector(".note");
    const opened = node.querySelector("textarea");
    if (opened) return opened.focus();
    const told = make("p", "note-said");
    told.setAttribute("role", "status");
    const form = personal.edited(node, noteField(quote, told), words.save, {
      givenUp: () => {
        drafts.delete(quote.id);
        fail("");
        closeEditor(quote);
      },
      sent: async () => {
        await saveDrafts();
        if (drafts.has(quote.id) || !form.isConnected) return; // what was typed stays
        closeEditor(quote);
        say(words.note_saved);
      },
    });
    form.append(told);
    // A button of the editor takes no focus from it: "Cancel" would come after the saving.
    form.addEventListener("mousedown", (event) => event.target.closest("button") && event.preventDefault());
    form.addEventListener("focusout", (event) => form.contains(event.relatedTarget) || saveDrafts());
  };
  window.addEventListener("pagehide", saveDrafts);
  window.addEventListener("beforeunload", (event) => isLost && drafts.size && event.preventDefault());

  // A file holds what was typed, or is not made.
  const saveFile = async (event) => {
    if (!drafts.size) return;
    const anchor = event.currentTarget;
    event.preventDefault();
    await saveDrafts();
    fail(drafts.size ? words.file_waits : "");
    if (drafts.size) annotate(known([...drafts.keys()][0]));
    else anchor.click();
  };

  const step = async (quote, by) => {
    const to = quotes.indexOf(quote) + by;
    if (!quotes[to]) return;
    const got = await basket.send(`/${quote.id}`, "PATCH", { position: to + 1 });
    fail(got.error);
    if (got.error) return;
    quotes.splice(quotes.indexOf(quote), 1);
    quotes.splice(to, 0, quote);
    const [node, next] = [item(quote), quotes[to + 1]];
    find(".kept-quotes").insertBefore(node, next ? item(next) : null);
    drawSteps();
    const pressed = node.querySelector(by < 0 ? ".up" : ".down");
    (pressed.disabled ? node.querySelector(by < 0 ? ".down" : ".up") : pressed).focus({ preventScroll: true });
    node.scrollIntoView({ block: "nearest" });
    say(fill(words.moved, { number: to + 1, count: quotes.length }));
  };
  let moving = Promise.resolve(); // a key may be pressed again before the server has answered
  const move = (quote, by) => (moving = moving.then(() => step(quote, by)));
  const drawSteps = () =>
    quotes.forEach((quote, at) => {
      item(quote).querySelector(".up").disabled = at === 0;
      item(quote).querySelector(".down").disabled = at === quotes.length - 1;
    });

  const forget = async (quote) => {
    const got = await basket.send(quote ? `/${quote.id}` : "", "DELETE");
    fail(got.error);
    if (!got.error) {
      if (quote) drafts.delete(quote.id);
      else drafts.clear();
      await draw();
    }
    find("h2").focus({ preventScroll: true });
  };

  const row = (quote) => {
    const node = make("li");
    node.dataset.kept = quote.id;
    node.append(byline(quote), written(make("blockquote", "quote", quote.text), quote.shown));
    const checked = checks.get(quote.id);
    if (quote.since) node.append(make("p", "since", words[`since_${quote.since}`]));
    if (checked) node.append(make("p", `checked ${checked.state}`, words[`state_${checked.state}`]));
    const note = make("div", "note");
    drawNote(note, quote);
    const named = (button_, said) => {
      const opening = quote.text.length > 60 ? `${quote.text.slice(0, 60)} …` : quote.text;
      button_.setAttribute("aria-label", `${said}: ${opening}`);
      return button_;
    };
    const tools = make("p", "tools");
    if (!["gone", "unserved"].includes(quote.since)) {
      const opened = named(make("a", "open", words.open), words.open);
      const isText = quote.field === "text" && (!quote.since || checked?.state === "moved");
      const start = checked?.start ?? quote.start;
      const end = start + quote.end - quote.start;
      opened.href = link({ archive: quote.archive, article: quote.article_id, start: isText ? start : 0, end: isText ? end : 0 });
      opened.dataset.place = "";
      tools.append(opened);
    }
    const noteWord = quote.note ? words.change_note : words.add_note;
    const sure = { question: words.delete_sure, yes: words.yes };
    tools.append(
      named(button("annotate", noteWord, () => annotate(quote)), noteWord),
      named(button("up", words.up, () => move(quote, -1)), words.up),
      named(button("down", words.down, () => move(quote, 1)), words.down),
      personal.confirmed(named(button("delete", words.delete), words.delete), sure, () => forget(quote)),
    );
    node.append(note, tools);
    return node;
  };

  // Drafts that could not be saved stand in their editors again, and the focus where it was.
  const drawQuotes = () => {
    const held = document.activeElement;
    const at = held.closest(".kept-quotes textarea") && held.closest("[data-kept]").dataset.kept;
    find(".kept-quotes").replaceChildren(...quotes.map(row));
    drawSteps();
    for (const id of [...drafts.keys()]) {
      if (known(id)) annotate(known(id));
      else drafts.delete(id);
    }
    if (known(at)) annotate(known(at));
    else if (held.isConnected) held.focus({ preventScroll: true });
  };
  // Compare each quote with the archive as it is now, as `dateline verify` does.
  const check = async () => {
    await saveDrafts();
    say(words.checking);
    const got = await basket.check();
    fail(got.error);
    if (got.error) return say("");
    checks.clear();
    for (const each of got.quotes) checks.set(each.id, each);
    for (const quote of quotes) {
      const state = checks.get(quote.id)?.state;
      if (state) quote.since = { moved: "changed", changed: "changed", gone: "gone", unserved: "unserved" }[state] || null;
    }
    drawQuotes();
    const isWhole = got.verbatim === got.total;
    const told = fill(words[!isWhole ? "checked" : got.total === 1 ? "checked_one" : "checked_all"], got);
    say(got.unserved ? `${told} ${fill(words.checked_unserved, got)}` : told);
  };

  const draw = async () => {
    await saveDrafts();
    checks.clear();
    const got = await basket.load();
    fail(got.error);
    if (got.error) return;
    quotes = got.quotes;
    const { total, most } = got;
    find(".kept-count").textContent = !total ? words.none : total === 1 ? words.one : fill(words.many, { total, most });
    say("");
    find(".in-memory").hidden = !got.in_memory;
    for (const part of [".kept-files", ".kept-check", ".delete-all"]) find(part).hidden = !total;
    drawQuotes();
  };

  find("h2").textContent = words.basket;
  find(".in-memory").textContent = words.in_memory;
  find(".kept-files").append(make("span", "", words.save_as));
  const server = location.pathname.replace(/(nl|en)\/?$/, "");
  for (const [suffix, name] of Object.entries(FORMATS)) {
    const anchor = make("a", "", name);
    anchor.href = `${server}basket${suffix}?language=${language}`;
    anchor.download = "";
    anchor.addEventListener("click", saveFile);
    find(".kept-files").append(" ", anchor);
  }
  find(".kept-check").append(button("", words.check, check));
  const allSure = { question: words.delete_all_sure, yes: words.yes };
  find(".delete-all").append(personal.confirmed(button("", words.delete_all), allSure, () => forget(null)));
  return draw;
};
