import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { problem } from '../problems.ts'
import type { PackageProblem } from '../types.ts'

const require = createRequire(import.meta.url)
type Sanitizer = typeof import('@lumieducation/h5p-svg-sanitizer', { with: { 'resolution-mode': 'require' }})

/** What runs, or loads from elsewhere. */
const ACTIVE =
  /<\s*(?:[\w-]+:)?(?:script|foreignObject|iframe|embed|object|handler)\b|\son\w+\s*=|javascript:|<!(?:ENTITY|ATTLIST|ELEMENT|NOTATION)|<!DOCTYPE[^<>[]*\[|(?:href|src)\s*=\s*["']?\s*(?!["'#]|data:image\/(?:png|jpe?g|gif|webp))|@import|url\(\s*(?:["']\s*)?(?!["'#\s]|data:)/i
/** What could hide such a thing: letters written as numbers, and attributes that are set later. */
const DOUBTFUL = /&#|<\s*(?:[\w-]+:)?(?:animate|set)\b/i
/** A drawing larger than this is not taken apart: it takes many times its size. */
const MOST_BYTES = 4 * 1024 * 1024

/**
 * Takes out of each drawing (SVG) of the content what could run; one that still loads from elsewhere is refused. Those
 * in which there is nothing to doubt stay as they are. (All are served with a policy under which nothing runs, those of
 * libraries too, which are not changed: they are what the administrator saw.)
 */
export async function cleanPictures(directory: string): Promise<PackageProblem[]> {
  const found: PackageProblem[] = []
  for (const entry of await readdir(join(directory, 'content'), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.svg$/i.test(entry.name)) continue
    const file = join(entry.parentPath, entry.name)
    if (await cleaned(file)) continue
    const path = file.slice(directory.length + 1)
    found.push(
      problem('h5p-picture-active', 400, `The picture ${path} holds code or loads from elsewhere`, {
        file: path,
      }),
    )
  }
  return found
}

/** `false`: it cannot be cleaned. */
async function cleaned(file: string): Promise<boolean> {
  const text = await readFile(file, 'utf8')
  if (!ACTIVE.test(text) && !DOUBTFUL.test(text)) return true
  if ((await stat(file)).size > MOST_BYTES) return false
  // It brings a browser's parser, which few uploads need.
  const { default: SvgSanitizer } = require('@lumieducation/h5p-svg-sanitizer') as Sanitizer
  const copy = `${file}.clean.svg`
  await writeFile(copy, text)
  await new SvgSanitizer().sanitize(copy)
  // It is written as HTML: this one name of a sign is unknown to SVG.
  const clean = (await readFile(copy, 'utf8')).replaceAll('&nbsp;', '&#160;')
  await rm(copy)
  if (!/^\s*<svg\b/i.test(clean) || ACTIVE.test(clean)) return false
  await writeFile(file, clean)
  return true
}
