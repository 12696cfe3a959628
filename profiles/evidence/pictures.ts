import type { SharpOptions } from 'sharp'
import { EVIDENCE_LIMITS } from './problems.ts'
import { createTurns } from './turns.ts'

/** A photo drawn anew: its pixels and nothing else, upright, in sRGB. */
export interface Picture {
  content: Buffer
  /** The same, small. */
  preview: Buffer
}

/** Most bytes of a picture that is kept. */
export const MAX_PICTURE_BYTES = 1_000_000
/** Tried one after another until the picture is small enough: the last one always is. */
const TRIES = [
  { side: 2048, quality: 80 },
  { side: 2048, quality: 60 },
  { side: 1536, quality: 50 },
  { side: 1024, quality: 40 },
] as const
const PREVIEW = { side: 320, quality: 70 } as const
/** Longer than any photo takes on a slow machine. */
const SECONDS = 30
const READS: Readonly<Record<string, string>> = {
  jpeg: 'VipsForeignLoadJpeg',
  png: 'VipsForeignLoadPng',
  webp: 'VipsForeignLoadWebp',
}

/** Loaded when the first photo comes: most servers start more often than that. */
let loaded: Promise<typeof import('sharp').default> | undefined

async function load() {
  const { default: sharp } = await import('sharp')
  sharp.cache(false)
  sharp.concurrency(1)
  // What decodes other formats is never reached, whatever a file claims to be.
  sharp.block({ operation: ['VipsForeignLoad'] })
  sharp.unblock({ operation: Object.values(READS) })
  return sharp
}

type Drawn = Picture | 'damaged' | 'too-many-pixels'

/** One after another, in turn among people: each takes a core and, for a moment, all the pixels' memory. */
const turns = createTurns({ all: 20, one: 5 })

/**
 * Draws somebody's photo anew; what cannot be read is told by a word. The file is read when its turn comes: those who wait
 * hold no memory.
 */
export async function drawAnew(person: string, readFile: () => Promise<Buffer>): Promise<Drawn | 'busy'> {
  return (await turns.take(person, async () => draw(await readFile()))) ?? 'busy'
}

async function draw(file: Buffer): Promise<Drawn> {
  loaded ??= load()
  const sharp = await loaded
  const options: SharpOptions = { limitInputPixels: EVIDENCE_LIMITS.pixels, failOn: 'error' }
  const within = (side: number) => ({
    ...({ width: side, height: side, fit: 'inside', withoutEnlargement: true } as const),
  })
  try {
    const { format, width, height } = await sharp(file, options).metadata()
    if (!(format in READS)) return 'damaged'
    if (width * height > EVIDENCE_LIMITS.pixels) return 'too-many-pixels'
    // A file is decoded once: what is tried after that is tried on the few pixels that are kept.
    const { data, info } = await sharp(file, options)
      .timeout({ seconds: SECONDS })
      .autoOrient()
      .resize(within(TRIES[0].side))
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true })
    const at = ({ side, quality }: { side: number; quality: number }) =>
      sharp(data, { raw: info }).resize(within(side)).webp({ quality }).toBuffer()
    let content = await at(TRIES[0])
    for (const each of TRIES.slice(1)) {
      if (content.length <= MAX_PICTURE_BYTES) break
      content = await at(each)
    }
    return { content, preview: await at(PREVIEW) }
  } catch (error) {
    return /pixel limit/i.test(String(error)) ? 'too-many-pixels' : 'damaged'
  }
}
