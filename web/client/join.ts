/** A link to an invitation carries its token behind #, which is not sent: it goes into the form, and off the address. */
const form = document.querySelector<HTMLFormElement>('form[data-join]')
const field = form?.querySelector<HTMLInputElement>('input[name="invitation"]')

function take(): void {
  const token = location.hash.slice(1)
  if (!form || !field || !/^[A-Za-z0-9_-]{22}$/.test(token)) return
  history.replaceState(null, '', location.pathname + location.search)
  field.value = token
  form.submit()
}

take()
// Another link opened in the same window changes nothing but that part.
addEventListener('hashchange', take)

export {}
