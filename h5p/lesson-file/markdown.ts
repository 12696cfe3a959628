import MarkdownIt from 'markdown-it'

/**
 * Paragraphs, lists, headings, bold and italic; nothing else. HTML stands as the text it is, and so do links: in the
 * frame of a lesson they would lead away from it. A heading of any depth is the one that fits under a page's title.
 */
const markdown = new MarkdownIt('zero', { html: false }).enable([
  'list',
  'heading',
  'emphasis',
  'newline',
  'escape',
  'entity',
])

for (const rule of ['heading_open', 'heading_close'])
  markdown.renderer.rules[rule] = (tokens, index) => (tokens[index]!.nesting === 1 ? '<h3>' : '</h3>\n')

/** HTML of a text in Markdown. */
export function htmlOf(text: string): string {
  return markdown.render(text).trim()
}
