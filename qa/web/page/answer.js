// Draws an answer out of plain strings. Text only: no string ever becomes HTML.
const { make, button, fill, link, absolute, dated, origins, written, copy, tell } = window.dateline;
let words = window.dateline.answer.nl;

// What was pressed goes to the composer: inside a chat, Gradio hears nothing of a component.
const act = (detail) => tell("act", { id: props.value.id, ...detail });

const anchor = (name, text, at, said) => {
  const node = make("a", name, text);
  node.href = link(at);
  node.dataset.place = "";
  if (said) node.setAttribute("aria-label", said);
  return node;
};

const cites = (value, numbers) => {
  const group = make("span", "cites");
  for (const number of numbers) {
    const quote = value.quotes.find((each) => each.number === number);
    const place = quote || value.places?.find((each) => each.number === number);
    if (place) group.append(anchor("cite", String(number), place, fill(words.cite, { number })));
  }
  return group;
};

const byline = (about) => {
  const line = make("p", "byline");
  line.append(dated(about), ...origins(about, words.original));
  if (about.archive) line.append(make("span", "of-archive isolated", fill(words.of_archive, about)));
  return line;
};

const title = (about) => (about.untitled ? "" : make("p", "title isolated", about.title));

const MOST_COPIES = 4; // of a press agency's report there may be dozens; the rest is folded

// Copies in the archive of the quote itself do not say which.
const otherArchive = (copy, quote) => copy.archive && copy.archive !== quote.archive && fill(words.of_archive, copy);

const copyLinks = (copies, quote) => {
  const list = make("ul", "places");
  for (const each of copies) {
    const opener = anchor("", "", each);
    opener.append(make("span", "isolated", each.source), " (", make("span", "isolated", each.date), ")");
    const archive = otherArchive(each, quote);
    if (archive) opener.append(" ", make("span", "isolated", archive));
    if (!each.untitled) opener.title = each.title;
    list.appendChild(make("li")).append(opener);
  }
  return list;
};

// The other articles in which the same words stand.
const drawCopies = (item, quote) => {
  const { copies } = quote;
  if (!copies?.length) return;
  const also = item.appendChild(make("div", "also"));
  also.append(make("p", "", words.also_in), copyLinks(copies.slice(0, MOST_COPIES), quote));
  const rest = copies.slice(MOST_COPIES);
  if (!rest.length) return;
  const more = also.appendChild(make("details", "counted"));
  const said = rest.length === 1 ? words.also_in_one : fill(words.also_in_more, { count: rest.length });
  more.append(make("summary", "", said), copyLinks(rest, quote));
};

const addQuote = (item, quote) => {
  const block = written(make("blockquote", "quote"), quote);
  quote.marked.forEach((text, index) => {
    block.append(index === 1 ? make("strong", "found", text) : text);
  });
  if (quote.before) item.append(written(make("p", "around", quote.before), quote));
  item.append(block);
  if (quote.after) item.append(written(make("p", "around", quote.after), quote));
  if (quote.dates.length) item.append(make("p", "meant isolated", quote.dates.join(" · ")));
  const opening = make("p", "opening");
  opening.append(anchor("open", words.open, quote));
  item.append(opening);
  drawCopies(item, quote);
};

const drawQuotes = (root, value) => {
  const list = root.querySelector("ol.quotes") || root.appendChild(make("ol", "quotes"));
  value.quotes.forEach((quote, index) => {
    let item = list.children[index];
    if (!item) {
      item = list.appendChild(make("li"));
      const number = fill(words.cite, quote);
      item.append(anchor("number cite", String(quote.number), quote, number), byline(quote));
      item.append(quote.headline ? make("p", "headline", words.headline) : title(quote));
      if (!quote.agrees) item.append(make("p", "differs", words.differs));
      if (quote.since) item.append(make("p", "differs", words[`since_${quote.since}`]));
    }
    if (quote.quote !== null && !item.querySelector("blockquote")) addQuote(item, quote);
    if (quote.pointed && !item.querySelector(".pointed")) {
      item.querySelector("blockquote").after(make("p", "pointed isolated", quote.pointed));
    }
  });
};

const drawShort = (root, value) => {
  if (value.lead && !value.absent && !root.querySelector(".lead")) {
    const [said, ...rules] = value.lead.split("\n");
    for (const [name, text] of [["lead", said], ...rules.map((each) => ["rule", each])]) {
      root.appendChild(make("p", `${name} isolated`, text)).dir = "auto";
    }
    if (value.computed) root.append(make("p", "rule", value.computed));
  }
  let short = root.querySelector(".short");
  if (value.short && !short) {
    short = root.appendChild(make("p", "short"));
    const text = make("span", "", value.short);
    text.dir = "auto";
    short.append(text);
  }
  if (!short) return;
  short.querySelector(".cites")?.remove();
  short.append(" ", cites(value, value.cited || []));
};

