/**
 * The form of the diary where there is no line: what was written goes to web/client/unsent.ts instead. And it lays the
 * page by with which one can write without a line, for web/client/offline-worker.ts.
 */
const LAID_BY = 'diary'
const PAGE = '/offline/diary'
const form = document.querySelector<HTMLFormElement>('form[data-diary]')
const laidBy = document.querySelector('[data-without-line]')
const owner = document.body.dataset.owner ?? localStorage.getItem('owner') ?? ''

/** Today in Việt Nam. */
const today = () => new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10)

function hidden(name: string, value: string): void {
  const input =
    form!.querySelector<HTMLInputElement>(`input[name=${name}]`) ?? document.createElement('input')
  input.type = 'hidden'
  input.name = name
  input.value = value
  form!.append(input)
}

/** What is in the form has a name of its own from here on: sent twice, it is the same. */
function begin(): void {
  const random = crypto.getRandomValues(new Uint8Array(16))
  hidden('given', [...random].map((byte) => byte.toString(16).padStart(2, '0')).join(''))
  const day = form!.querySelector<HTMLInputElement>('#day')
  if (day && laidBy) day.value ||= today()
}

function keep(): void {
  const data = new FormData(form!)
  const fields: Record<string, string> = {}
  for (const [name, value] of data) if (typeof value === 'string') fields[name] = value
  const { given: id = '', ...words } = fields
  const missing = form!.querySelector<HTMLElement>('[data-diary-missing]')!
  const isWhole = words.what?.trim() && (words.minutes || words.otherMinutes?.trim()) && words.did
  missing.textContent = isWhole ? '' : (form!.dataset.missing ?? '')
  missing.hidden = Boolean(isWhole)
  if (!isWhole) return
  words.day ||= today()
  const file = data.get('evidence')
  document.dispatchEvent(
    new CustomEvent('unsent:add', {
      detail: {
        id,
        fields: words,
        file: file instanceof File && file.size > 0 ? file : null,
        kept() {
          form!.reset()
          begin()
        },
      },
    }),
  )
}

if (form && owner) {
  begin()
  form.addEventListener(
    'submit',
    (event) => {
      if (navigator.onLine && !laidBy) return
      event.preventDefault()
      event.stopImmediatePropagation()
      keep()
    },
    true,
  )
  // There seemed to be a line.
  form.addEventListener('upload:failed', (event) => {
    event.preventDefault()
    keep()
  })
  document.addEventListener('unsent:fix', (event) => {
    const fields = (event as CustomEvent).detail as Record<string, string>
    for (const input of form.querySelectorAll<HTMLInputElement>('input')) {
      const value = fields[input.name]
      if (input.type === 'radio') input.checked = input.value === value
      else if (value !== undefined && input.type !== 'file') input.value = value
    }
    form.querySelector<HTMLElement>('#what')?.focus()
  })
}
if (laidBy && !owner) {
  form?.remove()
  document.querySelector<HTMLElement>('[data-no-owner]')!.hidden = false
}

/** The page with all it loads, as it is now. Asked for without cookies, so that there is nothing of anybody in it. */
async function layBy(): Promise<void> {
  await navigator.serviceWorker.register('/offline.js', { scope: '/me/diary' })
  const address = `${PAGE}?lang=${document.documentElement.lang}`
  const answer = await fetch(address, { credentials: 'omit' })
  if (!answer.ok) return
  const text = await answer.clone().text()
  const parts = new DOMParser().parseFromString(text, 'text/html')
  const addresses = [...parts.querySelectorAll('link[href], script[src], use[href]')].map((part) =>
    (part.getAttribute('href') ?? part.getAttribute('src') ?? '').replace(/#.*/, ''),
  )
  await caches.delete(LAID_BY)
  const cache = await caches.open(LAID_BY)
  await Promise.all([cache.put(PAGE, answer), cache.addAll([...new Set(addresses)])])
}

if (!laidBy && owner && 'serviceWorker' in navigator) void layBy().catch(() => {})

export {}
