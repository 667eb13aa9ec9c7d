// Adding articles from the page. Text only: no string ever becomes HTML.
window.dateline.adding ||= (root, changed) => {
  const { words, make, fill, suffixes } = window.dateline;
  const find = (selector) => root.querySelector(selector);
  const [status, bar, list, aside] = [".add-status", "progress", ".add-refused", ".add-aside"].map(find);
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

  const isolated = (text, isEnglish) => {
    const node = make("span", "isolated", text);
    if (isEnglish) node.lang = "en"; // the reasons of the archive are in English
    return node;
  };

  // A list of what was left aside: folded, as it may be long.
  const addFolded = (count, one, many, items) => {
    if (!items.length) return;
    const details = aside.appendChild(make("details"));
    details.append(make("summary", "", count === 1 ? one : fill(many, { count })));
    const shown = details.appendChild(make("ul"));
    for (const parts of items) shown.appendChild(make("li")).append(...parts);
    const more = count - items.length;
    if (more > 0) details.append(make("p", "", fill(words.add_more, { count: more })));
  };

  const drawAside = ({ report, notes, notes_count, unused, unused_count, skipped }) => {
    if (!report) return;
    addFolded(unused_count, words.unused_one, words.unused_many, unused.map((each) => {
      const others = each.files - 1;
      const rest = others < 1 ? "" : ` ${fill(others === 1 ? words.other_file : words.other_files, { count: others })}`;
      const name = make("strong", "isolated", each.name);
      return [name, `, ${words.for_example} `, isolated(`“${each.example}”`), " (", isolated(each.path), rest, ")"];
    }));
    addFolded(report.skipped_files, words.skipped_one, words.skipped_many, skipped.map((each) =>
      [isolated(each.path), ": ", isolated(each.reason, true)]));
    addFolded(notes_count, words.note_one, words.note_many, notes.map((each) => [isolated(each, true)]));
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
    if (list.scrollHeight > list.clientHeight) list.tabIndex = 0; // the keyboard can scroll it
    else list.removeAttribute("tabindex");
    drawAside(state);
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
    aside.replaceChildren();
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
