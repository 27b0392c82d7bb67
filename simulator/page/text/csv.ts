/** Rows of a CSV as RFC 4180 has it: quoted fields may hold commas, line ends and doubled quotes. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r\n|\n|\r|$)/gy;
  while (field.lastIndex < text.length) {
    const match = field.exec(text);
    if (match === null) break;
    row.push(match[1]?.replace(/""/g, '"') ?? match[2] ?? '');
    if (match[3] === ',' && field.lastIndex === text.length) row.push('');
    if (match[3] !== ',' || field.lastIndex === text.length) {
      rows.push(row);
      row = [];
    }
  }
  return rows;
}
