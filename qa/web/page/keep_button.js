// The button that keeps a quote, wherever quotes stand. Text only: no string ever becomes HTML.
window.dateline.basket ||= (() => {
  const { baskets, keeps, language, make, button, fill, tell, personal } = window.dateline;
  const { ask, send } = personal.calls("basket", baskets[language]);
  const kept = new Set(); // the places of what the reader has kept
  // The name of the page's own archive, if it has one: quotes of it may name it, or none.
  const own = /\/archives\/([\w-]+)\//.exec(location.pathname)?.[1] || null;
  const key = ({ archive, article_id, field, start, end }) => JSON.stringify([archive || own, article_id, field, start, end]);

  const drawButton = (node) => {
    const { place, lang, about } = node.keeping;
    const isKept = kept.has(key(place));
    const words = baskets[lang];
    node.textContent = isKept ? words.kept : words.keep;
    node.setAttribute("aria-label", isKept ? words.kept_this : fill(words.keep_this, { about }));
    if (isKept) node.setAttribute("aria-haspopup", "dialog");
    else node.removeAttribute("aria-haspopup");
    node.classList.toggle("is-kept", isKept);
  };
  const know = (quotes) => {
    kept.clear();
    for (const each of quotes) kept.add(key(each));
    for (const node of document.querySelectorAll("button.keep")) drawButton(node);
  };

  // One after another: two that are sent at once may arrive in the other order, and in that order they are kept.
  let last = Promise.resolve();
  const inTurn = (send) => (last = last.then(send, send));

  let asked = null; // once, by the first button
  let added = 0;
  const load = async () => {
    const before = added;
    const got = await ask(`?language=${language}`);
    if (got.error) return got;
    if (before !== added) return load(); // what was kept meanwhile may not be in it
    know(got.quotes);
    return got;
  };

  const press = async (node, said) => {
    const { place, lang } = node.keeping;
    if (kept.has(key(place))) return tell("basket", { opener: node });
    if (node.isAsking) return; // not disabled: that would take the focus away
    node.isAsking = true;
    const got = await inTurn(() => send(`?language=${language}`, "POST", place));
    node.isAsking = false;
    const refused = { 404: "not_there", 409: "not_there", 507: "full" }[got.status];
    said.textContent = refused ? baskets[lang][refused] : got.error || "";
    if (!got.error) {
      added++;
      kept.add(key(place));
    }
    drawButton(node);
  };

  // `place` is what the server is asked to keep; `about` tells one button from another.
  const keeping = (place, lang, about) => {
    if (!keeps) return null;
    const root = make("span", "keeping");
    const said = make("span", "keep-said");
    said.setAttribute("role", "status");
    const node = button("keep", "", () => press(node, said));
    node.keeping = { place, lang, about };
    drawButton(node);
    asked ||= load();
    root.append(node, said);
    return root;
  };

  // Keep several places at once; returns what became of them, or an `error`.
  const keepAll = async (places) => {
    const got = await inTurn(() => send("/several", "POST", { quotes: places }));
    if (got.error) return got;
    added++;
    for (const each of got.quotes) kept.add(key(each));
    for (const node of document.querySelectorAll("button.keep")) drawButton(node);
    return got;
  };

  // A quote without a number is called after its opening words.
  const opening = (quote) => (quote.length > 60 ? `${quote.slice(0, 60)} …` : quote);
  const called = (quote) => fill(baskets[language].quote, { number: opening(quote) });

  return { own, keeping, keepAll, check: () => ask("/verify"), opening, called, load, send };
})();
