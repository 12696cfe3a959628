/**
 * What was answered and where the learner is, until the server has it: kept in this browser under whoever answered, and
 * sent in order. Each event has its own id, so one that is sent twice is there once. Tokens are not kept: what a tab
 * left behind is sent with one that a session of the same person gets (`renew`). Without an owner, on a device that
 * others use say, all of it is in the memory of the page and nowhere else.
 */
import { type Event_, keep, letGo, type Place, rowsOf, type Whose } from './kept.ts'

const MOST = 25

export interface Queue extends Whose {
  token: string
  csrf?: string | undefined
  events: { event: Event_; key: Promise<IDBValidKey | null> }[]
  places: Map<string, Place>
  /** How many are sent at once; less after the server said that it was too much. */
  most: number
  /** What the server asked to wait, ms. */
  asked: number
}
export interface Answer {
  results: { id: string; status: string; problem?: { id: string; message: string } }[]
  finished: boolean
}
/**
 * `later`: not now. `sign-in`: nobody, or somebody else, is signed in. `too-old`: nobody gets a token for the attempt
 * any more. `refused`: the server will never take what was sent, and it is let go.
 */
export type Outcome = { kind: 'sent'; answer: Answer } | { kind: 'refused'; problem: unknown } | Failure
type Failure = { kind: 'later' | 'sign-in' | 'too-old' }

export function newQueue(whose: Whose, token = '', csrf?: string): Queue {
  return { ...whose, token, csrf, events: [], places: new Map(), most: MOST, asked: 0 }
}

export const isEmpty = (queue: Queue) => queue.events.length === 0 && queue.places.size === 0

/** Resolves to whether it outlives the page. */
export async function addEvent(queue: Queue, event: Event_): Promise<boolean> {
  const key = queue.owner ? keep('events', { ...whoseOf(queue), event }) : Promise.resolve(null)
  queue.events.push({ event, key })
  return (await key) !== null
}

export async function addPlace(queue: Queue, place: Place): Promise<void> {
  const name = `${place.subContentId}/${place.dataType}`
  queue.places.set(name, place)
  if (queue.owner) await keep('places', { ...whoseOf(queue), place }, `${queue.attempt}/${name}`)
}

/** Sends the first of what waits, once. */
export async function sendSome(queue: Queue): Promise<Outcome> {
  const batch = queue.events.slice(0, queue.most)
  // Alone, where the server said that it was too much.
  const places = queue.most === 1 && batch.length > 0 ? [] : [...queue.places].slice(0, queue.most)
  try {
    const response = await renewing(queue, () => post(queue, batch, places))
    if (response.ok) {
      const answer = (await response.json()) as Answer
      queue.most = MOST
      await forget(queue, batch, places)
      return { kind: 'sent', answer }
    }
    if (response.status >= 500 || response.status === 429) {
      queue.asked = 1000 * (Number(response.headers.get('Retry-After')) || 0)
      return { kind: 'later' }
    }
    if (response.status === 413 && queue.most > 1) {
      queue.most = 1
      return sendSome(queue)
    }
    const problem = problemOf(await response.json().catch(() => null))
    // It was not the server that answered: a gate in between, such as a café's sign-in page.
    if (!problem) return { kind: 'later' }
    // The server will never take this; keeping it would keep everything behind it.
    await forget(queue, batch, places)
    return { kind: 'refused', problem }
  } catch (error) {
    return error instanceof Unrenewed ? { kind: error.kind } : { kind: 'later' }
  }
}

/** With a token, a new one where that has run out. */
async function renewing(queue: Queue, ask: () => Promise<Response>): Promise<Response> {
  if (queue.token) {
    const response = await ask()
    if (response.status !== 401) return response
  }
  await renew(queue)
  const response = await ask()
  if (response.status === 401) throw new Unrenewed('later')
  return response
}

/** Says something of the attempt that is not kept: that it is done, or its answers. */
export async function postTo(
  queue: Queue,
  door: 'done' | 'answers',
  body: object,
): Promise<
  | { kind: 'sent'; answer: object }
  | { kind: 'refused'; problem: unknown }
  | { kind: 'later'; problem?: unknown }
> {
  const ask = () =>
    fetch(`/h5p/attempts/${encodeURIComponent(queue.attempt)}/${door}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${queue.token}` },
      body: JSON.stringify(body),
    })
  try {
    const response = await renewing(queue, ask)
    const answer = (await response.json().catch(() => null)) as object | null
    if (response.ok && answer) return { kind: 'sent', answer }
    if (response.ok || response.status >= 500 || response.status === 429) return { kind: 'later' }
    return { kind: 'refused', problem: problemOf(answer) }
  } catch {
    return { kind: 'later' }
  }
}

