// The panel beside the conversation: an article with its quote, or the archive as a whole.
const { words, baskets, language, call, make, fill, link, absolute, place, dated, origins, written, copy, timeline, nameOnPaper, tell, hear, trail } = window.dateline;
const dialog = element.querySelector("dialog");
const find = (selector) => dialog.querySelector(selector);
const narrow = matchMedia("(max-width: 63.99rem)");
let opener = null;
let quotes = []; // the links to quotes of the answer that the shown one belongs to
let shown = null;
let asking = 0;
window.dateline.serve(server);

// -- opening and closing ----------------------------------------------------------------

const drawBack = () => {
  const from = trail.from();
  find(".back").hidden = !from;
  const names = { article: words.back_article, basket: baskets[language].basket };
  find(".back").textContent = names[from] || words.back;
};
const enter = async (part, how) => {
  await trail.enter(part, how);
  drawBack();
};

const show = (part) => {
  for (const name of ["source", "archive", "history", "basket"]) find(`.${name}`).hidden = part !== name;
  find("#side-name")?.removeAttribute("id");
  find(`.${part} h2`).id = "side-name";
  find(".failure").textContent = "";
  dialog.dataset.part = part;
  drawBack();
  if (dialog.open) return;
  if (narrow.matches) dialog.showModal();
  else dialog.show();
};

const close = () => dialog.open && dialog.close();
dialog.addEventListener("close", () => {
  asking++;
  trail.leave();
  shown = null;
  document.querySelector("[data-place][aria-current]")?.removeAttribute("aria-current");
  const boxes = { ask: "#question textarea", find: "#finder-query", timeline: "#topic-query" };
  const box = boxes[document.documentElement.dataset.view];
  const back = opener?.isConnected ? opener : document.querySelector(box);
  opener = null;
  back?.focus();
});
find(".close").addEventListener("click", close);
hear("close", close);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && dialog.open && !event.defaultPrevented) close();
});
narrow.addEventListener("change", () => {
  if (!dialog.open) return;
  const { part } = dialog.dataset;
  const [kept, was] = [opener, shown];
  dialog.removeAttribute("open"); // not closed: it only changes how it stands
  dialog.close();
  opener = kept;
  shown = was;
  show(part);
});

// -- an article -------------------------------------------------------------------------

const drawKeeping = window.dateline.articleKeeping(find(".source"));
const drawArticle = (article) => {
  find(".source .byline").replaceChildren(dated(article), ...origins(article, words.original));
  nameOnPaper(find(".on-paper"), { ...props, archive: article.archive || props.archive });
  window.dateline.archiveChoice.tellOther(find(".source"), article, shown);
  drawWhy(article);
  find(".source h2").textContent = article.title;
  find(".source h2").classList.toggle("said", article.untitled);
  const text = written(make("div", "text"), article);
  text.append(article.before);
  if (article.quote) text.append(make("mark", "", article.quote));
  text.append(article.after);
  find(".source .text").replaceWith(text);
  find(".copy-link").textContent = article.quote ? words.copy_link : words.copy_article_link;
  drawKeeping(article);
};

// Why a date was inferred: quotes with their places, which are marked when they are clicked.
const drawWhy = ({ id, archive, why }) => {
  const node = find(".why");
  node.hidden = !why;
  if (node.dataset.article !== id) node.open = false;
  node.dataset.article = id;
  if (!why) return;
  node.querySelector("p").textContent = why.told;
  const items = why.quotes.map((each) => {
    const item = make("li");
    const anchor = written(make("a", "isolated", `“${each.quote}”`), each);
    anchor.href = link({ ...each, archive });
    anchor.dataset.place = "";
    item.append(anchor, make("span", "says isolated", each.says));
    return item;
  });
  node.querySelector("ul").replaceChildren(...items);
};

const drawSteps = () => {
  const at = quotes.findIndex((each) => each.getAttribute("href") === link(shown));
  find(".steps").hidden = at < 0 || quotes.length < 2;
  find(".previous").disabled = at <= 0;
  find(".next").disabled = at >= quotes.length - 1;
  find(".place").textContent = fill(words.place, { number: at + 1, count: quotes.length });
  document.querySelector("[data-place][aria-current]")?.removeAttribute("aria-current");
  quotes[at]?.setAttribute("aria-current", "true");
};

