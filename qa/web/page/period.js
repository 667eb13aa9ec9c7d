// Days in words and from words, and the chips that take bounds away.
window.dateline.period = (() => {
  const { words, language, fill, make, button, address } = window.dateline;
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

  // Each bound that holds: its words, and what takes it away.
  const bounds = (state) => {
    const { since, until, as_of, inferred, undated } = state;
    const found = [];
    if (since || until) found.push([periodWords({ since, until }), { since: "", until: "" }]);
    if (as_of) found.push([fill(words.chip_as_of, { day: dayWords(as_of) }), { as_of: "" }]);
    if (!inferred) found.push([words.chip_not_inferred, { inferred: true }]);
    if (undated) found.push([words.chip_undated, { undated: false }]);
    if (state.new_after) found.push([words.chip_new, { new_after: "" }]);
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

  const months = new Map();
  for (const locale of ["nl", "en", "en-GB"]) {
    for (const form of ["long", "short"]) {
      const named = new Intl.DateTimeFormat(locale, { month: form, timeZone: "UTC" });
      for (let at = 0; at < 12; at++) {
        months.set(named.format(Date.UTC(2000, at)).toLowerCase().replace(".", ""), String(at + 1));
      }
    }
  }
  // "maart 2022", "17-3-2022" or "17 March 2022" as an address writes it; "" if it is no date.
  const asAddress = (text) => {
    const parts = text.toLowerCase().split(/[\s.,/-]+/).filter(Boolean);
    const isYearLast = parts.length > 1 && /^\d{4}$/.test(parts.at(-1));
    if (isYearLast) parts.reverse();
    if (months.has(parts[2])) [parts[1], parts[2]] = [parts[2], parts[1]]; // March 17, 2022
    const [year, month, day] = parts.map((part) => months.get(part) ?? part);
    const isEnglish = language === "en" && isYearLast; // 3/12/2022 is a day in March or in December
    const isOpen = isEnglish && /^[\d\s./-]+$/.test(text) && month <= 12 && day <= 12 && month !== day;
    if (parts.length > 3 || !/^[1-9]\d{3}$/.test(year) || isOpen) return "";
    const isMonthFirst = isEnglish && month > 12;
    const rest = isMonthFirst ? [day, month] : [month, day];
    return [year, ...rest.filter((part) => part != null).map((part) => part.padStart(2, "0"))].join("-");
  };

  const ENDS = { since: false, until: true, as_of: true };
  const dayOf = (text, isLast) => address.wholeDay(asAddress(text.trim()), isLast);
  // What three fields say: `days`, or what is `wrong`, in words, and in which field.
  const read = (fields) => {
    const days = {};
    for (const [name, isLast] of Object.entries(ENDS)) {
      const { value } = fields[name];
      const day = value.trim() ? dayOf(value, isLast) : "";
      if (day === null) return { wrong: fill(words.wrong_day, { written: value.trim() }), field: fields[name] };
      days[name] = day;
    }
    const isDisordered = days.since && days.until && days.since > days.until;
    return isDisordered ? { wrong: words.disordered, field: fields.since } : { days };
  };
  const write = (fields, days) => {
    for (const name of Object.keys(ENDS)) fields[name].value = days[name] ? dayWords(days[name]) : "";
  };

  // Beside a field for words a calendar: for the pointer alone, since whoever types needs none.
  const prepare = (fields) => {
    for (const [name, isLast] of Object.entries(ENDS)) {
      const [field, calendar, pair] = [fields[name], make("input", "calendar"), make("span", "day-field")];
      field.placeholder = words.day_hint;
      Object.assign(calendar, { type: "date", min: "1000-01-01", max: "9999-12-31", tabIndex: -1 });
      calendar.setAttribute("aria-hidden", "true");
      calendar.addEventListener("pointerdown", () => (calendar.value = dayOf(field.value, isLast) || ""));
      calendar.addEventListener("click", () => calendar.showPicker?.());
      calendar.addEventListener("change", () => (field.value = calendar.value ? dayWords(calendar.value) : ""));
      field.replaceWith(pair);
      pair.append(field, calendar);
    }
  };

  return { bounds, chips, read, write, prepare };
})();
