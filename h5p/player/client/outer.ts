/**
 * The outer page's half of the player. The page holds
 *
 *   <iframe src="{frameUrl}" sandbox="{sandbox}" referrerpolicy="no-referrer" allow="fullscreen; autoplay" title="{title}"
 *     data-h5p-attempt="{attempt.id}" data-h5p-token="{token}" data-h5p-renew="{URL, optional}"
 *     data-h5p-csrf="{sent as x-csrf-token with the renewal, optional}"
 *     data-h5p-owner="{under whom this browser keeps what is not sent yet; absent: under nobody}"
 *     data-h5p-title="{by which the owner knows what waits}"
 *     data-h5p-assessed="{present: its answers are handed in at its end}"></iframe>
 *   <script type="module" src="{host.outerScript}"></script>
 *
 * and hears on the iframe: `h5p:shown` when the lesson first stands there, `h5p:status` with `{unsent, waiting, kept}` whenever that changes (waiting: the line is gone,
 * it is tried again by itself; kept: what is unsent outlives this page), `h5p:finished` once when the server has taken
 * the lesson's end, `h5p:refused` with the problem of an event that the server did not take. Statements are checked for
 * their shape only; what they say is the server's to judge.
 *
 * Told `h5p:declare` on the iframe, it says for the learner that the lesson is done, and tells `h5p:finished` or
 * `h5p:undeclared`. Of an assessed lesson it tells `h5p:handing` with `{failed}` while the answers are handed in, and
 * `h5p:handed` with what the server says of them.
 */
import type { Place } from './kept.ts'
import {
  addEvent,
  addPlace,
  isEmpty,
  keptOf,
  newQueue,
  postTo,
  sendKept,
  sendLast,
  sendSome,
} from './queue.ts'

const PROTOCOL = 'suotdoi-h5p/1'
const LONGEST_PAUSE = 60_000
/** What an earlier visit left is waited for no longer than this: the lesson opens without it. */
const CATCH_UP_MS = 8_000
/** A line that has just come back may fail once more. */
const CATCH_UP_TRIES = 3

for (const frame of document.querySelectorAll<HTMLIFrameElement>('iframe[data-h5p-attempt]')) play(frame)

