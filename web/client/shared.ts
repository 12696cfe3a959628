/**
 * On a shared device: warns before the session ends, keeps it while somebody is at work, and leaves the page when it is
 * over, so that the next one at the device sees nothing. The server ends it whatever happens here.
 */
const WARN_MS = 2 * 60_000
/** While somebody is at work the server hears of it this often. */
const TELL_MS = 2 * 60_000

const warning = document.querySelector<HTMLElement>('[data-shared]')
if (warning) watch(warning, Number(warning.dataset.shared), warning.dataset.sharedEnded ?? '/')

function watch(bar: HTMLElement, life: number, ended: string): void {
  let told = Date.now()
  let busy = false
  const leave = () => location.replace(ended)

  async function tell(): Promise<void> {
    if (busy) return
    busy = true
    const at = Date.now()
    const answer = await fetch('/me/sessions/stay', {
      method: 'POST',
      headers: { Accept: 'application/json' },
      redirect: 'manual',
    }).catch(() => null)
    busy = false
    if (answer?.ok) {
      told = at
      bar.hidden = true
    } else if (answer) leave()
  }

  const used = () => {
    if (bar.hidden && Date.now() - told > TELL_MS) void tell()
  }
  for (const kind of ['pointerdown', 'keydown']) addEventListener(kind, used, { passive: true })
  // What is done inside the frame of a lesson is heard of by what it has to keep.
  document.querySelector('#lesson')?.addEventListener('h5p:status', used)
  bar.querySelector('button')?.addEventListener('click', () => void tell())

  const look = () => {
    const left = told + life - Date.now()
    if (left <= 0) leave()
    else if (left <= WARN_MS && bar.hidden) bar.hidden = false
  }
  setInterval(look, 1_000)
  document.addEventListener('visibilitychange', look)
  // Shown again on the way back without having been asked for: it is asked for now.
  addEventListener('pageshow', (event) => {
    if (event.persisted) location.reload()
  })
}

export {}
