import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Response } from 'express'
import { dayOf, type Evidence } from '../profiles/index.ts'

/**
 * Sends a photo or file that people sent in: nothing in it runs, is framed or kept by the browser, and what was not drawn
 * anew here is never shown in the page's own place.
 */
export async function sendEvidence(
  res: Response,
  found: { evidence: Evidence; type: string; size: number; content: Readable },
): Promise<void> {
  const { type, size, content } = found
  // What cannot be read is an error page like any other: nothing is said of the file before its first bytes are there.
  await once(content, 'readable')
  const name = `bang-chung-${dayOf(found.evidence.added)}`
  res.setHeader('Content-Type', type)
  res.setHeader('Content-Length', size)
  res.setHeader('Cache-Control', 'no-store')
  res.setHeader('X-Content-Type-Options', 'nosniff')
  res.setHeader('Content-Security-Policy', "default-src 'none'; sandbox; frame-ancestors 'none'")
  res.setHeader(
    'Content-Disposition',
    type === 'application/pdf' ? `attachment; filename="${name}.pdf"` : `inline; filename="${name}.webp"`,
  )
  await pipeline(content, res).catch((error: unknown) => {
    // Who left in the middle does not miss the rest.
    if (!res.closed) throw error
  })
}
