/** Makes the copy buttons of components/copy-field.ts work and say that they did. */
for (const field of document.querySelectorAll<HTMLElement>('[data-copy]')) {
  const input = field.querySelector('input')
  const button = field.querySelector('button')
  if (!input || !button) continue
  const label = button.lastChild
  const before = label?.textContent ?? ''
  button.setAttribute('aria-live', 'polite')
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(input.value)
    } catch {
      // No clipboard on plain http: select it, so that one key copies it.
      input.select()
      return
    }
    if (label) label.textContent = field.dataset.copied ?? before
    setTimeout(() => {
      if (label) label.textContent = before
    }, 2500)
  })
}

export {}
