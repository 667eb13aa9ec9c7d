// Words for a period and its parts, and the chips that take them away.
window.dateline.period = (() => {
  const { words, language, fill, make, button } = window.dateline;
  const utc = (day) => new Date(`${day}T00:00:00Z`);
  const said = (day, form) => new Intl.DateTimeFormat(language, { timeZone: "UTC", ...form }).format(utc(day));
  const dayWords = (day) => said(day, { day: "numeric", month: "long", year: "numeric" });
  const periodWords = ({ since, until }) => {
    if (!until) return fill(words.chip_from, { first: dayWords(since) });
    if (!since) return fill(words.chip_until, { last: dayWords(until) });
    if (since === until) return dayWords(since);
    const isWhole = since.endsWith("-01") && new Date(utc(until).getTime() + 864e5).getUTCDate() === 1;
    if (isWhole && since.slice(0, 7) === until.slice(0, 7)) return said(since, { month: "long", year: "numeric" });
    if (since.endsWith("-01-01") && until === `${since.slice(0, 4)}-12-31`) return since.slice(0, 4);
    return fill(words.chip_between, { first: dayWords(since), last: dayWords(until) });
  };

  // Each bound of time that holds: its words, and what takes it away.
  const bounds = ({ since, until, as_of, inferred, undated }) => {
    const found = [];
    if (since || until) found.push([periodWords({ since, until }), { since: "", until: "" }]);
    if (as_of) found.push([fill(words.chip_as_of, { day: dayWords(as_of) }), { as_of: "" }]);
    if (!inferred) found.push([words.chip_not_inferred, { inferred: true }]);
    if (undated) found.push([words.chip_undated, { undated: false }]);
    return found;
  };

  const chips = (list, found, removed) => {
    const items = found.map(([text, without]) => {
      const node = button("chip", "", () => removed(without));
      node.append(make("span", "isolated", text), make("span", "cross", "×"));
      node.setAttribute("aria-label", fill(words.remove_chip, { chip: text }));
      const item = make("li");
      item.append(node);
      return item;
    });
    list.replaceChildren(...items);
    list.hidden = !items.length;
  };

  // What is wrong with three fields for dates, in words; "" if nothing is.
  const wrong = ({ since, until, as_of }) => {
    const isBad = [since, until, as_of].some((node) => node.validity.badInput || node.validity.rangeOverflow);
    if (since.value && until.value && since.value > until.value) return words.disordered;
    return isBad ? words.wrong_time : "";
  };

  return { bounds, chips, wrong };
})();
