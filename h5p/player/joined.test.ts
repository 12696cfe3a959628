import { afterAll, beforeAll, expect, test } from 'vitest'
import { type HostWorld, openHostWorld, taken } from '../../tests/support/host-world.ts'
import { joinedUrls } from './joined.ts'

let world: HostWorld
beforeAll(async () => {
  world = await openHostWorld()
  await world.host.seed()
})
afterAll(() => world.close())

test('a lesson of our own types loads one script and one style of them, which never change, and not H5P’s core', async () => {
  const { frameUrl } = taken(await world.host.play('lua-dao-qua-mang', 'p-1'))
  const html = await (await fetch(new URL(frameUrl, world.url))).text()
  const scripts = [...html.matchAll(/<script src="([^"]+)"/g)].map(([, src]) => src!)
  const styles = [...html.matchAll(/<link rel="stylesheet" href="([^"]+)"/g)].map(([, href]) => href!)
  expect(scripts.map((src) => src.replace(/[.,/][^/]*$/, ''))).toEqual(['/h5p/client', '/h5p/joined'])
  expect(scripts[0]).toMatch(/small/)
  expect(styles).toHaveLength(1)
  for (const [url, parts] of [
    [scripts[1]!, ['Kit.words =', 'SuotDoi.Blanks =', 'SuotDoi.Lesson =']],
    [styles[0]!, ['.sd-knot', '.sd-choice']],
  ] as const) {
    const response = await fetch(world.url + url)
    expect(response.headers.get('Cache-Control')).toContain('immutable')
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe('*')
    const text = await response.text()
    for (const part of parts) expect(text).toContain(part)
  }
})

test('what is not there, or not ours, is not joined', async () => {
  const { frameUrl } = taken(await world.host.play('phan-loai-rac', 'p-1'))
  const html = await (await fetch(new URL(frameUrl, world.url))).text()
  const [, keys] = /\/h5p\/joined\/([^"]+)\.js/.exec(html)!
  for (const name of [
    `${keys}.html`,
    `${keys}`,
    `${keys},SuotDoi.Kit-1.0.0-0000000000000000.js`,
    `${keys},H5P.TrueFalse-1.8.3-0000000000000000.js`,
    '.js',
  ])
    expect((await fetch(`${world.url}/h5p/joined/${name}`)).status).toBe(404)
})

test('each build is named once, in the order in which it is needed', () => {
  const urls = ['a/kit.js', 'a/words.js', 'b/x.js'].map((path) => `/h5p/libraries/${path}`)
  expect(joinedUrls(urls, 'js')).toEqual(['/h5p/joined/a,b.js'])
  expect(joinedUrls([], 'css')).toEqual([])
})
