// The questions that the reader follows, each with the quotes that answered it. Text only: no string ever becomes HTML.
window.dateline.followedQuestions ||= (root, { ask, fail, count, bounds, sawButton, deleteButton, changed }) => {
  const { saved: words, language, words: frame, make, button, fill, link, dated, origins, written, basket } = window.dateline;
  const list = () => root.querySelector(".followed-list");
  const MOST_ASKED = 20; // when the list is loaded
  const opened = new Set(); // names of the questions of which the quotes are shown
  let questions = [];

  const byline = ({ shown }) => {
    const node = make("p", "byline");
    node.append(dated(shown), ...origins(shown, frame.original));
    if (!shown.untitled) node.append(written(make("span", "isolated", shown.title), shown));
    return node;
  };

  const opening = (found) => {
    const opener = make("a", "open", words.open);
    const isText = found.field === "text";
    opener.href = link({ article: found.article_id, start: isText ? found.start : 0, end: isText ? found.end : 0 });
    opener.dataset.place = "";
    opener.setAttribute("aria-label", `${words.open}: ${basket.opening(found.match)}`);
    return opener;
  };

  // The quote that answered until then, below the one with which the answer changed.
  const before = ({ answer, before: found }) => {
    const node = make("div", "found-before");
    const said = make("p", "isolated", fill(words.changed_to, { now: answer, before: found.answer }));
    const tools = make("p", "tools");
    tools.append(opening(found));
    node.append(said, byline(found), written(make("blockquote", "quote", found.match), found.shown), tools);
    return node;
  };

  const quote = (found) => {
    const node = make("li");
    const head = make("div", "found-head");
    if (found.new) head.append(make("span", "badge", words.new_quote));
    head.append(byline(found));
    const tools = make("p", "tools");
    tools.append(opening(found));
    const place = { article_id: found.article_id, field: found.field, start: found.start, end: found.end, text: found.match };
    const keeping = basket.keeping(place, language, basket.called(found.match));
    if (keeping) tools.append(keeping);
    node.append(head, written(make("blockquote", "quote", found.match), found.shown), tools);
    if (found.changed) node.append(before(found.changed));
    return node;
  };

  const drawQuotes = (node, question) => {
    const isOpen = opened.has(question.name);
    node.hidden = !isOpen;
    if (!isOpen || !question.quotes) return node.replaceChildren();
    if (!question.quotes.length) return node.replaceChildren(make("p", "hint", words.no_quotes));
    const quotes = make("ol", "found-quotes");
    quotes.append(...question.quotes.map(quote));
    node.replaceChildren(quotes);
  };

  // Ask the server what answers a question; it is asked over what came in, which may take a while.
  const load = async (question) => {
    const got = await ask(`/quotes?${new URLSearchParams({ name: question.name, language })}`);
    question.pending = question.waits = false;
    if (got.error) return fail(got.error);
    Object.assign(question, { new: got.new, changed: got.changed, upto: got.upto, quotes: got.quotes });
  };

  const row = (question) => {
    const node = make("li");
    const head = node.appendChild(make("p", "saved-name"));
    const about = make("p", "about");
    if (question.name !== question.query) about.append(make("span", "isolated", question.query));
    const tools = make("p", "tools");
    if (question.error) {
      head.append(make("span", "isolated", question.name));
      about.append(make("span", "", words.damaged));
    } else {
      const found = make("div", "found-of");
      const opener = button("saved-open isolated", question.name, async () => {
        const isOpen = !opened.delete(question.name) && Boolean(opened.add(question.name));
        opener.setAttribute("aria-expanded", String(isOpen));
        if (isOpen && !question.quotes) await load(question);
        drawNews();
        drawQuotes(found, question);
        changed();
      });
      opener.setAttribute("aria-expanded", String(opened.has(question.name)));
      const news = make("span", "news");
      news.setAttribute("role", "status");
      const saw = make("span", "saw-place");
      const drawNews = () => {
        const isAsked = question.pending && !question.waits;
        const parts = [];
        if (!isAsked && question.new > 0) {
          parts.push(make("span", "badge", fill(words.new, { count: count(question.new, question.more) })));
          if (question.changed) parts.push(make("span", "badge", words.changed));
        }
        const said = isAsked ? words.pending : question.waits ? words.waiting : words.nothing_new;
        if (isAsked || question.waits || !question.new) parts.push(make("span", "nothing-new", said));
        news.replaceChildren(...parts);
        saw.replaceChildren(...(question.new > 0 ? [sawButton(question, () => list().children[questions.indexOf(question)].querySelector(".saved-open"))] : []));
      };
      node.refresh = () => {
        drawNews();
        drawQuotes(found, question);
      };
      node.refresh();
      head.append(opener, " ", news);
      about.append(...bounds(question));
      const anew = make("a", "anew", words.ask_anew);
      anew.href = `${location.pathname}?${question.address}`;
      anew.setAttribute("aria-label", `${words.ask_anew}: ${question.query}`);
      tools.append(saw, anew);
      node.append(found);
    }
    tools.append(deleteButton(question));
    if (about.childElementCount) head.after(about);
    node.append(tools);
    return node;
  };

  // What the reader saw counts as new no longer, wherever it is shown.
  const draw = (asked) => {
    questions = asked;
    for (const each of questions) if (!each.new) for (const found of each.quotes || []) found.new = false;
    list().replaceChildren(...questions.map(row));
  };

  // One after the other, so that a reader with many questions takes one place on the server. The
  // others wait until they are opened, or until those that were asked longest ago had their turn.
  const look = async () => {
    const pending = questions.filter((each) => each.pending).sort((one, other) => one.upto - other.upto);
    for (const question of pending.slice(MOST_ASKED)) {
      question.waits = true;
      list().children[questions.indexOf(question)].refresh?.();
    }
    for (const question of pending.slice(0, MOST_ASKED)) {
      if (!question.pending) continue; // it was opened meanwhile
      await load(question);
      const at = questions.indexOf(question);
      if (at >= 0) list().children[at].refresh?.();
      changed();
    }
  };

  return { draw, look, forget: ({ name }) => opened.delete(name) };
};
