// What stands under an answer to keep it. Text only: no string ever becomes HTML.
window.dateline.keeping ||= (() => {
  const { answer: languages, make, button, fill } = window.dateline;
  const FORMATS = { ".docx": "Word", ".md": "Markdown", ".json": "JSON", ".csv": "CSV", ".ris": "RIS", ".csl.json": "CSL-JSON", ".html": null };

  const TYPES = { json: "application/json", docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document" };

  const call = (name, asked) =>
    window.dateline.call(name, { conversation: window.dateline.conversation, ...asked });

  const download = ({ name, base64 }, type) => {
    const content = Uint8Array.from(atob(base64), (each) => each.charCodeAt(0));
    const anchor = make("a");
    anchor.href = URL.createObjectURL(new Blob([content], { type }));
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
          if (!got.error) download(got, TYPES[suffix.split(".").at(-1)] || "text/plain;charset=utf-8");
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

  // What was said on this page; the server has it for a page that is loaded again.
  const verdicts = new Map();

  // "Good" and "wrong" for an answer (number 0) or a quote, and then room for a reason.
  const rating = (value, number = 0) => {
    const words = languages[value.lang];
    const key = [value.id, value.run, number].join(" ");
    const about = number ? fill(words.rate_quote, { number }) : words.rate_answer;
    const root = make("div", "rating");
    root.setAttribute("role", "group");
    root.setAttribute("aria-label", about);
    const said = make("span", "kept");
    said.setAttribute("role", "status");
    const why = make("p", "why");
    why.hidden = true;

    const draw = () => {
      for (const [name, node] of Object.entries(choices)) {
        node.setAttribute("aria-pressed", String(name === verdicts.get(key)));
      }
    };
    const send = async (verdict, reason = "") => {
      const asked = { turn: value.id, run: value.run, citation: number || null, verdict, reason };
      const got = await call("rate_answer", asked);
      said.textContent = got.error || (verdict === "none" ? "" : words.rated);
      if (got.error) return;
      verdicts.set(key, verdict);
      draw();
      const wasFocused = why.contains(document.activeElement);
      why.hidden = verdict === "none" || Boolean(reason);
      if (wasFocused && why.hidden) choices[verdict]?.focus();
    };
    const choice = (name) => button("rate", words[name], () => send(verdicts.get(key) === name ? "none" : name));
    const choices = { good: choice("good"), wrong: choice("wrong") };

    const label = make("label", "", words.why);
    const reason = make("input");
    reason.type = "text";
    reason.maxLength = 500;
    reason.autocomplete = "off";
    reason.id = label.htmlFor = `why-${key.replaceAll(" ", "-")}`;
    const sendReason = () => reason.value.trim() && send(verdicts.get(key), reason.value);
    reason.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Enter") sendReason();
      if (event.key === "Escape") why.hidden = true;
    });
    why.append(label, reason, button("send", words.send, sendReason));
    if (!verdicts.has(key) && value.verdicts?.[number]) verdicts.set(key, value.verdicts[number]);
    draw();
    if (!number) root.append(make("span", "", about));
    root.append(choices.good, choices.wrong, said, why);
    return root;
  };

  return { saving, rating };
})();