const drawSureness = (root, value) => {
  if (!value.sureness || (value.busy && !value.whole) || root.querySelector(".sureness")) return;
  const line = make("p", "sureness", words[value.sureness]);
  const short = root.querySelector(".short");
  if (short) short.after(line);
  else root.insertBefore(line, root.querySelector("ol.quotes"));
};

const drawChips = (root, value) => {
  if (!value.chips?.length || root.querySelector(".applied")) return;
  const list = make("ul", "applied chips");
  list.setAttribute("aria-label", words.applied);
  for (const chip of value.chips) {
    const item = list.appendChild(make("li"));
    if (!chip.drop) {
      item.append(make("span", "chip", chip.text));
      continue;
    }
    const node = button("chip", chip.text, () => act({ again: value.id, ...chip.drop }));
    node.setAttribute("aria-label", chip.said);
    node.append(make("span", "cross", "×"));
    item.append(node);
  }
  root.prepend(list);
};

const drawRemarks = (root, value) => {
  if (!value.remarks?.length || root.querySelector(".remarks")) return;
  const line = make("p", "remarks isolated", value.remarks.join(" · "));
  const chips = root.querySelector(".applied");
  if (chips) chips.after(line);
  else root.prepend(line);
};

const drawValues = (root, value) => {
  if (!value.values?.length || root.querySelector(".values")) return;
  const section = make("section", "values");
  section.append(make("h3", "", value.contradicting ? words.values_same_time : words.values));
  const list = section.appendChild(make("ol"));
  for (const each of value.values) {
    const item = list.appendChild(make("li", each.newest ? "newest" : ""));
    const when = make("p", "when", each.when);
    if (each.newest) when.append(" ", make("span", "latest", words[each.newest]));
    const text = make("p", "value isolated", each.value);
    text.dir = "auto";
    item.append(when, text, cites(value, each.numbers));
  }
  root.insertBefore(section, root.querySelector("ol.quotes"));
};

const drawCounted = (root, value) => {
  if (!value.counted || root.querySelector(".counted")) return;
  const { label, articles, more } = value.counted;
  const details = root.appendChild(make("details", "counted"));
  const list = make("ol");
  for (const each of articles) {
    const opening = make("p", "isolated");
    opening.append(written(anchor("", each.title, each), each));
    list.appendChild(make("li")).append(byline(each), opening);
  }
  details.append(make("summary", "", label), list);
  if (more) details.append(make("p", "more", more));
};

// What a language model was asked: what it could not do, and what was sent to it.
const drawGeneration = (root, value) => {
  if (!value.generation || root.querySelector(".generation")) return;
  const { remark, label, sent } = value.generation;
  const section = root.appendChild(make("div", "generation"));
  if (remark) section.append(make("p", "isolated", remark));
  if (!label) return;
  const details = section.appendChild(make("details", "counted"));
  const list = make("ol");
  for (const each of sent) {
    const opening = make("p", "isolated");
    opening.append(written(anchor("", each.text, each), each));
    list.appendChild(make("li")).append(byline(each), opening);
  }
  details.append(make("summary", "", label), list);
};

const drawAbsence = (root, value) => {
  root.append(make("p", "absent", value.lead), make("p", "reason", value.absent));
  if (!value.near.length) return;
  const list = make("ol", "near");
  for (const passage of value.near) {
    const item = list.appendChild(make("li"));
    const opening = make("p", "opening");
    opening.append(anchor("open", words.open, passage));
    item.append(byline(passage), title(passage));
    item.append(written(make("p", "passage", passage.text), passage), opening);
  }
  root.append(make("h3", "", words.near), list);
};

const asText = (value) => {
  const lines = [value.question, ""];
  const numbers = (value.cited || []).map((number) => `[${number}]`).join("");
  if (value.short) lines.push(`${value.short} ${numbers}`, "");
  if (value.lead) lines.push([value.lead, value.absent].filter(Boolean).join(" "), "");
  for (const quote of value.quotes) {
    const archive = quote.archive && fill(words.of_archive, quote);
    const about = [quote.date, quote.source, quote.author, archive, quote.untitled ? "" : quote.title, quote.url];
    const at = absolute(quote);
    const place = (copy) => [copy.date, otherArchive(copy, quote)].filter(Boolean).join(", ");
    const copies = (quote.copies || []).map((each) => `${each.source} (${place(each)})`).join(", ");
    lines.push(`[${quote.number}] “${quote.quote}”`, about.filter(Boolean).join(" · "), at);
    lines.push(...(copies ? [`${words.also_in} ${copies}`, ""] : [""]));
  }
  return lines.join("\n").trim();
};

// The button that keeps a quote; none where it stands no longer, or its place is not known.
const keeping = ({ lang }, quote) => {
  const [start, end] = quote.at || (quote.headline ? [] : [quote.start, quote.end]);
  if (quote.since || end == null) return [];
  const field = quote.headline ? "title" : "text";
  const place = { archive: quote.archive, article_id: quote.article, field, start, end, text: quote.quote };
  const node = window.dateline.basket.keeping(place, lang, fill(window.dateline.baskets[lang].quote, quote));
  return node ? [node] : [];
};

