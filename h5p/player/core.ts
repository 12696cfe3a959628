import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire, stripTypeScriptTypes } from 'node:module'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import express, { type RequestHandler, Router } from 'express'
import { type HeldFiles, type SentFile, sendFile, setFileHeaders } from './files.ts'

/** What the player needs besides packages: H5P's core and our scripts, under a name that changes with the content. */
export interface Core {
  /** The outer page's modules. */
  page: Router
  /** What the frame loads. */
  frame: Router
  /** URLs, in the order in which the frame loads them. */
  styles: string[]
  before: string
  bundle: string
  after: string
  /** Stands in for all of these where a lesson's libraries are our own: 3 kB for 56. */
  small: string
  /** The outer page's module. */
  outer: string
  /** For other pages: what waits in a browser, and how it is sent. */
  queue: string
}

/** Of the client's scripts, those of the outer page; the frame loads the others. */
const OF_PAGE = /^\/client\/(?:outer|queue|kept)\./

export function loadCore(held: HeldFiles): Core {
  const standalone = dirname(createRequire(import.meta.url).resolve('h5p-standalone/package.json'))
  const dist = join(standalone, 'dist')
  const source = (name: string) =>
    stripTypeScriptTypes(readFileSync(join(import.meta.dirname, 'client', name), 'utf8'))
  /** `modules`: addresses of those that it imports. */
  const client = (name: string, modules: Readonly<Record<string, string>> = {}) =>
    Buffer.from(source(name).replace(/(?<=from ')\.\/[\w-]+\.ts(?=')/g, (path) => modules[path] ?? path))
  /** Modules in one, each after those that it imports: on a slow line a request costs more than what it brings. */
  const joined = (...names: string[]) =>
    Buffer.from(
      names
        .map(source)
        .map((text) => text.replace(/^import\b[^']*'[^']*'$/gm, '').replace(/^export (?=\w)/gm, ''))
        .join('\n'),
    )
  const files = new Map<string, SentFile & { bytes: Buffer }>()
  const page = Router()
  const frame = Router()

  function add(path: string, bytes: Buffer): string {
    files.set(path, { path, bytes, sha2: sha2(bytes), size: bytes.length, keep: 'forEver' })
    return `/h5p${path}`
  }
  const hashed = (name: string, bytes: Buffer) => {
    const dot = name.lastIndexOf('.')
    return `${name.slice(0, dot)}.${digest(bytes)}.js`
  }
  const script = (name: string, bytes: Buffer) => add(`/client/${hashed(name, bytes)}`, bytes)

  const css = readFileSync(join(dist, 'styles', 'h5p.css'))
  const folder = `/core/${digest(css)}`
  const kept = script('kept.ts', client('kept.ts'))
  const queue = script('queue.ts', client('queue.ts', { './kept.ts': kept }))
  const core: Core = {
    page,
    frame,
    styles: [add(`${folder}/styles/h5p.css`, css)],
    before: script('before.ts', client('before.ts')),
    bundle: script('core.js', readFileSync(join(dist, 'frame.bundle.js'))),
    after: script('frame.ts', client('frame.ts')),
    small: script('small.ts', Buffer.concat([client('runtime.ts'), client('frame.ts')])),
    outer: script('outer.ts', joined('kept.ts', 'queue.ts', 'outer.ts')),
    queue,
  }
  const send =
    (ofPage: boolean): RequestHandler =>
    async (request, response, next) => {
      const file = OF_PAGE.test(request.path) === ofPage ? files.get(request.path) : undefined
      if (!file) return next()
      const { bytes, size } = file
      await sendFile(request, response, held, file, async () => ({ size, content: Readable.from([bytes]) }))
    }
  page.get('/client/*path', send(true))
  frame.get(['/core/*path', '/client/*path'], send(false))
  // The core's own fonts and pictures, which its style sheet names relative to itself.
  for (const part of ['fonts', 'images'])
    frame.use(
      `${folder}/${part}`,
      express.static(join(dist, part), {
        immutable: true,
        maxAge: '1y',
        index: false,
        redirect: false,
        setHeaders: (response) => setFileHeaders(response as express.Response),
      }),
    )
  return core
}

function sha2(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

const digest = (bytes: Buffer) => sha2(bytes).slice(0, 16)
