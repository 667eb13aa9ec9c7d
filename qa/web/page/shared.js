// What the scripts of all parts of the page share. Text only: no string ever becomes HTML.
window.dateline ||= (() => {
  const told = /* told */ {};
  // Gradio would name the language of the browser.
  const root = document.documentElement;
  const keepLanguage = () => root.lang !== told.language && (root.lang = told.language);
  new MutationObserver(keepLanguage).observe(root, { attributeFilter: ["lang"] });
  keepLanguage();
  document.head.appendChild(document.createElement("style")).textContent = told.style;

  const make = (tag, name, text) => {
    const node = document.createElement(tag);
    if (name) node.className = name;
    if (text != null) node.textContent = text;
    return node;
  };
  const button = (name, text, pressed) => {
    const node = make("button", name, text);
    node.type = "button";
    if (pressed) node.addEventListener("click", pressed);
    return node;
  };
  const fill = (text, values) =>
    text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));

  const webAddress = (text) => {
    try {
      const address = new URL(text);
      return ["http:", "https:"].includes(address.protocol) ? address.href : null;
    } catch {
      return null;
    }
  };

  // #/article/ID?quote=start-end, in characters as Python counts them; &archive=NAME of another archive.
  const link = ({ article, start, end, archive }) => {
    const more = [end > start && `quote=${start}-${end}`, archive && `archive=${encodeURIComponent(archive)}`];
    return `#/article/${encodeURIComponent(article)}${more.some(Boolean) ? `?${more.filter(Boolean).join("&")}` : ""}`;
  };
  // The page of an archive: this one, or that of another beside it.
  const pageOf = (archive) =>
    archive ? new URL(`../../${archive}/${told.language}/`, location.href.split(/[?#]/)[0]).href : location.origin + location.pathname;
  // Of the article alone, in its own archive: not of the question or search that led to it.
  const absolute = ({ archive, ...at }) => pageOf(archive) + link(at);
  const place = (hash) => {
    const found = /^#\/article\/([^?]+)(?:\?(?:quote=(\d{1,9})-(\d{1,9}))?&?(?:archive=([\w-]+))?$)?/.exec(hash);
    try {
      return found && {
        article: decodeURIComponent(found[1]),
        start: Number(found[2] || 0),
        end: Number(found[3] || 0),
        ...(found[4] ? { archive: found[4] } : {}),
      };
    } catch {
      return null;
    }
  };

  // Date, source and title of an article; every string of it is isolated, whatever its direction.
  const dated = (about) => {
    const time = make("time", "isolated", about.date);
    if (about.datetime) time.dateTime = about.datetime;
    return time;
  };
  const origins = (about, original) => {
    const found = [about.source, about.author]
      .filter(Boolean)
      .map((text) => make("span", "isolated", text));
    const address = about.url && webAddress(about.url);
    if (address) {
      const anchor = make("a", "", original);
      anchor.href = address;
      anchor.rel = "noopener noreferrer";
      anchor.target = "_blank";
      found.push(anchor);
    }
    return found;
  };
  const written = (node, about) => {
    node.dir = "auto";
    if (about.lang) node.lang = about.lang;
    return node;
  };

  const copy = async (text, node, said) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = make("textarea", "said");
      area.value = text;
      (node.closest("dialog") || document.body).append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
      node.focus();
    }
    if (node.dataset.before != null) return;
    node.dataset.before = node.textContent;
    node.textContent = said;
    setTimeout(() => {
      node.textContent = node.dataset.before;
      delete node.dataset.before;
    }, 1600);
  };

  // Bars as one stop of the Tab key; the arrow keys go from bar to bar.
  const timeline = (root, data, { chosen, cited, picked, words }) => {
    const focused = root.contains(document.activeElement) && document.activeElement.dataset.first;
    const most = Math.max(3, data.most || 0, ...data.bars.map((bar) => bar.count));
    root.setAttribute("role", "toolbar");
    root.setAttribute("aria-label", data.unit === "year" ? words.timeline_years : words.timeline);
    root.classList.toggle("dense", data.bars.length > 30);
    const bars = data.bars.map((bar) => {
      const node = button("bar", "", () => picked(bar));
      const isCited = cited.some((month) => bar.first.slice(0, 7) <= month && month <= bar.last);
      const isChosen = (chosen.since || chosen.until) &&
        (chosen.since || "") <= bar.last && bar.first <= (chosen.until || "9999");
      const said = fill(bar.count === 1 ? words.bar_one : words.bar, bar);
      node.setAttribute("aria-label", isCited ? `${said}, ${words.bar_cited}` : said);
      node.setAttribute("aria-pressed", String(Boolean(isChosen)));
      node.title = said;
      node.dataset.first = bar.first;
      node.tabIndex = -1;
      node.disabled = !bar.count;
      node.classList.toggle("cited", isCited);
      const column = make("span", "height");
      column.style.height = bar.count ? `${Math.max(6, Math.round((100 * bar.count) / most))}%` : "0";
      node.append(column);
      if (bar.mark) node.append(make("span", "mark-year", bar.mark));
      return node;
    });
    root.replaceChildren(...bars);
    // The newest are seen first where there is no room for all; edges tell that there are more.
    const mark = () => {
      root.classList.toggle("earlier", root.scrollLeft > 1);
      root.classList.toggle("later", root.scrollLeft + root.clientWidth < root.scrollWidth - 1);
    };
    let isAtEnd = !focused;
    const settle = () => {
      if (isAtEnd) root.scrollLeft = root.scrollWidth;
      mark();
    };
    root.onscroll = () => {
      mark();
      isAtEnd = !root.classList.contains("later");
    };
    // Bars that were drawn out of sight, or on a wider screen, have their end to find yet.
    root.resizes?.disconnect();
    root.resizes = new ResizeObserver(settle);
    root.resizes.observe(root);
    settle();
    const usable = bars.filter((bar) => !bar.disabled);
    const current = usable.find((bar) => bar.dataset.first === focused) ||
      usable.find((bar) => bar.getAttribute("aria-pressed") === "true") || usable[0];
    if (current) current.tabIndex = 0;
    if (focused && current) current.focus({ preventScroll: true });
    root.onkeydown = (event) => {
      const at = usable.indexOf(document.activeElement);
      const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: usable.length - 1 }[event.key];
      if (at < 0 || to == null || !usable[to]) return;
      event.preventDefault();
      usable[at].tabIndex = -1;
      usable[to].tabIndex = 0;
      usable[to].focus();
    };
  };

  // What is printed names its archives where the server has several; on a screen, the choice among them does.
  const nameOnPaper = (node, { several, archive }, also = []) => {
    const [word, names] = [also.length ? told.frame.archives : told.frame.archive, [archive, ...also]];
    node.textContent = `${word}: ${names.join(", ")}`;
    node.hidden = !several;
  };

  // Who asks, and what that allows; asked for once, and again where a busy server gave no answer.
  const here = new URL("../me", location.href.split(/[?#]/)[0]);
  const identify = async ([pause, ...later] = [1_000, 4_000, 16_000]) => {
    const answer = await fetch(here).catch(() => null);
    if (answer?.ok) return answer.json();
    if (!pause || answer?.status === 401) return null;
    await new Promise((resolve) => setTimeout(resolve, pause));
    return identify(later);
  };
  let known = null;
  const me = () => (known ||= identify());

  const tell = (name, detail) => document.dispatchEvent(new CustomEvent(`dateline:${name}`, { detail }));
  const hear = (name, heard) =>
    document.addEventListener(`dateline:${name}`, (event) => heard(event.detail));

  hear("cited", (months) => (window.dateline.cited = months));

  // Gradio says in English, and shortly, that something was not taken; or nothing at all.
  const TROUBLES = { 401: "signed_out", 429: "slow_down", 503: "busy" };
  const STATES = { stopping: "stopping", "no-role": "no_role" };
  const refused = (answer) => STATES[answer?.headers.get("Dateline-State")] || TROUBLES[answer?.status];
  const refusals = new Map(); // by the function of the server: some are called in the background
  const asked = (given) => {
    try {
      return JSON.parse(given[1].body);
    } catch {
      return {};
    }
  };
  const troubled = (address, given, trouble) => {
    if (/\/component_server\b/.test(address)) refusals.set(asked(given).fn_name, trouble);
    const { data, event_data: pressed } = /\/run\/predict\b/.test(address) ? asked(given) : {};
    // Not a look at the state of the archive, which nobody asked for.
    if (/\/queue\/(join|data)\b/.test(address) || data?.length || pressed) tell("trouble", trouble || "lost");
    if (pressed?.conversation) tell("kept", pressed.conversation);
  };
  const fetched = window.fetch.bind(window);
  window.fetch = async (...given) => {
    const address = String(given[0]?.url || given[0]);
    try {
      const answer = await fetched(...given);
      if (!answer.ok) troubled(address, given, refused(answer));
      return answer;
    } catch (error) {
      if (error?.name !== "AbortError") troubled(address, given, null);
      throw error;
    }
  };

  let serve; // the panel brings the functions of the server
  const server = new Promise((resolve) => (serve = resolve));
  const call = async (name, given) => {
    const functions = await server;
    refusals.delete(name);
    const got = await Promise.resolve(functions[name](given)).catch(() => null);
    return got && typeof got === "object" ? got : { error: told.frame[refusals.get(name) || "unreachable"] };
  };

  return {
    call, serve, words: told.frame, answer: told.answer, finder: told.finder, help: told.help, topic: told.topic, past: told.past, baskets: told.baskets, keeps: told.keeps, saved: told.saved, language: told.language, suffixes: told.suffixes,
    formats: told.formats, bounds: {}, cited: [],
    refused, make, button, fill, link, pageOf, absolute, place, dated, origins, written, copy, timeline, nameOnPaper, me, tell, hear,
  };
})();