const read = async (asked, { keepFocus = false, entered = false, ...how } = {}) => {
  const turn = ++asking;
  const article = await call("read_article", asked);
  if (turn !== asking) return;
  const isOpen = dialog.open;
  show("source");
  if (!entered) enter("source", { address: link(asked), isOpen, ...how });
  shown = asked;
  drawSteps();
  if (article.error) {
    find(".source").hidden = true;
    find(".failure").textContent = article.error;
    return;
  }
  drawArticle(article);
  if (!keepFocus) find(".source h2").focus({ preventScroll: true });
  const mark = find(".source mark");
  if (mark) mark.scrollIntoView({ block: "center" });
  else find(".body").scrollTop = 0;
};

document.addEventListener("click", (event) => {
  const pressed = event.target.closest?.("a[data-place]");
  if (!pressed || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const asked = place(pressed.getAttribute("href"));
  if (dialog.contains(pressed)) {
    const from = pressed.closest(".why") ? "article" : dialog.dataset.part;
    if (from !== "article") quotes = [];
    read(asked, { from });
    return;
  }
  opener = pressed;
  const among = pressed.closest(".answer, .concordance, .entries")?.querySelectorAll("a:is(.number, .line, .entry)[data-place]");
  const links = [...(among || [])];
  // Of several places in one title, which all open the top of the article, the first stands for all.
  quotes = links.filter((each, at) => links.findIndex((other) => other.getAttribute("href") === each.getAttribute("href")) === at);
  read(asked);
});
const step = (by) => {
  const at = quotes.findIndex((each) => each.getAttribute("href") === link(shown)) + by;
  if (!quotes[at]) return;
  opener = quotes[at].isConnected ? quotes[at] : opener;
  if (!narrow.matches) quotes[at].closest("li").scrollIntoView({ block: "nearest" });
  read(place(quotes[at].getAttribute("href")), { keepFocus: true, isStep: true });
};
find(".previous").addEventListener("click", () => step(-1));
find(".next").addEventListener("click", () => step(1));
find(".copy-link").addEventListener("click", (event) => copy(absolute(shown), event.currentTarget, words.copied));

// -- the archive ------------------------------------------------------------------------

let order = "oldest";
let offset = 0;
let year = null; // of which the months are shown, in an archive of many years

const drawBars = async () => {
  const data = await call("show_timeline", {});
  if (data.error) return (find(".failure").textContent = data.error);
  const { bounds: chosen, cited } = window.dateline;
  const settings = { chosen, cited, words };
  find(".summary").textContent = data.summary;
  const isByYear = data.unit === "year";
  timeline(find(".bars"), data, {
    ...settings,
    picked: (bar) => {
      if (isByYear) year = Number(bar.first.slice(0, 4));
      tell("pick", bar);
    },
  });
  const beyond = [data.imprecise && fill(words.imprecise, { count: data.imprecise })];
  beyond.push(data.undated && fill(words.undated_count, { count: data.undated }));
  find(".beyond").textContent = beyond.filter(Boolean).join(" · ");
  const months = isByYear && year && chosen.since ? await call("show_timeline", { year }) : null;
  find(".months").hidden = !months?.bars;
  if (months?.bars) timeline(find(".months"), months, { ...settings, picked: (bar) => tell("pick", bar) });
};

const row = (article) => {
  const node = make("tr");
  const name = make("td");
  const opened = make("a", "isolated", article.title);
  opened.href = link({ article: article.id });
  opened.dataset.place = "";
  if (article.lang) opened.lang = article.lang;
  name.append(opened);
  const when = make("td", "when");
  when.append(dated(article));
  const from = make("td", "from");
  from.append(make("span", "isolated", article.source));
  node.append(when, name, from);
  return node;
};

const drawList = async () => {
  const turn = ++asking;
  const { since, until } = window.dateline.bounds;
  const asked = { search: find("#find").value, order, offset, since, until };
  const got = await call("list_articles", asked);
  if (turn !== asking) return;
  if (got.error) return (find(".failure").textContent = got.error);
  const { total, page } = got;
  find(".found span").textContent =
    total === 0 ? words.found_none : total === 1 ? words.found_one : fill(words.found, { total });
  find("tbody").replaceChildren(...got.articles.map(row));
  find("table").hidden = !total;
  find(".pages").hidden = total <= page;
  const last = Math.min(offset + page, total);
  find(".pages span").textContent = fill(words.page_of, { first: offset + 1, last, total });
  find(".page-previous").disabled = offset === 0;
  find(".page-next").disabled = last >= total;
  for (const each of dialog.querySelectorAll("[data-order]")) {
    const name = each.dataset.order;
    const isBy = order === name || (name === "date" && ["oldest", "newest"].includes(order));
    const direction = order === "newest" ? "descending" : "ascending";
    if (isBy) each.closest("th").setAttribute("aria-sort", direction);
    else each.closest("th").removeAttribute("aria-sort");
  }
};
const leaf = (to) => {
  offset = Math.max(0, to);
  drawList();
};

const drawBound = () => {
  const chip = find(".found .chip");
  const text = document.querySelector(".composer .chips .chip")?.firstChild.textContent;
  const { since, until } = window.dateline.bounds;
  chip.hidden = !(since || until);
  if (chip.hidden) return;
  chip.replaceChildren(text, make("span", "cross", "×"));
  chip.setAttribute("aria-label", fill(words.remove_chip, { chip: text }));
};

const drawArchive = () => {
  drawBound();
  drawBars();
  leaf(offset);
};
const wholes = {
  archive: drawArchive,
  history: window.dateline.conversationList(find(".history"), trail.closed),
  basket: window.dateline.basketList(find(".basket")),
};
const openWhole = (part) => {
  asking++;
  nameOnPaper(find(".on-paper"), props);
  shown = null;
  quotes = [];
  show(part);
  find(".steps").hidden = true;
  wholes[part]();
  find(`.${part} h2`).focus({ preventScroll: true });
};
for (const part of Object.keys(wholes)) {
  hear(part, (detail) => {
    const isOpen = dialog.open;
    const isWithin = dialog.contains(detail.opener);
    if (!isWithin) opener = detail.opener;
    offset = 0;
    openWhole(part);
    enter(part, { isOpen, from: isWithin ? "article" : null });
    find(".body").scrollTop = 0;
  });
}
hear("bounds", () => {
  if (dialog.open && dialog.dataset.part === "archive") {
    drawBound();
    drawBars();
    leaf(0);
  }
});
hear("cited", () => {
  if (dialog.open && dialog.dataset.part === "archive") drawBars();
});
find(".back").addEventListener("click", () => history.back());
find(".found .chip").addEventListener("click", () => {
  const { since: first, until: last } = window.dateline.bounds;
  tell("pick", { first, last });
  find("#find").focus();
});
let typing;
find("#find").addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(() => leaf(0), 200);
});
find(".page-previous").addEventListener("click", () => leaf(offset - 25));
find(".page-next").addEventListener("click", () => leaf(offset + 25));
for (const each of dialog.querySelectorAll("[data-order]")) {
  each.addEventListener("click", () => {
    const name = each.dataset.order;
    order = name === "date" ? (order === "oldest" ? "newest" : "oldest") : name;
    leaf(0);
  });
}

// Who may add articles depends on who asks; the server refuses all others in any case.
const offerAdding = async () => {
  if (!(await window.dateline.me())?.may_add) return;
  window.dateline.adding(find(".adding"), (articles) => {
    tell("added", articles);
    drawBars();
    leaf(0);
  });
};
if (props.adding) offerAdding();

// -- words, and the link that the page was opened with -----------------------------------

for (const [selector, name] of Object.entries({
  ".archive h2": "archive", ".why summary": "why_date", "label[for=find]": "search", ".page-previous": "page_previous",
  ".page-next": "page_next", "[data-order=date]": "column_date", "[data-order=title]": "column_title",
  "[data-order=source]": "column_source",
})) find(selector).textContent = words[name];
for (const [selector, name] of Object.entries({
  ".close": "close", ".previous": "previous", ".next": "next", ".pages": "pages",
})) find(selector).setAttribute("aria-label", words[name]);
trail.follow((to) => {
  if (typeof to === "string") openWhole(to);
  else if (!to) close();
  else if (shown && link(to) === link(shown)) drawBack();
  else read(to, { entered: true });
});
