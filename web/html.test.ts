import { expect, test } from 'vitest'
import { html, render } from './html.ts'

test('text and attributes are escaped', () => {
  const evil = `"><img src=x onerror=alert(1)><script>alert(1)</script>`
  const text = render(html`<p title=${evil}>${evil}</p>`)
  expect(text).not.toContain('<img')
  expect(text).not.toContain('<script')
  expect(text).toContain('&lt;script')
})

test('a page starts with its doctype', () => {
  expect(render(html`<html lang="vi"><body>Chào</body></html>`)).toBe(
    '<!doctype html><html lang="vi"><body>Chào</body></html>',
  )
})

test('nothing is shown for false, null and undefined, and a list is shown in order', () => {
  expect(render(html`<p>${false}${null}${undefined}${[1, 'a']}</p>`)).toBe('<p>1a</p>')
})

test('one template rendered twice gives the same text', () => {
  const part = () => html`<ul><li>x</li></ul>`
  expect(render(html`<div>${part()}${part()}</div>`)).toBe(
    '<div><ul><li>x</li></ul><ul><li>x</li></ul></div>',
  )
})
