import type { Caller } from '../../caller.ts'
import { NOT_UTF8 } from '../../problem.ts'
import { createPacker, type PackedRecords } from '../../storage/packed.ts'
import { scan } from '../json.ts'
import { parseJson } from '../json-syntax.ts'
import { type Circumstances, createPreparation } from '../preparation.ts'
import { problem } from '../problems.ts'
import type { Prepared } from '../types.ts'
import { createSplitter, type Piece } from './split.ts'

/**
 * Largest statement, as bytes of its JSON. What is read of one takes twenty times as much memory while it is checked,
 * and a page of statements always holds one.
 */
export const MAX_STATEMENT_BYTES = 4_000_000
/** Most statements in one request: they become one commit, behind which other writers wait. */
export const MAX_STATEMENTS = 20_000

export type Outcome = { ok: true } | Extract<Prepared, { ok: false }>

export interface Progress {
  /** What is complete, when it is enough to be given on. */
  packed: PackedRecords | null
  /** Told when it is over: at the end, or before, when nothing more needs to be read. */
  outcome: Outcome | null
}

/** One large body on its way: bytes in, packed records out. */
export interface Session {
  push(bytes: Uint8Array): Promise<Progress>
  end(): Promise<Progress>
}

export function createSession(request: Circumstances, caller: Caller): Session {
  const { version } = request
  const splitter = createSplitter(MAX_STATEMENT_BYTES)
  const preparation = createPreparation(request, caller)
  const packer = createPacker()
  let begun = false
  let over = false

  async function take(pieces: readonly Piece[]): Promise<void> {
    for (const piece of pieces) {
      if (preparation.taken === MAX_STATEMENTS) {
        stop('statements-many', 'body', `A request may hold ${MAX_STATEMENTS} statements at most.`)
        break
      }
      const parsed = parseJson(piece.text)
      if (!parsed.ok) {
        preparation.fault(piece.text, parsed.fault, piece)
        over = true
        break
      }
      begin(parsed.value)
      const record = await preparation.take(parsed.value, piece.text, scan(piece.text), piece)
      if (record) packer.add(record)
      if (preparation.isFull()) {
        over = true
        break
      }
    }
    if (!over && splitter.fault) tell(splitter.fault)
  }

  function begin(first?: unknown): void {
    if (!begun) preparation.begin(splitter.isBatch === true, first)
    begun = true
  }

  function tell({ kind, ...place }: NonNullable<typeof splitter.fault>): void {
    over = true
    if (kind === 'utf8') preparation.refuse(NOT_UTF8)
    else if (kind === 'syntax') preparation.fault('', { kind, offset: 0, path: '' }, place)
    else {
      const path = splitter.isBatch ? `statements[${preparation.taken}]` : 'statement'
      stop('statement-large', path, `It may have ${MAX_STATEMENT_BYTES} bytes of JSON at most.`)
    }
  }

  function stop(id: 'statements-many' | 'statement-large', path: string, detail: string): void {
    over = true
    preparation.refuse(problem(id, version, path, detail))
  }

  return {
    async push(bytes) {
      await take(splitter.push(bytes))
      if (over) return { packed: null, outcome: preparation.finish() }
      // Also when it is not full: what is held here while more comes in lives long enough to be costly garbage.
      return { packed: packer.take(), outcome: null }
    },
    async end() {
      await take(splitter.end())
      if (!over) begin()
      const outcome = preparation.finish()
      return { packed: outcome.ok ? packer.take() : null, outcome }
    },
  }
}
