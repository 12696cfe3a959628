import { randomUUID } from 'node:crypto'
import type { Readable } from 'node:stream'
import { type BlobStore, type Collections, type Problem, type Refusal, refuse } from '../../lrs/index.ts'
import type { Audit } from '../create-profiles.ts'
import { ORGANISATIONS } from './documents.ts'
import type { Edit } from './organisations.ts'
import type { Logo, Organisation, OrganisationId, Organisations } from './types.ts'

export type LogoBlobs = Pick<BlobStore, 'put' | 'open' | 'hold'>

export const MAX_LOGO_BYTES = 1_000_000
/** Pixels a side: a small file may claim to be a picture that fills a phone's memory. */
const MAX_SIDE = 4096

interface Deps {
  collections: Collections
  blobs: LogoBlobs
  audit: Audit
}
type Change = (
  id: OrganisationId,
  edit: (found: Organisation) => Edit | Promise<Edit>,
) => Promise<Organisation | Refusal>

/** Problem ids: `logo-too-large`, `logo-not-image`, `logo-too-wide`. */
export function createLogos(
  { collections, blobs, audit }: Deps,
  change: Change,
): Pick<Organisations, 'setLogo' | 'logo'> {
  // Each upload is a holder of its own, so that of two at once neither lets go of the other's.
  const holder = (id: string) => `organisation-logo/${id}`
  return {
    async setLogo(id, content, by) {
      const checked = content && checkLogo(content)
      if (checked && 'message' in checked) return refuse(checked)
      const logo = content && checked ? await keep(content, checked.type) : null
      let before: Logo | null = null
      const done = await change(id, (found) => {
        before = found.logo
        const detail = { logo: logo?.type ?? null }
        return {
          value: { ...found, logo },
          along: [audit({ action: 'organisation-change', actor: by, subjects: [id], detail })],
        }
      })
      const unused: Logo | null = 'ok' in done ? logo : before
      if (unused) await blobs.hold(holder(unused.id), [])
      return done
    },
    async logo(id): Promise<(Logo & { content: Readable }) | null> {
      const logo = (await collections.get(ORGANISATIONS, id))?.value.logo
      const opened = logo && (await blobs.open(logo.sha2))
      return opened ? { ...logo, content: opened.content } : null
    },
  }

  async function keep(content: Buffer, type: Logo['type']): Promise<Logo> {
    const id = randomUUID()
    const { sha2, size } = await blobs.put(once(content))
    if (!(await blobs.hold(holder(id), [sha2]))) throw new Error(`the logo ${id} vanished`)
    return { id, sha2, type, size }
  }
}

/** What a picture is by its own bytes, whatever its name says, or what is wrong with it. */
export function checkLogo(content: Buffer): { type: Logo['type'] } | Problem {
  if (content.length > MAX_LOGO_BYTES) return LOGO_TOO_LARGE
  const read = readPng(content) ?? readJpeg(content) ?? readWebp(content)
  if (!read || read.width < 1 || read.height < 1) return LOGO_NOT_IMAGE
  return read.width > MAX_SIDE || read.height > MAX_SIDE ? LOGO_TOO_WIDE : { type: read.type }
}

interface Picture {
  type: Logo['type']
  width: number
  height: number
}

/** https://www.w3.org/TR/png-3/: a signature of eight bytes, then the chunk IHDR. */
function readPng(content: Buffer): Picture | null {
  const begin = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  if (content.length < 33 || !content.subarray(0, 8).equals(begin)) return null
  if (content.toString('latin1', 12, 16) !== 'IHDR') return null
  return { type: 'image/png', width: content.readUInt32BE(16), height: content.readUInt32BE(20) }
}

/** ITU-T T.81: segments of a marker and a length, until the frame that tells the size. */
function readJpeg(content: Buffer): Picture | null {
  if (content.length < 4 || content.readUInt16BE(0) !== 0xffd8) return null
  for (let at = 2; at + 9 <= content.length; ) {
    const marker = content.readUInt16BE(at)
    if (marker < 0xff01 || marker === 0xffda) return null
    const isFrame = marker >= 0xffc0 && marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker)
    if (isFrame)
      return {
        type: 'image/jpeg',
        height: content.readUInt16BE(at + 5),
        width: content.readUInt16BE(at + 7),
      }
    at += marker === 0xffff ? 1 : 2 + content.readUInt16BE(at + 2)
  }
  return null
}

/** RFC 9649: RIFF, its length, WEBP, and a first chunk of three kinds that tells the size. */
function readWebp(content: Buffer): Picture | null {
  if (content.length < 30) return null
  if (content.toString('latin1', 0, 4) !== 'RIFF' || content.toString('latin1', 8, 12) !== 'WEBP') return null
  const type = 'image/webp'
  const kind = content.toString('latin1', 12, 16)
  if (kind === 'VP8X')
    return { type, width: 1 + content.readUIntLE(24, 3), height: 1 + content.readUIntLE(27, 3) }
  if (kind === 'VP8 ')
    return {
      type,
      width: content.readUInt16LE(26) & 0x3fff,
      height: content.readUInt16LE(28) & 0x3fff,
    }
  if (kind !== 'VP8L' || content[20] !== 0x2f) return null
  const bits = content.readUInt32LE(21)
  return { type, width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) }
}

async function* once(content: Buffer) {
  yield content
}

const LOGO_TOO_LARGE: Problem = {
  id: 'logo-too-large',
  status: 413,
  path: 'logo',
  message: `The picture is larger than ${MAX_LOGO_BYTES / 1e6} MB. Make it smaller.`,
}
const LOGO_NOT_IMAGE: Problem = {
  id: 'logo-not-image',
  status: 400,
  path: 'logo',
  message: 'This is no PNG, JPEG or WebP picture.',
}
const LOGO_TOO_WIDE: Problem = {
  id: 'logo-too-wide',
  status: 400,
  path: 'logo',
  message: `The picture is wider or higher than ${MAX_SIDE} pixels. Make it smaller.`,
}
