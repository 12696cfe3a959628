import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire, stripTypeScriptTypes } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import express, { type RequestHandler, Router } from 'express'
import { KEEP, setFileHeaders } from './files.ts'

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
  /** The outer page's module. */
  outer: string
}

/** Of the client's scripts, those of the outer page; the frame loads the others. */
const OF_PAGE = /^\/client\/(?:outer|queue|kept)\./

export async function loadCore(): Promise<Core> {
  const standalone = dirname(createRequire(import.meta.url).resolve('h5p-standalone/package.json'))
  const dist = join(standalone, 'dist')
  const client = (name: string) =>
    Buffer.from(stripTypeScriptTypes(readFileSync(join(import.meta.dirname, 'client', name), 'utf8')))
  const files = new Map<string, { type: string; bytes: Buffer; packed: Buffer }>()
  const page = Router()
  const frame = Router()

  async function add(path: string, type: string, bytes: Buffer): Promise<string> {
    files.set(path, { type, bytes, packed: await promisify(gzip)(bytes, { level: 9 }) })
    return `/h5p${path}`
  }
  const hashed = (name: string, bytes: Buffer) => {
    const dot = name.lastIndexOf('.')
    return `${name.slice(0, dot)}.${digest(bytes)}.js`
  }
  const script = (name: string, bytes: Buffer) =>
    add(`/client/${hashed(name, bytes)}`, 'text/javascript', bytes)

  const css = readFileSync(join(dist, 'styles', 'h5p.css'))
  const folder = `/core/${digest(css)}`
  const core: Core = {
    page,
    frame,
    styles: [await add(`${folder}/styles/h5p.css`, 'text/css', css)],
    before: await script('before.ts', client('before.ts')),
    bundle: await script('core.js', readFileSync(join(dist, 'frame.bundle.js'))),
    after: await script('frame.ts', client('frame.ts')),
    outer: await script('outer.ts', client('outer.ts')),
  }
  const send =
    (ofPage: boolean): RequestHandler =>
    (request, response, next) => {
      const file = OF_PAGE.test(request.path) === ofPage ? files.get(request.path) : undefined
      if (!file) return next()
      setFileHeaders(response)
      response
        .set({ 'Cache-Control': KEEP.forEver, 'Content-Type': `${file.type}; charset=utf-8` })
        .vary('Accept-Encoding')
      if (request.acceptsEncodings('gzip') === 'gzip')
        return void response.set('Content-Encoding', 'gzip').send(file.packed)
      response.send(file.bytes)
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

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16)
}
