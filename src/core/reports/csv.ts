/** A file of CSV (RFC 4180) with its heading. */
export function csvOf(columns: readonly string[], lines: readonly string[]): string {
  return [csvLine(columns), ...lines, ''].join('\r\n');
}

/** One line. A cell that a spreadsheet would take for a formula begins with an apostrophe; figures are plain. */
export function csvLine(cells: readonly string[]): string {
  return cells.map(cell).join(',');
}

// Also the wide forms of the signs, which spreadsheets in East Asian languages read alike.
const formula = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/;
const plainNumber = /^-?\d+(\.\d+)?$/;

function cell(text: string): string {
  const safe = formula.test(text) && !plainNumber.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