function play(frame: HTMLIFrameElement): void {
  const { h5pAttempt: attempt = '', h5pRenew: renew = '', h5pOwner: owner = '' } = frame.dataset
  const { h5pCsrf: csrf, h5pToken: token, h5pTitle: title = frame.title } = frame.dataset
  const isAssessed = frame.dataset.h5pAssessed !== undefined
  // The page's own markup needs it no longer, and what is not there cannot be read.
  frame.removeAttribute('data-h5p-token')
  const queue = newQueue({ attempt, owner, title, renew }, token, csrf)
  let busy = false
  let failures = 0
  let timer = 0
  let finished = false
  let shown = false
  const lent = new Set<string>()
  let kept = owner !== ''
  const answers: Record<string, string> = {}
  let handing = false
  // An opaque origin is told as "null", and can be named by nothing but "*".
  const origin = frame.sandbox.contains('allow-same-origin') ? new URL(frame.src).origin : 'null'
  const to = origin === 'null' ? '*' : origin

  const tell = (type: string, detail: object) =>
    frame.dispatchEvent(new CustomEvent(`h5p:${type}`, { detail }))
  const status = () => tell('status', { unsent: queue.events.length, waiting: failures > 0, kept })

  window.addEventListener('message', (event) => {
    // The window is what tells our frame from any other; the origin, what stands in it now.
    if (event.source !== frame.contentWindow || event.origin !== origin) return
    const message: unknown = event.data
    if (!isRecord(message) || message.protocol !== PROTOCOL) return
    if (message.kind === 'ready') greet()
    else if (message.kind === 'height' && typeof message.height === 'number') {
      resize(message.height)
      if (shown) return
      shown = true
      tell('shown', {})
      void lendFonts(frame, to, lent)
    } else if (message.kind === 'statement' && isRecord(message.statement)) {
      const answered = { id: uuid(), at: new Date().toISOString(), statement: message.statement }
      if (isAssessed && noteAnswer(answers, message.statement)) void handIn()
      void addEvent(queue, answered).then((outlives) => {
        if (kept === outlives) return
        kept = outlives
        status()
      })
      status()
      soon(300)
    } else if (message.kind === 'state' && isPlace(message)) {
      const { dataType, subContentId, data, preload, invalidate } = message
      void addPlace(queue, { dataType, subContentId, data, preload, invalidate })
      soon(300)
    }
  })
  // Faces that the page itself got later, after the lesson on a slow line.
  document.fonts.addEventListener('loadingdone', () => {
    if (shown) void lendFonts(frame, to, lent)
  })
  const greet = () => frame.contentWindow?.postMessage({ protocol: PROTOCOL, kind: 'hello' }, to)
  greet()

  function resize(height: number): void {
    if (height > 0 && height < 100_000) frame.style.height = `${height}px`
  }

  function soon(ms: number): void {
    if (busy || timer) return
    timer = window.setTimeout(() => {
      timer = 0
      void flush()
    }, ms)
  }

  async function flush(): Promise<void> {
    if (busy || isEmpty(queue)) return
    busy = true
    const outcome = await sendSome(queue)
    busy = false
    if (outcome.kind === 'sent') {
      failures = 0
      for (const result of outcome.answer.results)
        if (result.status === 'refused') tell('refused', { problem: result.problem })
      if (outcome.answer.finished) finish()
    } else if (outcome.kind === 'refused') tell('refused', { problem: outcome.problem })
    else failures += 1
    status()
    if (!isEmpty(queue)) soon(failures > 0 ? Math.max(queue.asked, backoff(failures)) : 0)
    queue.asked = 0
  }

  function finish(): void {
    if (finished || handing) return
    finished = true
    tell('finished', {})
  }

  /** What was answered goes first; again until the server has said something. */
  async function handIn(): Promise<void> {
    if (handing) return
    handing = true
    for (let tries = 1; handing; tries++) {
      tell('handing', { failed: tries > 1 })
      await flush()
      const outcome = await postTo(queue, 'answers', { answers })
      if (outcome.kind === 'later') await untilOnline(backoff(tries))
      else {
        handing = false
        if (outcome.kind !== 'sent') tell('refused', { problem: outcome.problem })
        else {
          tell('handed', outcome.answer)
          finish()
        }
      }
    }
  }

  frame.addEventListener('h5p:declare', async () => {
    await flush()
    const { kind } = await postTo(queue, 'done', {})
    if (kind === 'sent') finish()
    else tell('undeclared', {})
  })

  /**
   * What an earlier visit could not send comes first, and the frame, whose page the server made without knowing of it, is
   * asked for anew, so that the learner goes on from there.
   */
  async function catchUp(): Promise<void> {
    const left = (await keptOf(owner).catch(() => [])).find((each) => each.attempt === attempt)
    if (!left) return
    const begun = Date.now()
    const here = new Set(queue.events.map(({ event }) => event.id))
    queue.events.unshift(...left.events.filter(({ event }) => !here.has(event.id)))
    for (const [name, place] of left.places) if (!queue.places.has(name)) queue.places.set(name, place)
    frame.style.visibility = 'hidden'
    while (!isEmpty(queue) && failures < CATCH_UP_TRIES && Date.now() - begun < CATCH_UP_MS) {
      await flush()
      await new Promise((done) => setTimeout(done, 200))
    }
    if (isEmpty(queue)) {
      shown = false
      lent.clear()
      frame.addEventListener('load', () => frame.style.removeProperty('visibility'), { once: true })
      // biome-ignore lint/correctness/noSelfAssign: it loads the page of the frame again
      frame.src = frame.src
    } else frame.style.removeProperty('visibility')
  }
  if (owner)
    void catchUp()
      .then(() => sendKept(owner, { except: attempt }))
      .catch(() => {
        // Other pages try it too (web/client/unsent.ts).
      })

  window.addEventListener('online', () => {
    window.clearTimeout(timer)
    timer = 0
    void flush()
  })
  window.addEventListener('pagehide', () => sendLast(queue))
  window.addEventListener('beforeunload', (event) => {
    // Asks, in the browser's own words: with the page it would be gone. While there is a line, the page's end sends it.
    if (queue.events.length > 0 && failures > 0 && !kept) event.preventDefault()
  })
}

