/**
 * Entries of the diary that were written without a line: kept in this browser under whoever wrote them, shown, and sent
 * once there is a line, in order. The server knows each by its own name, so one that is sent twice is there once, and
 * takes none of anybody but the one who is signed in. Beside them, results of lessons, which the player keeps and sends.
 */
/** h5p/player/client/queue.ts, at the address that the page gives. */
interface Results<Queue> {
  keptOf(owner: string): Promise<Queue[]>
  resultsIn(queue: Queue): number
  sendKept(owner: string): Promise<{ kind: 'done' | 'later' | 'sign-in'; sent: number; lost: number }>
  dropKept(owner: string, attempt?: string): Promise<void>
}
interface Answered {
  attempt: string
  title: string
}
interface Unsent {
  /** By which the server knows it again. */
  id: string
  owner: string
  at: number
  fields: Record<string, string>
  file: File | null
  /** Why the server did not take it, in its words. */
  refused: string | null
}
type Panel = HTMLElement & { dataset: DOMStringMap }

const RETRY_MS = 30_000
/** Who signs out waits no longer than this for what is sent. */
const PATIENCE_MS = 2_000
const YEAR_S = 31_536_000
const owner = ownerHere()
const panel = document.querySelector<Panel>('[data-unsent]')
const address = document.querySelector<HTMLElement>('[data-results]')?.dataset.results
const results: Promise<Results<Answered> | null> = address
  ? import(address).catch(() => null)
  : Promise.resolve(null)
let own: Unsent[] = []
let answered: (Answered & { count: number })[] = []
let sentNow = 0
const told = { sent: 0, lost: 0 }
let sending: Promise<void> | null = null
/** Asked to send while it was at it. */
let again = false
let retry = 0

/** Who uses this browser: the page says so, and one that was laid by asks what the last page said. */
function ownerHere(): string | null {
  const said = document.body.dataset.owner
  if (said !== undefined) return said || null
  try {
    return localStorage.getItem('owner')
  } catch {
    return null
  }
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((done, failed) => {
    request.onsuccess = () => done(request.result)
    request.onerror = () => failed(request.error)
  })
}

async function withStore<T>(
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const opening = indexedDB.open('suotdoi', 1)
  opening.onupgradeneeded = () => opening.result.createObjectStore('unsent', { keyPath: 'id' })
  const database = await settled(opening)
  try {
    const transaction = database.transaction('unsent', mode)
    const ended = new Promise<void>((done, failed) => {
      transaction.oncomplete = () => done()
      transaction.onabort = () => failed(transaction.error)
    })
    const result = await settled(work(transaction.objectStore('unsent')))
    await ended
    return result
  } finally {
    database.close()
  }
}

async function look(): Promise<void> {
  const queue = await results
  const left = await queue?.keptOf(owner!).catch(() => [])
  answered = (left ?? []).map((each) => ({ ...each, count: queue!.resultsIn(each) }))
  const all = await withStore('readonly', (store) => store.getAll() as IDBRequest<Unsent[]>)
  own = all.filter((each) => each.owner === owner).sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
  // While anything waits here, signing out does not empty this browser's store (web/session.ts).
  const secure = location.protocol === 'https:' ? '; secure' : ''
  const age = all.length > 0 ? YEAR_S : 0
  // biome-ignore lint/suspicious/noDocumentCookie: not every browser in use has another way
  document.cookie = `unsent=1; path=/; max-age=${age}; samesite=lax${secure}`
}

async function drop(id: string): Promise<void> {
  await withStore('readwrite', (store) => store.delete(id))
  await look()
}

async function sendResults(): Promise<'done' | 'later' | 'sign-in'> {
  if (answered.length === 0) return 'done'
  const outcome = await (await results)!.sendKept(owner!)
  told.sent += outcome.sent
  told.lost += outcome.lost
  return outcome.kind
}

