// The panel beside the conversation: an article with its quote, or the archive as a whole.
const { words, make, fill, link, place, dated, origins, written, copy, timeline, tell, hear } = window.dateline;
const dialog = element.querySelector("dialog");
const find = (selector) => dialog.querySelector(selector);
const narrow = matchMedia("(max-width: 63.99rem)");
let opener = null;
let quotes = []; // the links to quotes of the answer that the shown one belongs to
let shown = null;
let asking = 0;
window.dateline.serve(server);

const call = async (name, asked) => {
  try {
    const got = await server[name](asked);
    return got && typeof got === "object" ? got : { error: words.unreachable };
  } catch {
    return { error: words.unreachable };
  }
};

// -- opening and closing ----------------------------------------------------------------

const show = (part) => {
  find(".source").hidden = part !== "source";
  find(".archive").hidden = part !== "archive";
  find("#side-name")?.removeAttribute("id");
  find(`.${part} h2`).id = "side-name";
  find(".failure").textContent = "";
  dialog.dataset.part = part;
  if (dialog.open) return;
  if (narrow.matches) dialog.showModal();
  else dialog.show();
};

const close = () => dialog.open && dialog.close();
dialog.addEventListener("close", () => {
  if (place(location.hash)) history.replaceState(null, "", location.pathname + location.search);
  shown = null;
  find(".back").hidden = true;
  document.querySelector("[data-place][aria-current]")?.removeAttribute("aria-current");
  const back = opener?.isConnected ? opener : document.querySelector("#question textarea");
  opener = null;
  back?.focus();
});
find(".close").addEventListener("click", close);
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

const drawArticle = (article) => {
  find(".source .byline").replaceChildren(dated(article), ...origins(article, words.original));
  find(".source h2").textContent = article.title;
  find(".source h2").classList.toggle("said", article.untitled);
  const text = written(make("div", "text"), article);
  text.append(article.before);
  if (article.quote) text.append(make("mark", "", article.quote));
  text.append(article.after);
  find(".source .text").replaceWith(text);
  find(".copy-link").textContent = article.quote ? words.copy_link : words.copy_article_link;
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

const read = async (asked, { keepFocus = false } = {}) => {
  const turn = ++asking;
  const article = await call("read_article", asked);
  if (turn !== asking) return;
  show("source");
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
  history.replaceState(null, "", link(asked));
};

document.addEventListener("click", (event) => {
  const pressed = event.target.closest?.("a[data-place]");
  if (!pressed || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const inside = dialog.contains(pressed);
  if (!inside) {
    opener = pressed;
    const all = [...(pressed.closest(".answer")?.querySelectorAll("a.number[data-place]") || [])];
    quotes = all;
  } else quotes = [];
  find(".back").hidden = !inside;
  read(place(pressed.getAttribute("href")));
});
const step = (by) => {
  const at = quotes.findIndex((each) => each.getAttribute("href") === link(shown)) + by;
  if (!quotes[at]) return;
  opener = quotes[at].isConnected ? quotes[at] : opener;
  if (!narrow.matches) quotes[at].closest("li").scrollIntoView({ block: "nearest" });
  read(place(quotes[at].getAttribute("href")), { keepFocus: true });
};
find(".previous").addEventListener("click", () => step(-1));
find(".next").addEventListener("click", () => step(1));
find(".copy-link").addEventListener("click", (event) => copy(location.href, event.currentTarget, words.copied));

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

const openArchive = () => {
  asking++;
  shown = null;
  quotes = [];
  show("archive");
  find(".steps").hidden = find(".back").hidden = true;
  drawBound();
  drawBars();
  leaf(offset);
};
const openArchiveFrom = (detail) => {
  opener = detail.opener;
  offset = 0;
  openArchive();
  find(".archive h2").focus({ preventScroll: true });
  find(".body").scrollTop = 0;
};
hear("archive", openArchiveFrom);
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
find(".back").addEventListener("click", () => {
  if (place(location.hash)) history.replaceState(null, "", location.pathname + location.search);
  openArchive();
  find(".archive h2").focus();
});
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

if (props.adding) {
  window.dateline.adding(find(".adding"), (articles) => {
    tell("added", articles);
    drawBars();
    leaf(0);
  });
}

// -- words, and the link that the page was opened with -----------------------------------

for (const [selector, name] of Object.entries({
  ".back": "back", ".archive h2": "archive", "label[for=find]": "search", ".page-previous": "page_previous",
  ".page-next": "page_next", "[data-order=date]": "column_date", "[data-order=title]": "column_title",
  "[data-order=source]": "column_source",
})) find(selector).textContent = words[name];
for (const [selector, name] of Object.entries({
  ".close": "close", ".previous": "previous", ".next": "next", ".pages": "pages",
})) find(selector).setAttribute("aria-label", words[name]);
const follow = () => {
  const asked = place(location.hash);
  if (asked && (!shown || link(asked) !== link(shown))) read(asked);
};
window.addEventListener("hashchange", follow);
follow();
