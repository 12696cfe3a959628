/**
 * What the address of an activity tells a reader when nobody named it: the words it ends with (`…/an-toan-dien`), else
 * where it is. Null when it tells neither.
 */
export function activityWords(iri: string): { words: string } | { host: string } | null {
  const url = URL.parse(iri)
  if (!url?.host) return null
  const last = url.pathname.split('/').findLast(Boolean) ?? ''
  const words = decoded(last)
    .replace(/[-_+]+/g, ' ')
    .trim()
  return isWords(words) ? { words } : { host: url.host }
}

/** Two words at least, none with a figure or a dot in it: a number, an id or a script names nothing. */
function isWords(text: string): boolean {
  const words = text.split(/\s+/)
  return words.length > 1 && text.length <= 120 && words.every((word) => /^\p{L}+$/u.test(word))
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return ''
  }
}
