/**
 * Keeps parts of a page as they are on the server now: `data-live` names the address that gives them as JSON by name,
 * `data-live-part` the places. Without scripts, a link reloads the page.
 */
const EVERY_MS = 2_000
/** On a device left alone it stops, so that a session there can end. */
const ALONE_MS = 10 * 60_000

const place = document.querySelector<HTMLElement>('[data-live]')
let lastAct = Date.now()
for (const kind of ['pointerdown', 'pointermove', 'keydown', 'scroll'])
  addEventListener(kind, () => (lastAct = Date.now()), { passive: true })

async function refresh(address: string): Promise<boolean> {
  const answer = await fetch(address, { headers: { Accept: 'application/json' }, redirect: 'error' })
  if (!answer.ok) return false
  const parts = (await answer.json()) as Record<string, string>
  for (const [name, text] of Object.entries(parts)) {
    const part = document.querySelector<HTMLElement>(`[data-live-part="${name}"]`)
    if (!part) continue
    const fresh = document.createElement('template')
    // Markup of our own server, escaped there. Only what changed is replaced: it is announced.
    fresh.innerHTML = text
    if (fresh.innerHTML !== part.innerHTML) part.replaceChildren(fresh.content)
  }
  return true
}

async function run(address: string, paused: HTMLElement | null): Promise<void> {
  for (let failures = 0; failures < 5; ) {
    await new Promise((done) => setTimeout(done, EVERY_MS * 2 ** failures))
    if (document.hidden) continue
    if (Date.now() - lastAct > ALONE_MS) break
    failures = (await refresh(address).catch(() => false)) ? 0 : failures + 1
  }
  if (paused) paused.hidden = false
}

if (place?.dataset.live) void run(place.dataset.live, place.querySelector('[data-live-paused]'))

export {}
