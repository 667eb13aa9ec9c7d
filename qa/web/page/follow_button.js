// The button that follows a question, below its answer. Text only: no string ever becomes HTML.
window.dateline.following ||= (() => {
  const { answer: languages, saved, keeps, make, button, address, tell, personal } = window.dateline;
  const { send } = personal.calls("searches", saved);
  const followed = new Set(); // the addresses of the questions that are followed since this page was loaded

  // A name of a search is one line that can be printed.
  const name = (question) => {
    const line = question.split(/\s+/).join(" ").replace(/\p{C}/gu, "").trim();
    return [...line].slice(0, 100).join("");
  };

  return (value) => {
    if (!keeps || !value.address) return [];
    const words = languages[value.lang];
    const state = address.read(value.address);
    if (value.standalone) state.ask = value.standalone; // a follow-up says too little by itself
    const to = address.written(state).slice(1);
    const said = make("span", "follow-said");
    said.setAttribute("role", "status");
    const node = button("follow", words.follow, async () => {
      if (node.isAsking || followed.has(to)) return; // not disabled: that would take the focus away
      node.isAsking = true;
      const got = await send("", "POST", { name: name(state.ask), address: to });
      node.isAsking = false;
      const refused = { 409: "follow_taken", 422: "follow_refused", 507: "follow_full" }[got.status];
      said.textContent = got.error ? words[refused] || got.error : words.followed;
      if (got.error) return;
      followed.add(to);
      draw();
      tell("followed");
    });
    const draw = () => node.setAttribute("aria-pressed", String(followed.has(to)));
    draw();
    return [node, said];
  };
})();
