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

export type Undrawn = 'damaged' | 'too-many-pixels'

/** One after another, in turn among people: each takes a core and, for a moment, all the pixels' memory. */
const turns = createTurns({ all: 20, one: 5 })

/**
 * Draws somebody's photo anew; what cannot be read is told by a word. The file is read when its turn comes: those who wait
 * hold no memory.
 */
export async function drawAnew(
  person: string,
  readFile: () => Promise<Buffer>,
): Promise<Picture | Undrawn | 'busy'> {
  const drawn = async () =>
    draw(await readFile(), TRIES[0].side, async (at) => ({
      content: (await smallest(at, TRIES, MAX_PICTURE_BYTES)).content,
      preview: (await at(PREVIEW)).content,
    }))
  return (await turns.take(person, drawn)) ?? 'busy'
}

interface Sketch {
  content: Buffer
  width: number
  height: number
}
/** A picture that stands for a lesson: large on its page, small in lists. */
export interface DrawnCover {
  large: Sketch
  small: Sketch
}
/** Of each of the two. */
export const MAX_COVER_BYTES = 40_000
const COVER_QUALITIES = [75, 60, 45, 30] as const
const coverTries = (side: number) => [
  ...COVER_QUALITIES.map((quality) => ({ side, quality })),
  { side: Math.round(side / 2), quality: 30 },
]

/** Draws a cover anew, in the same turns and as safely as the photos that people send. */
export async function drawCover(
  person: string,
  readFile: () => Promise<Buffer>,
): Promise<DrawnCover | Undrawn | 'busy'> {
  const drawn = async () =>
    draw(await readFile(), 960, async (at) => ({
      large: await smallest(at, coverTries(960), MAX_COVER_BYTES),
      small: await smallest(at, coverTries(320), MAX_COVER_BYTES),
    }))
  return (await turns.take(person, drawn)) ?? 'busy'
}

type Try = { side: number; quality: number }
type At = (of: Try) => Promise<Sketch>

/** The first try that is small enough, or the last. */
async function smallest(at: At, tries: readonly Try[], most: number): Promise<Sketch> {
  let sketch = await at(tries[0]!)
  for (const each of tries.slice(1)) {
    if (sketch.content.length <= most) break
    sketch = await at(each)
  }
  return sketch
}

async function draw<T>(file: Buffer, side: number, make: (at: At) => Promise<T>): Promise<T | Undrawn> {
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
      .resize(within(side))
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true })
    return await make(async ({ side, quality }) => {
      const made = await sharp(data, { raw: info })
        .resize(within(side))
        .webp({ quality })
        .toBuffer({ resolveWithObject: true })
      return { content: made.data, width: made.info.width, height: made.info.height }
    })
  } catch (error) {
    return /pixel limit/i.test(String(error)) ? 'too-many-pixels' : 'damaged'
  }
}
