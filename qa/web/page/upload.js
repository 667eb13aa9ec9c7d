// Adding articles from the page. Text only: no string ever becomes HTML.
window.dateline.adding ||= (root, changed) => {
  const { words, make, fill, suffixes } = window.dateline;
  const find = (selector) => root.querySelector(selector);
  const [status, bar, list] = [".add-status", "progress", ".add-refused"].map(find);
  const address = (name = "") => new URL(`../articles${name}`, location.href.split(/[?#]/)[0]).href;
  const MOST_BYTES = 100_000_000;
  const MOST_FILES = 1000;
  const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

  const tell = (text, isBusy = false) => {
    if (status.textContent !== text) status.textContent = text;
    bar.hidden = !isBusy;
    for (const button of root.querySelectorAll(".add")) button.disabled = isBusy;
  };

  const drawProgress = ({ read, size, encoded, cut }) => {
    if (read < size || !cut) bar.removeAttribute("value");
    else bar.value = Math.min(1, encoded / cut);
  };

  const drawReport = (state) => {
    const troubles = { locked: words.add_locked, failed: `${words.failed} ${state.message}` };
    const counts = { refused_count: state.refused_count, ...state.report };
    tell(state.report ? fill(words.added, counts) : troubles[state.trouble] || words.add_failed);
    list.replaceChildren(...state.refused.map(({ path, line, reason }) => {
      const item = make("li");
      const where = line ? `${path}, ${fill(words.add_line, { line })}` : path;
      item.append(make("span", "isolated", where), ": ", make("span", "isolated", reason));
      return item;
    }));
  };

  const follow = async (id) => {
    for (;;) {
      const state = await (await fetch(address(`/${id}`))).json();
      if (!("done" in state)) return tell(words.add_failed);
      drawProgress(state);
      if (state.done) {
        drawReport(state);
        return state.report ? changed(state.articles) : null;
      }
      await wait(500);
    }
  };

  const send = async (files) => {
    list.replaceChildren();
    const size = files.reduce((sum, file) => sum + file.size, 0);
    if (size > MOST_BYTES || files.length > MOST_FILES) return tell(words.add_large);
    tell(words.sending, true);
    bar.removeAttribute("value");
    const form = new FormData();
    for (const file of files) form.append("files", file, file.webkitRelativePath || file.name);
    try {
      const answer = await fetch(address(), { method: "POST", body: form });
      const troubles = { 401: words.signed_out, 409: words.add_busy, 413: words.add_large, 429: words.slow_down };
      if (!answer.ok) return tell(troubles[answer.status] || words.add_failed);
      tell(words.adding, true);
      await follow((await answer.json()).id);
    } catch {
      tell(words.add_failed);
    }
  };

  root.hidden = false;
  find(".add-hint").textContent = words.add_hint;
  bar.setAttribute("aria-label", words.add);
  const offer = (opener, input, said, isWanted) => {
    find(opener).textContent = said;
    find(input).setAttribute("aria-label", said);
    find(opener).addEventListener("click", () => find(input).click());
    find(input).addEventListener("change", async () => {
      const files = [...find(input).files].filter(isWanted);
      find(input).value = "";
      if (files.length) await send(files);
      else tell(words.add_none);
    });
  };
  offer(".add", ".files", words.add, () => true);
  const isKnown = ({ name }) => suffixes.some((each) => name.toLowerCase().endsWith(each));
  offer(".add-folder", ".folder", words.add_folder, isKnown); // in a folder, the rest is passed over
};