const drawFoot = (root, value) => {
  root.querySelector(".foot")?.remove();
  root.querySelector(".go-on")?.remove();
  if (value.busy) return;
  const foot = make("div", "foot");
  const isJoint = Boolean(value.archives?.length);
  if (value.coverage && isJoint) foot.append(make("p", "coverage of-all", value.coverage));
  else if (value.coverage) {
    const shown = button("coverage", value.coverage, (event) => {
      tell("cited", value.months);
      tell("archive", { opener: event.currentTarget });
    });
    shown.title = words.show_archive;
    foot.append(shown);
  }
  const tools = make("p", "tools");
  tools.setAttribute("role", "group");
  tools.setAttribute("aria-label", words.tools);
  if (value.quotes.length || value.absent || value.lead) {
    tools.append(button("copy", words.copy, (event) => copy(asText(props.value), event.currentTarget, words.copied)));
  }
  const saving = value.quotes.length || value.absent ? window.dateline.keeping.saving(value) : null;
  if (saving) tools.append(saving.opener);
  // Followed questions and opinions are of one archive.
  const [follow, said] = saving && !isJoint ? window.dateline.following(value) : [];
  if (follow) tools.append(follow);
  tools.append(button("retry", words.retry, () => act({ again: value.id })));
  if (value.last) {
    tools.append(button("edit", words.edit, () => act({ edit: value.id, question: value.question })));
  }
  foot.append(tools);
  if (follow) foot.append(said);
  if (saving) {
    foot.append(saving.panel);
    if (!isJoint) foot.append(window.dateline.keeping.rating(value));
    for (const item of root.querySelectorAll("ol.quotes > li:not(:has(.rating, .keeping))")) {
      const quote = value.quotes[[...item.parentNode.children].indexOf(item)];
      item.append(...keeping(value, quote), ...(isJoint ? [] : [window.dateline.keeping.rating(value, quote.number)]));
    }
  }
  root.append(foot);
  if (saving && value.last) root.append(window.dateline.suggesting(value, act));
};

// On a slow machine Gradio may still hand over what it had got of an answer before it was stopped or asked anew, after what
// came instead. Of each answer, the newest run, and all runs that another one has replaced.
const { newest, replaced } = (window.dateline.runs ||= { newest: new Map(), replaced: new Set() });
const isReplaced = ({ id, run }) => {
  const before = newest.get(id);
  if (before !== run && !replaced.has(run)) {
    if (before) replaced.add(before);
    newest.set(id, run);
  }
  return replaced.has(run);
};

const draw = () => {
  const value = props.value;
  if (!value || isReplaced(value)) return;
  words = window.dateline.answer[value.lang];
  // Gradio names it "bot's message: a component of type html".
  const message = element.closest("[data-testid]");
  message?.setAttribute("role", "group");
  message?.setAttribute("aria-label", words.answer);
  const root = element.querySelector(".answer");
  // Gradio reuses this node for another message in the same place.
  const kind = value.remark != null ? "remark" : value.absent != null ? "absence" : "quotes";
  const drawn = [value.id, value.run, kind, Boolean(value.redrawn)].join(" ");
  const isKept = root.dataset.drawn === drawn && kind === "quotes";
  // While something is waited for, the same comes again; a redrawn answer would lose the focus.
  const state = JSON.stringify(value);
  if (root.drawnState === state && root.childElementCount) return;
  root.drawnState = state;
  const wasLast = root.dataset.last === String(Boolean(value.last));
  if (isKept && wasLast && root.getAttribute("aria-busy") === "false" && !value.busy) return;
  if (!isKept) root.replaceChildren();
  root.dataset.drawn = drawn;
  root.dataset.last = String(Boolean(value.last));
  root.lang = value.lang;
  root.setAttribute("aria-busy", String(value.busy));
  if (kind === "remark") root.append(make("p", value.busy ? "waiting" : "remark", value.remark));
  else if (kind === "absence") drawAbsence(root, value);
  else {
    drawShort(root, value);
    drawSureness(root, value);
    drawQuotes(root, value);
  }
  drawChips(root, value);
  drawRemarks(root, value);
  if (!value.busy || value.whole) drawValues(root, value);
  if (!value.busy || value.whole) drawCounted(root, value);
  drawGeneration(root, value);
  drawFoot(root, value);
  if (value.last) tell(value.busy ? "begun" : "ended", value.id);
  // The composer says that a language model still reads: it is in sight, however long the answer is.
  if (value.last) tell("reading", { lang: value.lang, text: value.busy && value.whole ? value.reading : "" });
  if (value.last) window.dateline.address.asked(value.address);
  if (!value.busy && value.last && value.months) tell("cited", value.months);
};
watch("value", draw);
draw();
