/** Says in words how the outer module of the player (h5p/) gets on with the record, and what came of the lesson. */
interface Status {
  unsent: number
  waiting: boolean
  kept: boolean
}
/** h5p/attempt/hand-in.ts. */
interface Handed {
  questions: {
    points: number
    max: number
    text: string
    right: string
    explanation: string
    feedback: string[]
  }[]
}
type Words =
  | 'saving'
  | 'saved'
  | 'ended'
  | 'offline'
  | 'offlineUnkept'
  | 'failed'
  | 'failedUnkept'
  | 'handing'
  | 'handFailed'
  | 'refused'

const frame = document.querySelector<HTMLIFrameElement>('#lesson')
const state = document.querySelector<HTMLElement>('#lesson-state')
const done = document.querySelector<HTMLElement>('#lesson-done')
const declare = document.querySelector<HTMLElement>('#lesson-declare')
const review = document.querySelector<HTMLElement>('#lesson-review')
let ended = false
const { fonts } = document.body.dataset

if (fonts) {
  const ask = () => {
    const sheet = document.createElement('link')
    sheet.rel = 'stylesheet'
    sheet.href = fonts
    document.head.append(sheet)
  }
  if (frame) frame.addEventListener('h5p:shown', ask, { once: true })
  else ask()
}

function say(name: Words): void {
  const words = state?.dataset[name] ?? ''
  if (state && state.textContent !== words) state.textContent = words
}

/**
 * Shows what the server says of the attempt; what the page brought stays where that cannot be had. It is said and stands
 * below the lesson: whoever still reads what was said of the last answer is not taken away from it.
 */
async function end(place: HTMLElement): Promise<void> {
  say('ended')
  ended = true
  if (declare) declare.hidden = true
  place.hidden = false
  const address = place.dataset.end
  if (!address) return
  const answer = await fetch(address, { headers: { Accept: 'application/json' } }).catch(() => null)
  if (!answer?.ok) return
  const { end: text } = (await answer.json().catch(() => ({}))) as { end?: string }
  if (!text) return
  const fresh = document.createElement('template')
  // Markup of our own server, escaped there.
  fresh.innerHTML = text
  place.className = ''
  place.replaceChildren(fresh.content)
}

function show(place: HTMLElement, { questions }: Handed): void {
  const { right = '', wrong = '', answer = '' } = place.dataset
  const worded = (text: string) =>
    text === 'true' || text === 'false' ? (place.dataset[text] ?? text) : text
  const line = (text: string, name?: string) => {
    const part = document.createElement('p')
    part.textContent = text
    if (name) part.className = name
    return part
  }
  place.querySelector('ol')?.replaceChildren(
    ...questions.map((each) => {
      const item = document.createElement('li')
      const isRight = each.max > 0 && each.points >= each.max
      item.append(
        line(each.text),
        line(`${isRight ? '✓' : '✗'} ${isRight ? right : wrong}`, isRight ? 'small' : 'small error'),
      )
      if (!isRight && each.right) item.append(line(answer.replace('{answer}', worded(each.right)), 'small'))
      for (const text of [each.explanation, ...each.feedback])
        if (text) item.append(line(text, 'small muted'))
      return item
    }),
  )
  place.hidden = false
}

if (frame) {
  frame.addEventListener('h5p:status', (event) => {
    const { unsent, waiting, kept } = (event as CustomEvent<Status>).detail
    if (waiting && unsent > 0) {
      const how = navigator.onLine ? 'failed' : 'offline'
      say(kept ? how : `${how}Unkept`)
    } else if (!ended) say(unsent > 0 ? 'saving' : 'saved')
  })
  frame.addEventListener('h5p:refused', () => say('refused'))
  frame.addEventListener('h5p:handing', (event) =>
    say((event as CustomEvent<{ failed: boolean }>).detail.failed ? 'handFailed' : 'handing'),
  )
  frame.addEventListener('h5p:handed', (event) => {
    if (review) show(review, (event as CustomEvent<Handed>).detail)
  })
  frame.addEventListener('h5p:finished', () => {
    if (done) void end(done)
  })
  const failed = declare?.querySelector<HTMLElement>('[data-failed]')
  declare?.querySelector('button')?.addEventListener('click', () => {
    if (failed) failed.hidden = true
    frame.dispatchEvent(new CustomEvent('h5p:declare'))
  })
  frame.addEventListener('h5p:undeclared', () => {
    if (failed) failed.hidden = false
  })
}

export {}
