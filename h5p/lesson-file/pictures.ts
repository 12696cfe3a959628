import { copyFile, mkdir, readFile, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { isSafePath } from '../content/files.ts'
import { problem } from '../problems.ts'
import type { PackageProblem } from '../types.ts'
import type { FindPicture, Picture } from './content.ts'

const KINDS: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.svg': 'image/svg+xml',
}

/**
 * Takes pictures from the folder beside the lesson file (null: it came alone) into the content's, under plain names.
 * Addresses elsewhere are refused: the picture would go when the other site does, and that site would count learners.
 */
export function pictureFinder(folder: string | null, content: string): FindPicture {
  const found = new Map<string, Picture>()
  return async (path, line, problems) => {
    const known = found.get(path)
    if (known) return known
    const refuse = (id: string, message: string, values = {}): null => {
      const said: PackageProblem = problem(`lesson-file-picture-${id}`, 400, `Line ${line}: ${message}`, {
        line,
        file: path,
        ...values,
      })
      problems.push(said)
      return null
    }
    if (/^[a-z][\w+.-]*:|^\/\//i.test(path))
      return refuse('elsewhere', `${path} lies elsewhere; put the picture into the ZIP file`)
    const ending = extname(path).toLowerCase()
    const mime = KINDS[ending]
    if (!mime)
      return refuse('kind', `${path} is no picture of a kind that is shown`, {
        allowed: Object.keys(KINDS).join(' '),
      })
    const file = folder && isSafePath(path) ? join(folder, path) : null
    const there = file && (await stat(file).catch(() => null))?.isFile()
    if (!file || !there)
      return refuse('missing', `the picture ${path} is not in the ZIP file with the lesson file`)
    const size = ending === '.svg' ? drawnSize(await readFile(file, 'utf8')) : await sizeOf(file)
    if (!size) return refuse('broken', `the picture ${path} cannot be read`)
    const picture = { path: `images/${found.size + 1}${ending}`, mime, ...size }
    await mkdir(join(content, 'images'), { recursive: true })
    await copyFile(file, join(content, picture.path))
    found.set(path, picture)
    return picture
  }
}

/** What a drawing says of its size. It is not drawn here: the library that reads photos is kept from reading drawings. */
function drawnSize(text: string): { width: number; height: number } | null {
  const root = /<svg\b[^<>]*>/i.exec(text)?.[0]
  if (!root) return null
  const pixels = (name: string) =>
    Number(new RegExp(`\\s${name}\\s*=\\s*["']\\s*([\\d.]+)(?:px)?\\s*["']`).exec(root)?.[1])
  const [, , across, down] = (/\sviewBox\s*=\s*["']([^"']+)["']/.exec(root)?.[1] ?? '').trim().split(/[\s,]+/)
  const width = Math.round(pixels('width') || Number(across))
  const height = Math.round(pixels('height') || Number(down))
  return width > 0 && height > 0 ? { width, height } : null
}

/** Width and height as shown; a photo may lie on its side in its file. */
async function sizeOf(file: string): Promise<{ width: number; height: number } | null> {
  const { default: sharp } = await import('sharp')
  const read = await sharp(file, { limitInputPixels: 100_000_000 })
    .metadata()
    .catch(() => null)
  if (!read?.width || !read.height) return null
  const turned = (read.orientation ?? 1) >= 5
  return turned ? { width: read.height, height: read.width } : { width: read.width, height: read.height }
}