/** Sends one after another until one cannot be sent now; `sign-in`: nobody, or somebody else, is signed in. */
async function sendAll(): Promise<'done' | 'later' | 'sign-in'> {
  for (const each of own.filter(({ refused }) => refused === null)) {
    const form = new FormData()
    for (const [name, value] of Object.entries(each.fields)) form.set(name, value)
    form.set('given', each.id)
    form.set('owner', each.owner)
    if (each.file) form.set('evidence', each.file)
    const answer = await fetch('/me/diary/unsent', {
      method: 'POST',
      body: form,
      headers: { Accept: 'application/json' },
    }).catch(() => null)
    if (!answer || answer.status >= 500 || answer.status === 429) {
      await answer?.body?.cancel()
      return 'later'
    }
    const said = (await answer.json().catch(() => ({}))) as {
      entry?: string
      kept?: boolean
      message?: string
    }
    if (said.entry !== each.id) return 'sign-in'
    if (said.kept) {
      sentNow++
      await drop(each.id)
    } else {
      each.refused = said.message ?? ''
      await withStore('readwrite', (store) => store.put(each))
    }
    show()
  }
  return 'done'
}

function send(): Promise<void> {
  // The line may have come back while a request that began without one is still failing.
  again = sending !== null
  sending ??= (async () => {
    clearTimeout(retry)
    try {
      let outcome: Awaited<ReturnType<typeof sendAll>>
      do {
        again = false
        await look()
        show()
        outcome = own.length > 0 ? await sendAll() : 'done'
        if (outcome === 'done') outcome = await sendResults()
      } while (outcome === 'later' && again)
      await look()
      show(outcome === 'sign-in' ? 'signIn' : undefined)
      if (outcome === 'later') retry = window.setTimeout(() => void send(), RETRY_MS)
    } finally {
      sending = null
    }
  })()
  return sending
}

/** What waits, in words; `note` names what else is to be said. */
function show(note?: 'signIn' | 'kept' | 'full'): void {
  if (!panel) return
  const { dataset } = panel
  const words = (name: string, count: number) => (dataset[name] ?? '').replace('{count}', String(count))
  const waits = own.length + answered.length > 0
  panel.hidden = !waits && sentNow + told.sent + told.lost === 0 && note !== 'full'
  const counts = waits
    ? { title: own.length, titleResults: resultsLeft() }
    : { sent: sentNow, sentResults: told.sent }
  const title = Object.entries(counts).flatMap(([name, count]) => (count > 0 ? [words(name, count)] : []))
  const more = note ? dataset[note] : waits ? dataset.why : ''
  panel.querySelector('[data-unsent-title]')!.textContent = title.join(' · ')
  panel.querySelector('[data-unsent-note]')!.textContent = [
    more,
    told.lost > 0 ? words('lost', told.lost) : '',
  ].join(' ')
  panel.classList.toggle('warning', waits || told.lost > 0)
  panel
    .querySelector('[data-unsent-list]')!
    .replaceChildren(...own.map(itemOf), ...answered.map(answeredItem))
  panel.querySelector<HTMLElement>('[data-unsent-acts] button')!.hidden = !waits
  const diary = panel.querySelector<HTMLElement>('[data-unsent-acts] a')
  if (diary) diary.hidden = own.length + sentNow === 0
}

const resultsLeft = () => answered.reduce((sum, { count }) => sum + count, 0)

function answeredItem({ attempt, title, count }: (typeof answered)[number]): HTMLElement {
  const item = document.createElement('li')
  const text = document.createElement('p')
  text.textContent = `${title} · ${(panel?.dataset.result ?? '').replace('{count}', String(count))}`
  const acts = document.createElement('div')
  acts.className = 'row'
  acts.append(
    actOf(panel?.dataset.away, title, () => {
      void results
        .then((queue) => queue?.dropKept(owner!, attempt))
        .then(look)
        .then(() => show())
    }),
  )
  item.append(text, acts)
  return item
}

function actOf(label: string | undefined, what: string, work: () => void): HTMLElement {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'button'
  button.textContent = label ?? ''
  button.setAttribute('aria-label', `${label}: ${what}`)
  button.onclick = work
  return button
}

