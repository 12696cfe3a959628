import { type Html, html } from '../html.ts'

export interface Column<Row> {
  label: string
  /** First column's content is the row's name; it should hold the link of class `cover` that opens the row. */
  cell(row: Row): Html
  /** Figures stand at the end. */
  end?: boolean
}

/**
 * Rows side by side; under 640 px each row is a card with its labels, a line each, or as running text where the list is
 * long and `compact`.
 */
export function table<Row>(props: {
  caption: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  compact?: boolean
}): Html {
  return html`<table class=${props.compact ? 'table compact' : 'table'}>
    <caption class="visually-hidden">${props.caption}</caption>
    <thead><tr>${props.columns.map((column) => html`<th scope="col" class=${column.end ? 'end' : undefined}>${column.label}</th>`)}</tr></thead>
    <tbody>
      ${props.rows.map(
        (row) => html`<tr>
          ${props.columns.map((column, at) =>
            at === 0
              ? html`<th scope="row">${column.cell(row)}</th>`
              : html`<td data-label=${column.label} class=${column.end ? 'end' : undefined}>${column.cell(row)}</td>`,
          )}
        </tr>`,
      )}
    </tbody>
  </table>`
}

/** The name of a row that opens it. */
export function rowLink(props: { href: string; label: Html }): Html {
  return html`<a class="cover" href=${props.href}>${props.label}</a>`
}
