// What stands under an answer to keep it. Text only: no string ever becomes HTML.
window.dateline.keeping ||= (() => {
  const { server, words: frame, answer: languages, make, button } = window.dateline;
  const FORMATS = { ".md": "Markdown", ".json": "JSON", ".csv": "CSV", ".ris": "RIS", ".html": null };

  const call = async (name, asked) => {
    try {
      const got = await (await server)[name]({ conversation: window.dateline.conversation, ...asked });
      return got && typeof got === "object" ? got : { error: frame.unreachable };
    } catch {
      return { error: frame.unreachable };
    }
  };

  const download = ({ name, text }, type) => {
    const anchor = make("a");
    anchor.href = URL.createObjectURL(new Blob([text], { type }));
    anchor.download = name;
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(anchor.href), 10_000);
  };

  // A button, and below it the formats for this answer and for all of the conversation.
  const saving = (value) => {
    const words = languages[value.lang];
    const panel = make("div", "saving");
    panel.hidden = true;
    const said = make("p", "said-wrong");
    said.setAttribute("role", "alert");
    const row = (name, turn) => {
      const line = make("p", "formats");
      line.setAttribute("role", "group");
      line.setAttribute("aria-label", name);
      line.append(make("span", "", name));
      for (const [suffix, format] of Object.entries(FORMATS)) {
        line.append(button("format", format || words.printable, async () => {
          const got = await call("export_answers", { turn, suffix });
          said.textContent = got.error || "";
          if (!got.error) download(got, suffix === ".json" ? "application/json" : "text/plain;charset=utf-8");
        }));
      }
      return line;
    };
    panel.append(row(words.save_this, value.id), row(words.save_all, null), said);
    const opener = button("save", words.save, () => {
      panel.hidden = !panel.hidden;
      opener.setAttribute("aria-expanded", String(!panel.hidden));
    });
    opener.setAttribute("aria-expanded", "false");
    return { opener, panel };
  };

  return { saving, call };
})();
