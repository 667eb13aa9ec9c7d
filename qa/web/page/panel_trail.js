// The open panel is an entry of its own in the browser's history, so that Back closes it. An entry
// holds the `part` that is shown, `depth`: how many entries lie between it and the page without a
// panel, and `from`: the part that Back returns to inside the panel.
window.dateline.trail = (() => {
  const { place } = window.dateline;
  let leaving = null; // until the browser has gone back to the page without a panel
  let depth = history.state?.side?.depth || 0;

  const here = () => history.state?.side;
  const bare = () => location.pathname + location.search;
  const clear = () => history.replaceState(null, "", bare());
  const keep = (side, address) => {
    depth = side.depth;
    history.replaceState({ side }, "", address);
  };

  // A part is shown, `address` leads to it (none: the page's own does).
  const enter = async (part, { address = bare(), isOpen, from = null, isStep = false }) => {
    await leaving;
    if (address.startsWith("#")) address = bare() + address; // Gradio's page has a base without the search
    const now = here();
    // What is opened inside the panel comes above it; one clue to a date, in the place of another.
    const isDeeper = !isOpen || (from && !(from === "article" && now?.from === from));
    const side = { part, depth: (now?.depth || 0) + (isDeeper ? 1 : 0), from: isStep ? now?.from : from };
    if (isDeeper) history.pushState(null, "", address);
    keep(side, address);
  };

  // The panel was closed: nothing of it stays for Back to stop at.
  const leave = () => {
    if (!here()?.depth) return place(location.hash) && clear();
    leaving = new Promise((done) => {
      window.addEventListener("popstate", done, { once: true });
      setTimeout(done, 1000);
    }).then(() => {
      leaving = null;
      if (place(location.hash)) clear(); // the page was opened with this link
    });
    history.go(-depth);
  };

  // Tell what to show wherever Back, Forward, a link or a reload leads: a place, the archive, the
  // kept conversations or quotes, or (`null`) no panel at all.
  const follow = (shown) => {
    const look = (isFirst) => {
      if (leaving) return;
      const linked = place(location.hash);
      // A link has no entry of ours yet. Only that which opened the page has none below it.
      if (linked && !here()) keep({ part: "source", depth: isFirst ? 0 : depth + 1, from: null }, location.href);
      depth = here()?.depth || 0;
      const part = here()?.part;
      shown(linked || (["archive", "history", "basket"].includes(part) ? part : null));
    };
    window.addEventListener("popstate", () => look(false));
    look(true);
  };

  // Close the panel, and wait until the browser is back at the page without it.
  const closed = async () => {
    const dialog = document.querySelector("dialog.side");
    if (dialog?.open) {
      const done = new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
      window.dateline.tell("close");
      await done;
    }
    await leaving;
  };

  return { enter, leave, follow, closed, from: () => here()?.from };
})();
