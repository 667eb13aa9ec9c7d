// Adding articles from the page: files are sent, looked at, and taken in when the reader says so.
window.dateline.adding ||= (root, changed) => {
  const { words, fill, suffixes, formats, language, foundView } = window.dateline;
  const find = (selector) => root.querySelector(selector);
  const [status, bar, heading] = [".add-status", "progress", ".add-heading"].map(find);
  const [decide, takeIn, drop, order] = [".add-decide", ".take-in", ".drop", ".add-order"].map(find);
  const view = foundView(root);
  const address = (name = "") => new URL(`../articles${name}`, location.href.split(/[?#]/)[0]).href;
  const MOST_BYTES = 100_000_000;
  const MOST_FILES = 1000;
  const MILLISECONDS_BETWEEN_LOOKS = 60_000; // the server drops the files of a page that is gone
  const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  let undecided = null; // the id of files that the server holds, and may drop
  let opener = null;
  let looking;

  const tell = (text, isBusy = false) => {
    if (status.textContent !== text) status.textContent = text;
    bar.hidden = !isBusy;
    for (const button of root.querySelectorAll(".add")) button.disabled = isBusy;
  };

  const drawProgress = ({ read, size, encoded, cut }) => {
    if (read < size || !cut) bar.removeAttribute("value");
    else bar.value = Math.min(1, encoded / cut);
  };

  // What is typed elsewhere meanwhile is not interrupted.
  const focusOn = (node) => {
    if (document.activeElement?.matches("input, textarea")) return;
    node.focus({ preventScroll: true });
    node.scrollIntoView({ block: "start" });
  };

  // The buttons: none, one that ends the reading, or those that decide about what was read.
  const offer = (isReady, { isEmpty = false, isReading = false } = {}) => {
    root.classList.toggle("deciding", isReady);
    heading.hidden = !isReady;
    heading.textContent = isEmpty ? words.preview_none : words.preview;
    decide.hidden = !isReady && !isReading;
    takeIn.hidden = !isReady || isEmpty;
    drop.textContent = isReading ? words.cancel : isEmpty ? words.close : words.drop;
    takeIn.disabled = drop.disabled = false;
    if (isReady) Object.assign(root, { role: "region" }).setAttribute("aria-labelledby", heading.id);
    else for (const name of ["role", "aria-labelledby"]) root.removeAttribute(name);
  };

  const settle = (text) => {
    clearInterval(looking);
    undecided = null;
    view.clear();
    offer(false);
    tell(text);
    focusOn(opener?.isConnected ? opener : status);
  };

  const look = (id) => fetch(address(`/${id}?language=${language}`));
  const keepLooking = (id) => {
    clearInterval(looking);
    looking = setInterval(async () => {
      const answer = await look(id).catch(() => null);
      if (answer?.status === 404 && undecided === id) settle(words.preview_gone);
    }, MILLISECONDS_BETWEEN_LOOKS);
  };

  const drawPreview = (id, state, isChosen) => {
    undecided = id;
    view.drawPreview(state);
    offer(true, { isEmpty: !state.preview.count });
    const nothingYet = state.preview.count ? words.preview_nothing_yet : "";
    tell([state.trouble === "locked" ? words.add_locked : "", view.summary(state), nothingYet].filter(Boolean).join(" "));
    const chosen = isChosen && order.querySelector(":checked");
    if (chosen) chosen.focus();
    else focusOn(heading);
    keepLooking(id);
  };

  const drawReport = (state) => {
    offer(false);
    const troubles = { locked: words.add_locked, failed: `${words.failed} ${state.message}` };
    const counts = { refused_count: state.refused_count, ...state.report };
    tell(state.report ? fill(words.added, counts) : troubles[state.trouble] || words.add_failed);
    view.drawReport(state);
  };

  const follow = async (id, isChosen = false) => {
    for (;;) {
      const answer = await look(id);
      const state = await answer.json();
      if (!("done" in state)) return undecided === id && settle(words.preview_gone);
      drawProgress(state);
      if (state.waiting) return drawPreview(id, state, isChosen);
      if (state.done) {
        undecided = null;
        drawReport(state);
        return state.report ? changed(state.articles) : null;
      }
      await wait(500);
    }
  };

  const send = async (files) => {
    view.clear();
    const size = files.reduce((sum, file) => sum + file.size, 0);
    if (size > MOST_BYTES || files.length > MOST_FILES) return tell(words.add_large);
    tell(words.sending, true);
    bar.removeAttribute("value");
    const form = new FormData();
    for (const file of files) form.append("files", file, file.webkitRelativePath || file.name);
    try {
      const answer = await fetch(address("?dry_run=true"), { method: "POST", body: form });
      const troubles = { 401: words.signed_out, 409: words.add_busy, 413: words.add_large, 429: words.slow_down };
      if (answer.status === 507) return tell((await answer.json()).texts?.[language] || words.add_failed);
      if (!answer.ok) return tell(troubles[answer.status] || words.add_failed);
      const { id } = await answer.json();
      undecided = id;
      tell(words.reading, true);
      offer(false, { isReading: true });
      await follow(id);
    } catch {
      settle(words.add_failed);
    }
  };

  // Ask the server for something about the files; tell if it could not be done.
  const ask = async (method, how, done) => {
    const id = undecided;
    takeIn.disabled = drop.disabled = true;
    const answer = await fetch(address(`/${id}${how}`), { method }).catch(() => null);
    if (answer?.ok) return done(id);
    if (answer && [404, 409].includes(answer.status)) return settle(words.preview_gone);
    takeIn.disabled = drop.disabled = false;
    const troubles = { 401: words.signed_out, 429: words.slow_down };
    tell(troubles[answer?.status] || words.preview_undone);
  };
  takeIn.addEventListener("click", () => ask("POST", "", async (id) => {
    clearInterval(looking);
    undecided = null; // from now on it goes on without the page
    view.clear();
    offer(false);
    tell(words.adding, true);
    focusOn(status);
    await follow(id).catch(() => tell(words.unreachable));
  }));
  order.addEventListener("change", async ({ target }) => {
    order.disabled = true;
    await ask("PATCH", `?date_order=${target.value}`, async (id) => {
      tell(words.reading, true);
      offer(false, { isReading: true });
      await follow(id, true).catch(() => settle(words.add_failed));
    });
    order.disabled = false;
    // If it was not read so after all, the choice is what it was.
    for (const each of order.querySelectorAll("input")) each.checked = each.defaultChecked;
  });
  drop.addEventListener("click", () => ask("DELETE", "", () => settle(words.preview_dropped)));
  window.addEventListener("pagehide", () => {
    if (undecided) fetch(address(`/${undecided}`), { method: "DELETE", keepalive: true }).catch(() => null);
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && undecided) settle(words.preview_gone);
  });

  root.hidden = false;
  find(".add-hint").textContent = fill(words.add_hint, formats);
  takeIn.textContent = words.take_in;
  bar.setAttribute("aria-label", words.add);
  offer(false);
  const choose = (button, input, said, isWanted) => {
    find(button).textContent = said;
    find(input).setAttribute("aria-label", said);
    find(button).addEventListener("click", () => find(input).click());
    find(input).addEventListener("change", async () => {
      opener = find(button);
      const files = [...find(input).files].filter(isWanted);
      find(input).value = "";
      if (files.length) await send(files);
      else tell(words.add_none);
    });
  };
  choose(".add", ".files", words.add, () => true);
  const isKnown = ({ name }) => suffixes.some((each) => name.toLowerCase().endsWith(each));
  choose(".add-folder", ".folder", words.add_folder, isKnown); // in a folder, the rest is passed over
};
