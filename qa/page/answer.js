// Draws an answer out of plain strings. Text only: no string ever becomes HTML.
const make = (tag, name, text) => {
  const node = document.createElement(tag);
  if (name) node.className = name;
  if (text != null) node.textContent = text;
  return node;
};

const webAddress = (text) => {
  try {
    const address = new URL(text);
    return ["http:", "https:"].includes(address.protocol) ? address.href : null;
  } catch {
    return null;
  }
};

// „title” and date; every string of an article is isolated, whatever its direction.
const byline = (about, words, tag, number) => {
  const line = make(tag, "byline");
  if (number === 1) line.append(words.lead, " ");
  line.append(make("cite", "isolated", about.title));
  const time = make("time", "isolated", about.date);
  if (about.datetime) time.dateTime = about.datetime;
  line.append(" ", time);
  return line;
};

const origin = (about, words) => {
  const line = make("p", "origin");
  for (const text of [about.source, about.author]) {
    if (text) line.append(make("span", "isolated", text));
  }
  const address = about.url && webAddress(about.url);
  if (address) {
    const link = make("a", "", words.original);
    link.href = address;
    link.rel = "noopener noreferrer";
    link.target = "_blank";
    line.append(link);
  }
  return line;
};

const written = (node, about) => {
  node.dir = "auto";
  if (about.lang) node.lang = about.lang;
  return node;
};

const addQuote = (item, quote, words) => {
  const block = written(make("blockquote", "quote"), quote);
  quote.marked.forEach((text, index) => {
    block.append(index === 1 ? make("strong", "found", text) : text);
  });
  item.append(block, origin(quote, words));
  if (!(quote.before + quote.after).trim()) return;
  const details = make("details", "around");
  const passage = written(make("p", "passage"), quote);
  passage.append(quote.before, make("mark", "", quote.quote), quote.after);
  details.append(make("summary", "", words.passage), passage);
  item.append(details);
};

const drawQuotes = (root, value) => {
  if (value.short && !root.querySelector(".short")) {
    const short = make("p", "short", value.short);
    short.dir = "auto";
    root.append(short);
  }
  const list = root.querySelector("ol.quotes") || root.appendChild(make("ol", "quotes"));
  value.quotes.forEach((quote, index) => {
    let item = list.children[index];
    if (!item) {
      item = list.appendChild(make("li"));
      const number = make("span", "number");
      number.append(make("span", "said", `${value.words.quote} `), String(quote.number));
      item.append(number, byline(quote, value.words, "p", quote.number));
    }
    if (quote.quote !== null && !item.querySelector("blockquote")) {
      addQuote(item, quote, value.words);
    }
  });
};

const drawAbsence = (root, value) => {
  root.append(make("p", "absent", value.words.absent), make("p", "reason", value.absent));
  if (!value.near.length) return;
  const list = make("ol", "near");
  for (const passage of value.near) {
    const item = make("li");
    item.append(byline(passage, value.words, "p"));
    item.append(written(make("p", "passage", passage.text), passage));
    item.append(origin(passage, value.words));
    list.append(item);
  }
  root.append(make("h3", "", value.words.near), list);
};

const draw = () => {
  const value = props.value;
  if (!value) return;
  // Gradio names it "bot's message: a component of type html".
  const message = element.closest("[data-testid]");
  message?.setAttribute("role", "group");
  message?.setAttribute("aria-label", value.label);
  const root = element.querySelector(".answer");
  // Gradio reuses this node for another message in the same place.
  const kind = value.remark != null ? "remark" : value.absent != null ? "absence" : "quotes";
  const drawn = `${value.id} ${kind}`;
  if (root.dataset.drawn !== drawn || kind !== "quotes") root.replaceChildren();
  root.dataset.drawn = drawn;
  root.lang = value.lang;
  root.setAttribute("aria-busy", String(value.busy));
  if (kind === "remark") root.append(make("p", value.busy ? "waiting" : "remark", value.remark));
  else if (kind === "absence") drawAbsence(root, value);
  else drawQuotes(root, value);
};
watch("value", draw);
draw();
