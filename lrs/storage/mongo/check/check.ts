import type { ClientSession } from 'mongodb'
import type { CheckOptions, Finding, TenantId } from '../../port.ts'
import { runAgainOnDuplicate } from '../connect.ts'
import { namesOf, SYSTEM } from '../names.ts'
import { blobLook, fileLook, holdLook } from './blob-flaws.ts'
import { countLook, voidEventLook } from './count-flaws.ts'
import { documentLook, entryLook } from './document-flaws.ts'
import { type Flaw, type Look, REMEDIES } from './flaw.ts'
import { idLook, nameLook } from './id-flaws.ts'
import { indexLook } from './index-flaws.ts'
import type { Place } from './place.ts'
import { statementLook } from './statement-flaws.ts'
import { tenantsOf } from './tenants-of.ts'

export type Whole = Omit<Place, 'names'>
type Progress = { progress?: CheckOptions['progress'] }

/** Of one look again at most so many: a transaction has its limits. */
const MOST_AGAIN = 50

/** Looks through everything page by page, and again, as of one moment, at what seems wrong. See Storage.check. */
export async function* checkAll(
  whole: Whole,
  { quick = false, progress }: CheckOptions,
): AsyncGenerator<Finding> {
  const tell = await counting(whole, { progress })
  let drifted = false
  for await (const flaw of flawsOf(whole, indexLook(whole.connection), tell)) {
    drifted = true
    yield findingOf(flaw, null)
  }
  // Without its index a look would read everything for each document.
  if (drifted) return
  for (const tenant of await tenantsOf(whole)) {
    const place = { ...whole, names: namesOf(tenant) }
    const own = tenant === SYSTEM ? null : tenant
    for (const look of looks(place, quick))
      for await (const flaw of flawsOf(whole, look, tell)) yield findingOf(flaw, own)
  }
  for await (const flaw of flawsOf(whole, fileLook(whole), tell)) yield findingOf(flaw, null)
}

/** The same way, and puts right what can be. See Storage.mend. */
export async function mendAll(whole: Whole, options: Progress): Promise<number> {
  const tell = await counting(whole, options)
  let mended = await mend(whole, indexLook(whole.connection), tell)
  for (const tenant of await tenantsOf(whole)) {
    const place = { ...whole, names: namesOf(tenant) }
    for (const look of looks(place, true)) mended += await mend(whole, look, tell)
  }
  return mended + (await mend(whole, fileLook(whole), tell))
}

/** What hangs on statements first: then it is known which of the rest hangs on nothing. */
function looks(place: Place, quick: boolean): Look[] {
  const documents = [documentLook(place), entryLook(place)]
  if (place.names.tenant === SYSTEM) return documents
  return [
    statementLook(place),
    idLook(place),
    nameLook(place),
    countLook(place),
    voidEventLook(place),
    blobLook(place, quick),
    holdLook(place),
    ...documents,
  ]
}

const findingOf = ({ kind, what, tenant }: Flaw<unknown>, own: TenantId | null): Finding => ({
  kind,
  tenant: tenant ?? own,
  what,
  mend: REMEDIES[kind],
})

async function* flawsOf<Id>({ connection }: Whole, look: Look<Id>, tell: Tell): AsyncGenerator<Flaw<Id>> {
  for await (const page of look.pages()) {
    const seeming = await connection.ask(() => look.flaws(page))
    if (seeming.length > 0) await look.settled?.(seeming)
    for (const some of inParts(suspects(seeming)))
      yield* look.again === 'apart'
        ? await connection.ask(() => look.flaws(some))
        : await connection.transact(async (session) => {
            const found = await look.flaws(some, session)
            await session.abortTransaction()
            return found
          })
    if (look.counts) tell(page.length)
  }
}

async function mend<Id>({ connection }: Whole, look: Look<Id>, tell: Tell): Promise<number> {
  let mended = 0
  const fixAll = async (flaws: readonly Flaw<Id>[], session?: ClientSession) => {
    const fixes = flaws.flatMap(({ fix }) => fix ?? [])
    for (const fix of fixes) await fix(session)
    return fixes.length
  }
  for await (const page of look.pages()) {
    const seeming = await connection.ask(() => look.flaws(page))
    for (const some of inParts(suspects(seeming.filter(({ fix }) => fix))))
      mended +=
        look.again === 'at one moment'
          ? await runAgainOnDuplicate(() =>
              connection.transact(async (session) => fixAll(await look.flaws(some, session), session)),
            )
          : await connection.ask(async () => fixAll(await look.flaws(some)))
    if (look.counts) tell(page.length)
  }
  return mended
}

const suspects = <Id>(flaws: readonly Flaw<Id>[]) => [...new Set(flaws.map(({ at }) => at))]

function* inParts<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < all.length; at += MOST_AGAIN) yield all.slice(at, at + MOST_AGAIN)
}

type Tell = (looked: number) => void

async function counting({ connection, schema }: Whole, { progress }: Progress): Promise<Tell> {
  const counted = await connection.ask(() =>
    Promise.all(
      [schema.statement, schema.doc, schema.blob].map((collection) => collection.estimatedDocumentCount()),
    ),
  )
  const total = counted.reduce((sum, count) => sum + count, 0)
  let done = 0
  return (looked) => {
    done = Math.min(total, done + looked)
    progress?.(done, total)
  }
}