/** Keeps the response of a statement by its question; whether it is the one that ends the lesson. */
function noteAnswer(answers: Record<string, string>, statement: Record<string, unknown>): boolean {
  const { object, verb, result } = statement as {
    object?: { id?: unknown }
    verb?: { id?: unknown }
    result?: { response?: unknown; completion?: unknown }
  }
  const part = /[?&]subContentId=([\w-]+)/.exec(String(object?.id))?.[1]
  const said = /\/(answered|completed)$/.exec(String(verb?.id))?.[1]
  if (said === 'answered' && typeof result?.response === 'string') answers[part ?? '0'] = result.response
  return part === undefined && said !== undefined
}

function untilOnline(ms: number): Promise<void> {
  return new Promise((done) => {
    const timer = window.setTimeout(done, ms)
    const stop = () => {
      window.clearTimeout(timer)
      done()
    }
    window.addEventListener('online', stop, { once: true })
  })
}

/** Longer each time, and not the same for all whom one outage met. */
function backoff(failures: number): number {
  return Math.min(1000 * 2 ** failures, LONGEST_PAUSE) * (0.75 + Math.random() / 2)
}

/**
 * Gives the frame the faces that this page has loaded, so that the lesson is set in the page's own type without loading
 * it a second time: a page of opaque origin shares no cache with ours.
 */
async function lendFonts(frame: HTMLIFrameElement, to: string, lent: Set<string>): Promise<void> {
  await document.fonts.ready
  const loaded = new Set([...document.fonts].filter((face) => face.status === 'loaded').map(faceKey))
  const rules = [...document.styleSheets]
    .filter((sheet) => !sheet.href || new URL(sheet.href).origin === location.origin)
    .flatMap((sheet) => [...sheet.cssRules].map((rule) => ({ rule, base: sheet.href ?? location.href })))
  for (const { rule, base } of rules) {
    if (!(rule instanceof CSSFontFaceRule)) continue
    const value = (name: string) => rule.style.getPropertyValue(name)
    const described = {
      family: value('font-family').replace(/^["']|["']$/g, ''),
      weight: value('font-weight') || 'normal',
      style: value('font-style') || 'normal',
      unicodeRange: value('unicode-range') || 'U+0-10FFFF',
    }
    const url = /url\(["']?([^"')]+)/.exec(value('src'))?.[1]
    const key = faceKey(described)
    if (!url || !loaded.has(key) || lent.has(key)) continue
    lent.add(key)
    const response = await fetch(new URL(url, base), { cache: 'force-cache' })
    if (!response.ok) continue
    const bytes = await response.arrayBuffer()
    frame.contentWindow?.postMessage({ protocol: PROTOCOL, kind: 'font', ...described, bytes }, to, [bytes])
  }
}

function faceKey(face: Pick<FontFace, 'family' | 'weight' | 'style' | 'unicodeRange'>): string {
  const { family, weight, style, unicodeRange } = face
  const plain = family.replace(/^["']|["']$/g, '')
  return `${plain}/${weight}/${style}/${unicodeRange.replaceAll(' ', '').toUpperCase()}`
}

/** `crypto.randomUUID` is there in secure contexts only, and a centre's own network may be without HTTPS. */
function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = (bytes[6]! & 0x0f) | 0x40
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isPlace(message: Record<string, unknown>): message is Record<string, unknown> & Place {
  return (
    typeof message.dataType === 'string' &&
    typeof message.subContentId === 'string' &&
    (message.data === null || typeof message.data === 'string') &&
    typeof message.preload === 'boolean' &&
    typeof message.invalidate === 'boolean'
  )
}
