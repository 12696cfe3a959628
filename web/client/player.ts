/** Says in words how the outer module of the player (h5p/) gets on with the record. */
interface Status {
  unsent: number
  waiting: boolean
  kept: boolean
}
const frame = document.querySelector<HTMLIFrameElement>('#lesson')
const state = document.querySelector<HTMLElement>('#lesson-state')
const done = document.querySelector<HTMLElement>('#lesson-done')

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

if (frame && state) {
  const say = (
    name: 'saving' | 'saved' | 'offline' | 'offlineUnkept' | 'failed' | 'failedUnkept' | 'refused',
  ) => {
    const words = state.dataset[name] ?? ''
    if (state.textContent !== words) state.textContent = words
  }
  frame.addEventListener('h5p:status', (event) => {
    const { unsent, waiting, kept } = (event as CustomEvent<Status>).detail
    if (waiting && unsent > 0) {
      const how = navigator.onLine ? 'failed' : 'offline'
      say(kept ? how : `${how}Unkept`)
    } else say(unsent > 0 ? 'saving' : 'saved')
  })
  frame.addEventListener('h5p:refused', () => say('refused'))
  frame.addEventListener('h5p:finished', () => {
    state.hidden = true
    if (done) done.hidden = false
  })
}

export {}
