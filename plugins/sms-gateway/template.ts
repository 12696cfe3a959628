/** A request as a gateway wants it, with places for the number and the text. */
export interface Template {
  type: string
  fill(values: Readonly<Record<string, string>>): string
}

/**
 * Reads a template: JSON when it begins with `{` or `[`, else a form (`to={to}&text={text}`). Values are put into the
 * strings of it and written as JSON or as a form again, so that no text can break out of its place. A value says in
 * words what is wrong with the template.
 */
export function readTemplate(text: string): Template | { problem: string } {
  if (!text.includes('{text}') || !/\{(to|digits|local)\}/.test(text))
    return { problem: 'must hold {text} and one of {to}, {digits} and {local}' }
  if (!/^\s*[{[]/.test(text)) {
    return {
      type: 'application/x-www-form-urlencoded',
      fill: (values) =>
        new URLSearchParams(
          [...new URLSearchParams(text)].map(([name, value]) => [name, put(value, values)]),
        ).toString(),
    }
  }
  let tree: unknown
  try {
    tree = JSON.parse(text)
  } catch {
    return { problem: 'begins like JSON and is none' }
  }
  return { type: 'application/json', fill: (values) => JSON.stringify(putInto(tree, values)) }
}

/** The places in one string. Values are not looked through again. */
function put(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{(to|digits|local|text)\}/g, (place, name: string) => values[name] ?? place)
}

function putInto(tree: unknown, values: Readonly<Record<string, string>>): unknown {
  if (typeof tree === 'string') return put(tree, values)
  if (Array.isArray(tree)) return tree.map((each) => putInto(each, values))
  if (typeof tree !== 'object' || tree === null) return tree
  return Object.fromEntries(Object.entries(tree).map(([name, value]) => [name, putInto(value, values)]))
}
