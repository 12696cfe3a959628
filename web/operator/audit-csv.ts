import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { RequestHandler } from 'express'
import type { AuditEntry, AuditFilter } from '../../lrs/index.ts'
import { cellOf } from '../../profiles/index.ts'
import { go, send, viewOf } from '../page.ts'
import type { WebServices } from '../services.ts'
import { askedOf, auditAddress, readAsked } from './audit-filter.ts'

const STEP = 500
const COLUMNS = ['time', 'action', 'actor', 'source', 'credential', 'subjects', 'of', 'detail'] as const

/** The whole filtered log as a file, sent as it is read. Ids alone: it holds no names of people, as the log itself. */
export function auditCsv(services: WebServices): RequestHandler {
  return async (req, res) => {
    const view = viewOf(res)
    const asked = askedOf(req)
    const { filter, errors } = readAsked(view, asked, await services.sources.list())
    // The page says what is wrong with the filter.
    if (errors.length > 0) return send(req, res, go(auditAddress(asked)))
    const day = new Date().toISOString().slice(0, 10)
    res.setHeader('Cache-Control', 'no-store')
    res.setHeader('Content-Disposition', `attachment; filename="nhat-ky-${day}.csv"`)
    res.type('text/csv; charset=utf-8')
    await pipeline(Readable.from(linesOf(services, filter)), res).catch((error: unknown) => {
      // Who left in the middle does not miss the rest.
      if (!res.closed) throw error
    })
  }
}

async function* linesOf(services: WebServices, filter: Omit<AuditFilter, 'limit'>): AsyncIterable<string> {
  // The mark by which spreadsheet programs know UTF-8.
  yield `\ufeff${COLUMNS.join(',')}\r\n`
  let before: string | null = null
  do {
    const page = await services.audit({ ...filter, ...(before !== null && { before }), limit: STEP })
    yield page.entries.map(lineOf).join('')
    before = page.next
  } while (before !== null)
}

function lineOf(entry: AuditEntry): string {
  const { at, action, actor, source, credential, subjects, of, detail } = entry
  const cells = [
    new Date(at).toISOString(),
    action,
    actor,
    source ?? '',
    credential ?? '',
    subjects.join(' '),
    of.join(' '),
    JSON.stringify(detail),
  ]
  return `${cells.map(cellOf).join(',')}\r\n`
}
