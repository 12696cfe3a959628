/** Says in words how the outer module of the player (h5p/) gets on with the record. */
const frame = document.querySelector<HTMLIFrameElement>('#lesson')
const state = document.querySelector<HTMLElement>('#lesson-state')
const done = document.querySelector<HTMLElement>('#lesson-done')

if (frame && state) {
  const say = (name: 'saving' | 'saved' | 'offline' | 'failed' | 'refused') => {
    const words = state.dataset[name] ?? ''
    if (state.textContent !== words) state.textContent = words
  }
  frame.addEventListener('h5p:status', (event) => {
    const { unsent, waiting } = (event as CustomEvent<{ unsent: number; waiting: boolean }>).detail
    if (waiting) say(navigator.onLine ? 'failed' : 'offline')
    else say(unsent > 0 ? 'saving' : 'saved')
  })
  frame.addEventListener('h5p:refused', () => say('refused'))
  frame.addEventListener('h5p:finished', () => {
    state.hidden = true
    if (done) done.hidden = false
  })
}

export {}
