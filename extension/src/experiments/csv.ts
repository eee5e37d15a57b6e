/** The first rows of a table as text: quoted fields may hold separators, quotes and line ends. */
export function parseTable(text: string, mostRows: number): string[][] {
  const separator = text.slice(0, text.indexOf('\n') + 1 || text.length).includes('\t') ? '\t' : ',';
  const rows: string[][] = [];
  let row: string[] = [];
  let field = '';
  let isQuoted = false;
  const endField = (): void => {
    row.push(field);
    field = '';
  };
  for (let at = 0; at < text.length && rows.length < mostRows; at++) {
    const char = text[at]!;
    if (isQuoted) {
      if (char !== '"') {
        field += char;
      } else if (text[at + 1] === '"') {
        field += '"';
        at++;
      } else {
        isQuoted = false;
      }
    } else if (char === '"' && field === '') {
      isQuoted = true;
    } else if (char === separator) {
      endField();
    } else if (char === '\n') {
      endField();
      rows.push(row);
      row = [];
    } else if (char !== '\r') {
      field += char;
    }
  }
  if (rows.length < mostRows && (field !== '' || row.length > 0)) {
    rows.push([...row, field]);
  }
  return rows;
}
