// A page that is loaded again with a conversation: its head is short from the first moment, so that nothing jumps.
window.dateline.awaited ||= (() => {
  const { address, hear } = window.dateline;
  const root = document.documentElement;
  const KEPT = `dateline:conversation/turns:${location.pathname.replace(/(nl|en)\/?$/, "")}`;
  const LONGEST = 10_000; // milliseconds until the page is shown as it is, whatever came

  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(KEPT)) || {};
    } catch {
      return {};
    }
  };
  // How many questions the conversation has, and the address of the last one.
  const note = () => {
    const turns = document.querySelectorAll("#chat .asked").length;
    try {
      if (turns) localStorage.setItem(KEPT, JSON.stringify({ turns, asked: address.ask() }));
      else localStorage.removeItem(KEPT);
    } catch {
      // without storage, a conversation lasts as long as the page
    }
  };
  const came = () => delete root.dataset.awaited;

  const { turns = 0, asked = "" } = read();
  const opened = address.read(location.search);
  const isAsked = opened.view === "ask" && Boolean(opened.ask) && !opened.isWrong;
  const expected = turns + Number(isAsked && location.search !== asked);
  // Of several questions the newest is scrolled to, so the head is out of sight: it is not shown before.
  if (expected > 0) root.dataset.awaited = expected > 1 ? "many" : "one";
  setTimeout(came, LONGEST);

  const arrived = () => {
    came();
    requestAnimationFrame(note); // the address has been told by then
  };
  for (const name of ["begun", "ended", "kept"]) hear(name, arrived);
  hear("trouble", came);
  hear("answered", () => document.querySelector(".message-row") || arrived()); // the server knows of nothing
  hear("forget", () => requestAnimationFrame(note));

  return true;
})();