function itemOf(each: Unsent): HTMLElement {
  const item = document.createElement('li')
  const text = document.createElement('p')
  const day = (each.fields.day ?? '').split('-').reverse().join('/')
  text.textContent = [each.fields.what, day, each.file ? panel?.dataset.photo : '']
    .filter(Boolean)
    .join(' · ')
  const acts = document.createElement('div')
  acts.className = 'row'
  const act = (label: string | undefined, work: () => void) =>
    acts.append(actOf(label, each.fields.what ?? '', work))
  item.append(text)
  if (each.refused !== null) {
    const why = document.createElement('p')
    why.className = 'error'
    why.textContent = each.refused
    item.append(why)
    if (document.querySelector('form[data-diary]'))
      act(panel?.dataset.fix, () => {
        document.dispatchEvent(new CustomEvent('unsent:fix', { detail: each.fields }))
        void drop(each.id).then(() => show())
      })
  }
  act(panel?.dataset.away, () => void drop(each.id).then(() => show()))
  item.append(acts)
  return item
}

/** What somebody wrote or answered; where a lesson was left is no loss. */
const waits = () => own.length + resultsLeft() > 0

/** Before signing out: what can be sent at once is sent; of the rest it is asked what is to become of it. */
function askAtSignOut(form: HTMLFormElement): boolean {
  const dialog = document.querySelector<HTMLDialogElement>('#unsent-sign-out')
  if (!dialog || !waits() || form.dataset.decided) return false
  const patience = new Promise((done) => setTimeout(done, PATIENCE_MS))
  void Promise.race([send().catch(() => {}), patience]).then(() => {
    if (waits()) return ask(form, dialog)
    form.dataset.decided = 'yes'
    form.requestSubmit()
  })
  return true
}

function ask(form: HTMLFormElement, dialog: HTMLDialogElement): void {
  const body = dialog.querySelector<HTMLElement>('[data-entries]')!
  const failed = dialog.querySelector<HTMLElement>('[data-failed]')!
  body.textContent = Object.entries({ entries: own.length, answers: resultsLeft() })
    .flatMap(([name, count]) =>
      count > 0 ? [(body.dataset[name] ?? '').replace('{count}', String(count))] : [],
    )
    .join(' ')
  failed.hidden = true
  const leave = () => {
    form.dataset.decided = 'yes'
    form.requestSubmit()
  }
  const choose = async (what: string) => {
    if (what === 'send') {
      await send()
      failed.textContent = failed.dataset.failed ?? ''
      failed.hidden = !waits()
      if (waits()) return
    }
    if (what === 'drop') {
      for (const { id } of [...own]) await drop(id)
      await (await results)?.dropKept(owner!)
    }
    leave()
  }
  for (const button of dialog.querySelectorAll<HTMLButtonElement>('button[value]'))
    if (button.value) button.onclick = () => void choose(button.value)
  dialog.showModal()
}

if (owner && 'indexedDB' in window) {
  // Asked for by web/client/diary.ts, which has the form.
  document.addEventListener('unsent:add', (event) => {
    const { fields, file, id, kept } = (event as CustomEvent).detail as {
      fields: Record<string, string>
      file: File | null
      id: string
      kept(): void
    }
    const entry: Unsent = { id, owner, at: Date.now(), fields, file, refused: null }
    withStore('readwrite', (store) => store.put(entry))
      .then(look)
      .then(() => {
        kept()
        show('kept')
        panel?.focus()
        if (navigator.onLine) void send()
      })
      .catch(() => {
        show('full')
        panel?.focus()
      })
  })
  document.addEventListener(
    'submit',
    (event) => {
      const form = event.target as HTMLFormElement
      if (!form.action.endsWith('/sign-out') || !askAtSignOut(form)) return
      event.preventDefault()
      event.stopPropagation()
    },
    true,
  )
  panel
    ?.querySelector<HTMLButtonElement>('[data-unsent-acts] button')
    ?.addEventListener('click', () => void send())
  addEventListener('online', () => void send())
  void send().catch(() => {})
}

export {}
