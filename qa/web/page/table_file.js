// A table of counts that is shown, as a CSV file. Text only: no string ever becomes HTML.
window.dateline.tableFile ||= (() => {
  const { finder: words, make, button, fill } = window.dateline;

  // A cell that a spreadsheet would run gets an apostrophe in front, as in the other files of Dateline.
  const FORMULA = /^'*(?:[\s\ufeff\u200b-\u200f\u2060]*[=+\-@＝＋－＠]|[\t\r\n])/;
  const cell = (value) => {
    const text = String(value ?? "");
    const safe = FORMULA.test(text) ? `'${text}` : text;
    return `"${safe.replaceAll('"', '""')}"`;
  };
  // The mark in front tells spreadsheets that it is UTF-8.
  const written = (rows) => `\ufeff${rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("")}`;

  const save = (name, rows) => {
    const anchor = make("a");
    anchor.href = URL.createObjectURL(new Blob([written(rows)], { type: "text/csv;charset=utf-8" }));
    anchor.download = `dateline-${name}.csv`;
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(anchor.href), 10_000);
  };

  // A button under a table: `rows` makes its rows when it is pressed, the names of the columns first.
  const put = (root, { name, about, rows }) => {
    const node = button("table-file", words.table_file, () => save(name, rows()));
    node.setAttribute("aria-label", fill(words.table_file_of, { about }));
    root.querySelector(":scope > .table-file")?.remove();
    root.append(node);
  };

  return { put };
})();
