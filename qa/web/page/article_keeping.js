// What can be kept of the open article: the marked quote, or what the reader selects in its text.
window.dateline.articleKeeping ||= (root) => {
  const { baskets, keeps, language, make, basket } = window.dateline;
  const words = baskets[language];
  const node = root.querySelector(".keep-here");
  let article = null;
  let drawn = null;
  const length = (text) => [...text].length; // as the server counts: characters, not halves of them

  const marked = () => article.quote && { start: article.start, end: article.end, text: article.quote };

  // What is selected may begin or end outside the text; what lies in the text counts.
  const selected = () => {
    const selection = getSelection();
    const text = root.querySelector(".text");
    const range = selection.rangeCount && !selection.isCollapsed ? selection.getRangeAt(0).cloneRange() : null;
    if (!range?.intersectsNode(text)) return null;
    const whole = document.createRange();
    whole.selectNodeContents(text);
    if (range.compareBoundaryPoints(Range.START_TO_START, whole) < 0) range.setStart(text, 0);
    if (range.compareBoundaryPoints(Range.END_TO_END, whole) > 0) range.setEnd(text, text.childNodes.length);
    whole.setEnd(range.startContainer, range.startOffset);
    const [chosen, quote] = [range.toString(), range.toString().trim()];
    if (!quote) return null;
    const start = length(whole.toString() + chosen.slice(0, chosen.indexOf(quote)));
    return { start, end: start + length(quote), text: quote };
  };

  const update = () => {
    if (!article) return;
    const chosen = selected();
    const quote = chosen || marked();
    const key = JSON.stringify([article.archive, article.id, Boolean(chosen), quote?.start, quote?.end]);
    if (key === drawn) return;
    drawn = key;
    const place = quote && { archive: article.archive, article_id: article.id, field: "text", ...quote };
    const about = chosen ? words.selection : words.marked;
    const keeping = place && basket.keeping(place, language, about);
    node.replaceChildren(...(keeping ? [keeping] : []), make("span", "hint", words.select_hint));
  };
  if (keeps) {
    document.addEventListener("selectionchange", update);
    // A press must not take away the selection that it is about to keep.
    node.addEventListener("mousedown", (event) => event.preventDefault());
  }

  return (shown) => {
    if (!keeps) return;
    node.hidden = false;
    article = shown;
    drawn = null;
    update();
  };
};