/** When the page goes: one request that outlives it. What it reaches the server with is sent again, and there once. */
export function sendLast(queue: Queue): void {
  if (isEmpty(queue) || !queue.token) return
  post(queue, queue.events.slice(0, MOST), [...queue.places].slice(0, MOST), true).catch(() => {
    // What was answered before the page's end was sent while it stood, or is kept.
  })
}

function post(
  queue: Queue,
  batch: Queue['events'],
  places: [string, Place][],
  keepalive = false,
): Promise<Response> {
  return fetch(`/h5p/attempts/${encodeURIComponent(queue.attempt)}/events`, {
    method: 'POST',
    keepalive,
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${queue.token}` },
    body: JSON.stringify({
      events: batch.map(({ event }) => event),
      state: places.map(([, place]) => place),
      sent: new Date().toISOString(),
    }),
  })
}

class Unrenewed extends Error {
  kind: Failure['kind']
  constructor(kind: Failure['kind']) {
    super(kind)
    this.kind = kind
  }
}

async function renew(queue: Queue): Promise<void> {
  if (!queue.renew) throw new Unrenewed('later')
  const response = await fetch(queue.renew, {
    method: 'POST',
    headers: { Accept: 'application/json', ...(queue.csrf ? { 'x-csrf-token': queue.csrf } : {}) },
  })
  if (response.status >= 500 || response.status === 429) throw new Unrenewed('later')
  const answer = (await response.json().catch(() => null)) as { token?: unknown } | null
  if (response.ok && typeof answer?.token === 'string') {
    queue.token = answer.token
    return
  }
  const { id } = (problemOf(answer) ?? {}) as { id?: string }
  const isOver = id === 'h5p-attempt-too-old' || response.status === 404 || response.status === 410
  throw new Unrenewed(isOver ? 'too-old' : 'sign-in')
}

const problemOf = (answer: unknown) => (answer as { problems?: unknown[] } | null)?.problems?.[0]

async function forget(queue: Queue, batch: Queue['events'], places: [string, Place][]): Promise<void> {
  // Not the first ones: what an earlier visit left may have come before them meanwhile.
  queue.events = queue.events.filter((each) => !batch.includes(each))
  const keys = await Promise.all(batch.map(({ key }) => key))
  // Unless the learner has gone on meanwhile.
  const gone = places.filter(([name, place]) => queue.places.get(name) === place)
  for (const [name] of gone) queue.places.delete(name)
  if (!queue.owner) return
  await letGo(
    keys.filter((key) => key !== null),
    gone.map(([name]) => `${queue.attempt}/${name}`),
  )
}

/** The queues that this owner left behind, an attempt each, in the order in which they were answered. */
export async function keptOf(owner: string): Promise<Queue[]> {
  const queues = new Map<string, Queue>()
  for (const { key, row } of await rowsOf(owner)) {
    const { event, place, ...whose } = row
    const queue = queues.get(whose.attempt) ?? newQueue(whose)
    queues.set(whose.attempt, queue)
    if (event) queue.events.push({ event, key: Promise.resolve(key) })
    if (place) queue.places.set(`${place.subContentId}/${place.dataType}`, place)
  }
  return [...queues.values()]
}

/** Lets go of all that an owner left behind, or of one attempt of theirs. */
export async function dropKept(owner: string, attempt?: string): Promise<void> {
  for (const queue of await keptOf(owner))
    if (!attempt || queue.attempt === attempt) await forget(queue, [...queue.events], [...queue.places])
}

/** How many results wait in it, as its owner would count them. */
export function resultsIn({ events }: Queue): number {
  return Math.max(1, events.filter(({ event }) => 'result' in event.statement).length)
}

/**
 * Sends what an owner left behind, but not the attempt that a page plays just now; `lost` counts results that came too
 * late for ever.
 */
export async function sendKept(
  owner: string,
  { except = '' }: { except?: string } = {},
): Promise<{ kind: 'done' | 'later' | 'sign-in'; sent: number; lost: number }> {
  let sent = 0
  let lost = 0
  for (const queue of await keptOf(owner)) {
    if (queue.attempt === except) continue
    const results = resultsIn(queue)
    while (!isEmpty(queue)) {
      const { kind } = await sendSome(queue)
      if (kind === 'later' || kind === 'sign-in') return { kind, sent, lost }
      if (kind === 'too-old') {
        await forget(queue, [...queue.events], [...queue.places])
        lost += results
      } else if (isEmpty(queue)) sent += results
    }
  }
  return { kind: 'done', sent, lost }
}

function whoseOf({ attempt, owner, title, renew }: Queue): Whose {
  return { attempt, owner, title, renew }
}
