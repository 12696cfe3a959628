/** On every page: small helps that nothing depends on. */

// The connection is gone. Not asked at the start: the page has just come over it, though a centre's own network may
// reach no further and `navigator.onLine` call that offline.
const offline = document.querySelector<HTMLElement>('[data-offline]')
for (const kind of ['online', 'offline'])
  addEventListener(kind, () => {
    if (offline) offline.hidden = kind === 'online'
  })

// Who uses this browser, under a name that says nothing: what is kept in it is kept apart by that. Nobody, on a device
// that others use.
const { owner } = document.body.dataset
try {
  if (owner) localStorage.setItem('owner', owner)
  else if (owner === '') localStorage.removeItem('owner')
} catch {
  // A browser that keeps nothing keeps nothing apart.
}

// A form that was sent back: the reader starts at what needs a correction.
document.querySelector<HTMLElement>('#errors')?.focus()

// On a phone the list of places is wider than the window: the current one is brought into sight.
document.querySelector('.side [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' })

// A link that names a dialog opens it here instead of its page.
document.addEventListener('click', (event) => {
  const opener = (event.target as Element | null)?.closest<HTMLElement>('[data-dialog]')
  const dialog = opener && document.getElementById(opener.dataset.dialog ?? '')
  if (dialog instanceof HTMLDialogElement) {
    event.preventDefault()
    dialog.showModal()
  }
})

// An open menu closes on Escape and by a press elsewhere.
const openMenus = () => document.querySelectorAll<HTMLDetailsElement>('details[data-menu][open]')
document.addEventListener('click', (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target as Node)) menu.open = false
})
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return
  for (const menu of openMenus()) {
    menu.open = false
    menu.querySelector('summary')?.focus()
  }
})

// A form is sent once, however often its button is pressed.
document.addEventListener('submit', (event) => {
  const form = event.target as HTMLFormElement
  if (form.method === 'dialog' || event.defaultPrevented) return
  if (form.dataset.sent) event.preventDefault()
  form.dataset.sent = 'yes'
  // At a shared device the browser is not to keep what was typed, neither for the way back nor to offer it again.
  if (form.querySelector('#shared:checked'))
    for (const input of form.querySelectorAll('input')) input.autocomplete = 'off'
})
addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll<HTMLFormElement>('form[data-sent]')) delete form.dataset.sent
})
