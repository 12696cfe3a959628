/**
 * What an owner answered, in this browser's own store until the server has it. `events` keep their order by the number
 * that the store gives them; of `places` the last of each counts.
 */
const NAME = 'suotdoi-h5p'
const YEAR_S = 31_536_000

export interface Event_ {
  id: string
  at: string
  statement: object
}
export interface Place {
  dataType: string
  subContentId: string
  data: string | null
  preload: boolean
  invalidate: boolean
}
/** Whose a queue is; `renew` is where a session of theirs gets a token for the attempt. */
export interface Whose {
  attempt: string
  owner: string
  title: string
  renew: string
}

export interface Kept extends Whose {
  event?: Event_
  place?: Place
}
type Store = 'events' | 'places'

let opened: Promise<IDBDatabase> | undefined

function database(): Promise<IDBDatabase> {
  opened ??= new Promise<IDBDatabase>((done, failed) => {
    const opening = indexedDB.open(NAME, 1)
    opening.onupgradeneeded = () => {
      for (const store of ['events', 'places'])
        opening.result.createObjectStore(store, store === 'events' ? { autoIncrement: true } : {})
    }
    opening.onsuccess = () => {
      // Signing out has the browser take it away.
      opening.result.onversionchange = opening.result.onclose = () => {
        opening.result.close()
        opened = undefined
      }
      done(opening.result)
    }
    opening.onerror = opening.onblocked = () => failed(opening.error)
  })
  opened.catch(() => {
    opened = undefined
  })
  return opened
}

async function within(mode: IDBTransactionMode, work: (of: (store: Store) => IDBObjectStore) => void) {
  const transaction = (await database()).transaction(['events', 'places'], mode)
  work((store) => transaction.objectStore(store))
  await new Promise<void>((done, failed) => {
    transaction.oncomplete = () => done()
    transaction.onabort = () => failed(transaction.error)
  })
}

/** Null where this browser keeps nothing, or has no room. */
export async function keep(store: Store, row: Kept, key?: string): Promise<IDBValidKey | null> {
  try {
    let request: IDBRequest<IDBValidKey> | undefined
    await within('readwrite', (of) => {
      request = of(store).put(row, key)
    })
    remember(true)
    return request?.result ?? null
  } catch {
    return null
  }
}

export async function letGo(events: IDBValidKey[], places: IDBValidKey[]): Promise<void> {
  if (events.length + places.length === 0) return
  const left: IDBRequest<number>[] = []
  await within('readwrite', (of) => {
    for (const key of events) of('events').delete(key)
    for (const key of places) of('places').delete(key)
    left.push(of('events').count(), of('places').count())
  }).catch(() => {
    // It is sent again at another time, and there once.
  })
  if (left.length > 0 && left.every(({ readyState, result }) => readyState === 'done' && result === 0))
    remember(false)
}

/** While anything waits here, whoever's it is, signing out does not empty this browser's store. */
function remember(waits: boolean): void {
  const secure = location.protocol === 'https:' ? '; secure' : ''
  // biome-ignore lint/suspicious/noDocumentCookie: not every browser in use has another way
  document.cookie = `unsent-results=1; path=/; max-age=${waits ? YEAR_S : 0}; samesite=lax${secure}`
}

/** All rows of an owner: events in the order in which they were given, then places. */
export async function rowsOf(owner: string): Promise<{ key: IDBValidKey; row: Kept }[]> {
  const rows: { key: IDBValidKey; row: Kept }[] = []
  if (!owner || !(await hasAny())) return rows
  await within('readonly', (of) => {
    for (const store of ['events', 'places'] as const) {
      const cursor = of(store).openCursor()
      cursor.onsuccess = () => {
        const at = cursor.result
        if (!at) return
        const row = at.value as Kept
        if (row.owner === owner) rows.push({ key: at.key, row })
        at.continue()
      }
    }
  })
  return rows
}

/** Asked first, so that a browser that keeps nothing is not given an empty store. */
async function hasAny(): Promise<boolean> {
  if (!('indexedDB' in globalThis)) return false
  if (!indexedDB.databases) return true
  return (await indexedDB.databases()).some(({ name }) => name === NAME)
}
