/** Has the device make or use a passkey, and sends its answer with the form (components/passkey-form.ts). */
for (const form of document.querySelectorAll<HTMLFormElement>('form[data-passkey]')) {
  const known =
    'PublicKeyCredential' in globalThis && 'parseCreationOptionsFromJSON' in globalThis.PublicKeyCredential
  const unknown = form.parentElement?.querySelector<HTMLElement>('[data-passkey-unknown]')
  if (known) form.hidden = false
  else if (unknown) unknown.hidden = false
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void run(form)
  })
}

async function run(form: HTMLFormElement): Promise<void> {
  const button = form.querySelector<HTMLButtonElement>('button[type=submit]')
  const failed = form.querySelector<HTMLElement>('[data-passkey-failed]')
  if (failed) failed.hidden = true
  if (button) button.disabled = true
  try {
    const credential = await ask(form)
    if (!credential) return
    const field = (name: string) => form.querySelector<HTMLInputElement>(`input[name=${name}]`)
    field('response')!.value = JSON.stringify(credential.toJSON())
    // What was said of the device beside the other way in holds for this one too.
    const shared = document.querySelector<HTMLInputElement>('#shared')
    if (shared?.checked && field('shared')) field('shared')!.value = 'yes'
    HTMLFormElement.prototype.submit.call(form)
  } catch {
    // Called off, timed out, or none there: the browser itself has said which.
    if (failed) failed.hidden = false
  } finally {
    if (button) button.disabled = false
  }
}

async function ask(form: HTMLFormElement): Promise<PublicKeyCredential | null> {
  const answer = await fetch(form.dataset.options ?? '', {
    method: 'POST',
    headers: { Accept: 'application/json' },
  })
  // Signed out meanwhile, or to be confirmed first.
  if (answer.redirected) {
    location.assign(answer.url)
    return null
  }
  if (!answer.ok) throw new Error(String(answer.status))
  const options = await answer.json()
  const made =
    form.dataset.passkey === 'create'
      ? await navigator.credentials.create({
          publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options),
        })
      : await navigator.credentials.get({
          publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options),
        })
  if (!(made instanceof PublicKeyCredential)) throw new Error('no credential')
  return made
}

export {}
