/** Indented without being read as numbers and written anew, which would change what was sent. */
export function prettyJson(text: string): string {
  let depth = 0
  let inString = false
  let out = ''
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!
    if (inString) {
      out += char
      if (char === '\\') out += text[++at] ?? ''
      else if (char === '"') inString = false
    } else if (char === '"') {
      inString = true
      out += char
    } else if (char === '{' || char === '[') {
      const close = char === '{' ? '}' : ']'
      if (text[at + 1] === close) {
        out += char + close
        at++
      } else out += `${char}\n${'  '.repeat(++depth)}`
    } else if (char === '}' || char === ']') out += `\n${'  '.repeat(--depth)}${char}`
    else if (char === ',') out += `,\n${'  '.repeat(depth)}`
    else if (char === ':') out += ': '
    else if (!/\s/.test(char)) out += char
  }
  return out
}
