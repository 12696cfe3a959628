import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire, stripTypeScriptTypes } from 'node:module'
import { basename, join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { type RequestHandler, Router } from 'express'
import { ICONS } from './icons.ts'

/** Files that never change under their address: the address holds a hash of the content. */
export interface Assets {
  /** Address by name: `style.css`, `fonts.css`, `icons.svg`, `upload.js`. Throws for an unknown name. */
  url(name: string): string
  /** What it holds, for one that has to keep an address of its own. */
  text(name: string): string
  router: Router
}
type Coding = 'br' | 'gzip' | 'identity'
interface Asset {
  type: string
  /** Made when it is first asked for. */
  body(coding: Coding): Buffer
  codings: Coding[]
}

const FONTS: readonly [subset: string, weight: number, range: string][] = (
  [
    [
      'vietnamese',
      'U+0102-0103,U+0110-0111,U+0128-0129,U+0168-0169,U+01A0-01A1,U+01AF-01B0,U+0300-0301,U+0303-0304,U+0308-0309,U+0323,U+0329,U+1EA0-1EF9,U+20AB',
    ],
    [
      'latin',
      'U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD',
    ],
  ] as const
).flatMap(([subset, range]) =>
  [400, 600].map((weight) => [subset, weight, range] as [string, number, string]),
)

const here = import.meta.dirname
const require = createRequire(import.meta.url)

/**
 * Reads, joins and hashes everything once, at start. To strip types and to compress takes longer than all the rest of
 * the pages, so it is done for the file that is asked for; its address holds the hash of what it is made from.
 */
export function buildAssets(): Assets {
  const files = new Map<string, Asset>()
  const urls = new Map<string, string>()
  const add = (name: string, type: string, source: Buffer, make: (source: Buffer) => Buffer = (it) => it) => {
    const dot = name.lastIndexOf('.')
    const hash = createHash('sha256').update(source).digest('base64url').slice(0, 10)
    const file = `${name.slice(0, dot)}.${hash}${name.slice(dot)}`
    const plain = once(() => make(source))
    const bodies: Record<Coding, () => Buffer> = {
      identity: plain,
      gzip: once(() => gzipSync(plain())),
      br: once(() => brotliCompressSync(plain())),
    }
    const codings: Coding[] = type.startsWith('font/') ? [] : ['br', 'gzip']
    files.set(file, { type, codings, body: (coding) => bodies[coding]() })
    urls.set(name, `/assets/${file}`)
  }

  for (const [subset, weight] of FONTS) {
    const name = `be-vietnam-pro-${subset}-${weight}-normal.woff2`
    add(name, 'font/woff2', readFileSync(require.resolve(`@fontsource/be-vietnam-pro/files/${name}`)))
  }
  const faces = FONTS.map(([subset, weight, range]) => {
    const url = urls.get(`be-vietnam-pro-${subset}-${weight}-normal.woff2`)
    return `@font-face{font-family:'Be Vietnam Pro';font-style:normal;font-weight:${weight};font-display:swap;src:url(${url}) format('woff2');unicode-range:${range}}`
  })
  add('fonts.css', 'text/css; charset=utf-8', Buffer.from(faces.join('\n')))

  const sheets = ['tokens', 'base', 'components', 'pages'].map((name) =>
    readFileSync(join(here, 'styles', `${name}.css`), 'utf8'),
  )
  add('style.css', 'text/css; charset=utf-8', Buffer.from(squeeze(sheets.join('\n'))))
  add(
    'record-print.css',
    'text/css; charset=utf-8',
    Buffer.from(squeeze(readFileSync(join(here, 'styles', 'record-print.css'), 'utf8'))),
  )
  add('icons.svg', 'image/svg+xml', Buffer.from(sprite()))
  add('mark.svg', 'image/svg+xml', readFileSync(join(here, 'styles', 'mark.svg')))

  for (const file of readdirSync(join(here, 'client'))) {
    if (!file.endsWith('.ts') || file.endsWith('.test.ts') || file.endsWith('.d.ts')) continue
    add(
      `${basename(file, '.ts')}.js`,
      'text/javascript; charset=utf-8',
      readFileSync(join(here, 'client', file)),
      (source) => Buffer.from(stripTypeScriptTypes(source.toString())),
    )
  }

  return {
    url(name) {
      const url = urls.get(name)
      if (!url) throw new Error(`no asset named ${name}`)
      return url
    },
    text: (name) => {
      const file = files.get(urls.get(name)?.replace('/assets/', '') ?? '')
      if (!file) throw new Error(`no asset named ${name}`)
      return file.body('identity').toString()
    },
    router: Router().get('/:file', serve(files)),
  }
}

function serve(files: ReadonlyMap<string, Asset>): RequestHandler {
  return (req, res, next) => {
    const asset = files.get(String(req.params.file))
    if (!asset) return next()
    res.setHeader('Content-Type', asset.type)
    res.setHeader('Cache-Control', 'public, max-age=31536000, immutable')
    res.setHeader('X-Content-Type-Options', 'nosniff')
    if (asset.codings.length === 0) return void res.end(asset.body('identity'))
    res.setHeader('Vary', 'Accept-Encoding')
    const coding = asset.codings.find((each) => each === req.acceptsEncodings(...asset.codings)) ?? 'identity'
    if (coding !== 'identity') res.setHeader('Content-Encoding', coding)
    res.end(asset.body(coding))
  }
}

function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}

/** Comments, indentation and spaces off: the sheet is read by people in web/styles. */
function squeeze(css: string): string {
  return css
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\s*\n\s*/g, '\n')
    .replace(/\n+/g, '\n')
    .replace(/([{,;])\n/g, '$1')
    .replace(/ \{/g, '{')
    .replace(/: /g, ':')
    .replace(/;\}/g, '}')
    .trim()
}

function sprite(): string {
  const symbols = Object.entries(ICONS).map(([name, drawing]) => {
    const svg = readFileSync(require.resolve(`lucide-static/icons/${drawing}.svg`), 'utf8')
    const inner = svg
      .slice(svg.indexOf('>', svg.indexOf('<svg')) + 1, svg.lastIndexOf('</svg>'))
      .replace(/\s*\n\s*/g, '')
    return `<symbol id="${name}" viewBox="0 0 24 24">${inner}</symbol>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`
}
