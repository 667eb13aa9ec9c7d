// The state of a view is the address of the page: what is searched for or was asked, and its bounds.
window.dateline.address = (() => {
  const { tell, trail, finder: words, language } = window.dateline;
  const DAYS = { since: false, until: true, as_of: true };
  const SWITCHES = { inferred: true, undated: false };
  const LISTS = { sources: "source", sections: "section", authors: "author", languages: "language" };
  const MOST_NAMES = 100; // of a list: the server refuses more
  const NO_NAMES = { sources: [], sections: [], authors: [], languages: [] };
  const NONE = { since: "", until: "", as_of: "", inferred: true, undated: false, new_after: "", ...NO_NAMES };
  const MOST_COMPARED = 4; // queries: the server refuses more
  const FACETS = ["year", "month", "day", "weekday", "source", "section", "author", "language"];
  const NO_TABLE = { rows: "", columns: "" };
  const NOTHING = { find: "", timeline: "", ...NONE, also: [], compare: [], ...NO_TABLE, order: "date", page: 1 };
  const ARCHIVE = /^[\w-]{1,64}$/;
  const NUMBER = /^[1-9]\d{0,8}$/;
  const ORDERS = ["date", "newest", "left", "right", "source", "article"];

  // The first or last day of what an address writes: a day, month or year. `null` if it is none.
  const wholeDay = (written, isLast) => {
    const found = /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?$/.exec(written);
    if (!found) return null;
    const [, year, month = isLast ? "12" : "01", day] = found;
    const last = new Date(Date.UTC(2000, Number(month), 0));
    last.setUTCFullYear(Number(year), Number(month), 0);
    const text = `${year}-${month}-${day || (isLast ? String(last.getUTCDate()).padStart(2, "0") : "01")}`;
    const date = new Date(`${text}T00:00:00Z`);
    return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) ? text : null;
  };

  const names = new Intl.DisplayNames([language], { type: "language", fallback: "none" });
  // The name of a language; "" if there is none with this code.
  const languageName = (code) => {
    try {
      return names.of(code) || "";
    } catch {
      return "";
    }
  };

  const read = (search) => {
    const given = new URLSearchParams(search);
    const view = ["find", "timeline"].find((name) => given.has(name)) || "ask";
    const state = { view, ...NOTHING, isWrong: false };
    for (const name of ["find", "timeline", "ask"]) state[name] = given.get(name) || "";
    for (const [name, isLast] of Object.entries(DAYS)) {
      const written = given.get(name) || "";
      const day = written && wholeDay(written, isLast);
      if (day === null) state.isWrong = true;
      state[name] = day || "";
    }
    for (const [name, usual] of Object.entries(SWITCHES)) {
      const written = given.get(name);
      if (![null, "0", "1"].includes(written)) state.isWrong = true;
      state[name] = written === null ? usual : written === "1";
    }
    for (const [list, name] of Object.entries(LISTS)) {
      const asked = [...new Set(given.getAll(name).filter(Boolean))];
      const known = asked.filter((each) => list !== "languages" || languageName(each));
      state[list] = view === "ask" ? known.slice(0, MOST_NAMES) : known; // else the server tells it
      if (state[list].length < asked.length) state.isWrong = true;
    }
    // Archives that are asked or searched together with that of the page.
    state.also = [...new Set(given.getAll("also"))].filter((each) => ARCHIVE.test(each)).slice(0, MOST_NAMES);
    state.compare = view === "find" ? [...new Set(given.getAll("compare").map((each) => each.trim()).filter((each) => each && each !== state.find))] : [];
    for (const name of Object.keys(NO_TABLE)) {
      const facet = (view === "find" && given.get(name)) || "";
      if (facet && !FACETS.includes(facet)) state.isWrong = true;
      else state[name] = facet;
    }
    const order = given.get("order") ?? "date";
    const page = given.get("p") ?? "1";
    const isPage = NUMBER.test(page);
    if (view === "find" && !(ORDERS.includes(order) && isPage)) state.isWrong = true;
    const after = view === "find" ? given.get("new_after") || "0" : "0";
    if (after !== "0" && !NUMBER.test(after)) state.isWrong = true;
    state.new_after = NUMBER.test(after) ? after : "";
    state.order = ORDERS.includes(order) ? order : "date";
    state.page = isPage ? Number(page) : 1;
    return state;
  };

  const written = (state) => {
    const found = new URLSearchParams({ [state.view]: state[state.view] });
    for (const name of Object.keys(DAYS)) if (state[name]) found.set(name, state[name]);
    for (const [name, usual] of Object.entries(SWITCHES)) {
      if (state[name] !== usual) found.set(name, state[name] ? "1" : "0");
    }
    for (const [list, name] of Object.entries(LISTS)) for (const each of state[list]) found.append(name, each);
    for (const each of state.also) found.append("also", each);
    if (state.view !== "find") return `?${found}`;
    for (const each of state.compare) found.append("compare", each);
    for (const name of Object.keys(NO_TABLE)) if (state[name]) found.set(name, state[name]);
    if (state.new_after) found.set("new_after", state.new_after);
    if (state.order !== "date") found.set("order", state.order);
    if (state.page !== 1) found.set("p", String(state.page));
    return `?${found}`;
  };

  let shown = location.search; // the search part of the address that the views show
  let asked = null; // of the last question of the conversation
  const last = { find: "?find=", timeline: "?timeline=" }; // addresses of the other views
  const titles = { find: words.find_view, timeline: words.timeline_view };
  const link = (search) => location.pathname + search;

  const mark = () => {
    const state = read(location.search);
    document.documentElement.dataset.view = state.view;
    if (state.view in last) last[state.view] = location.search;
    return state;
  };
  mark();

  const show = () => {
    const state = mark();
    if (state.view === "ask" && asked !== null && location.search !== asked) {
      history.replaceState(history.state, "", link(asked) + location.hash);
    }
    document.title = state.view in titles ? `${titles[state.view]} – Dateline` : "Dateline";
    if (shown === location.search) return tell("place");
    shown = location.search;
    tell("state", state);
    tell("place");
  };

  const go = async (search) => {
    await trail.closed();
    const to = link(search);
    if (search === location.search) history.replaceState(null, "", to);
    else history.pushState(null, "", to);
    shown = null;
    show();
  };

  return {
    read, written, go, show, wholeDay, languageName, MOST_NAMES, MOST_COMPARED, NO_NAMES, NONE, NOTHING, ORDERS, FACETS, NO_TABLE,
    ask: () => asked ?? "",
    find: () => last.find,
    timeline: () => last.timeline,
    // The address of the last question, "" of a conversation that has none.
    asked: (search) => {
      asked = search;
      if (document.documentElement.dataset.view === "ask") show();
    },
  };
})();
window.addEventListener("popstate", () => window.dateline.address.show());
