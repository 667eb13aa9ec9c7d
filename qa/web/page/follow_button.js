// The button that follows a question, below its answer. Text only: no string ever becomes HTML.
window.dateline.following ||= (() => {
  const { answer: languages, saved, keeps, make, button, fill, address, tell, hear, personal } = window.dateline;
  const { ask, send } = personal.calls("searches", saved);
  const MOST_NAMES = 9; // "Wie won?", "Wie won? (2)" and so on
  const known = new Map(); // by the address of a question that is followed: its name

  const whole = (written) => address.written(address.read(`?${written}`)).slice(1);
  const drawn = () => document.querySelectorAll("button.follow");
  const know = (searches) => {
    known.clear();
    for (const { kind, name, address: to } of searches) if (kind === "question" && to) known.set(whole(to), name);
    for (const node of drawn()) node.redraw?.();
  };
  hear("searches", know);

  let asked = null; // once, by the first button
  const load = async () => {
    const got = await ask("?kind=question");
    if (!got.error) know(got.searches);
  };

  // A name of a search is one line that can be printed. Another one may have it: then it gets a number.
  const named = (question, number) => {
    const line = question.split(/\s+/).join(" ").replace(/\p{C}/gu, "").trim();
    const behind = number > 1 ? ` (${number})` : "";
    return [...line].slice(0, 100 - behind.length).join("").trim() + behind;
  };
  const follow = async (question, to, number = 1) => {
    const got = await send("", "POST", { name: named(question, number), address: to });
    return got.status === 409 && number < MOST_NAMES ? follow(question, to, number + 1) : { ...got, number };
  };

  return (value) => {
    if (!keeps || !value.address) return [];
    const words = languages[value.lang];
    const state = address.read(value.address);
    if (value.standalone) state.ask = value.standalone; // a follow-up says too little by itself
    state.ask = state.ask.trim();
    const to = address.written(state).slice(1);
    const said = make("span", "follow-said");
    said.setAttribute("role", "status");
    const node = button("follow", words.follow, async () => {
      if (known.has(to)) return tell("show-followed", { name: known.get(to) });
      if (node.isAsking) return; // not disabled: that would take the focus away
      node.isAsking = true;
      const got = await follow(state.ask, to);
      node.isAsking = false;
      const refused = { 409: "follow_taken", 422: "follow_refused", 507: "follow_full" }[got.status];
      const done = got.number > 1 ? fill(words.followed_as, got) : words.followed;
      said.textContent = got.error ? words[refused] || got.error : done;
      if (got.error) return;
      known.set(to, got.name);
      for (const each of drawn()) each.redraw?.();
      tell("followed");
    });
    node.redraw = () => {
      const isFollowed = known.has(to);
      if (!isFollowed && node.classList.contains("is-followed")) said.textContent = "";
      node.classList.toggle("is-followed", isFollowed);
      node.textContent = isFollowed ? words.follows : words.follow;
      if (isFollowed) node.setAttribute("aria-label", words.follows_this);
      else node.removeAttribute("aria-label");
    };
    node.redraw();
    asked ||= load();
    return [node, said];
  };
})();
