/** Sends a form with a file with progress, a way to cancel, and drag and drop (components/file-field.ts). */

function enhance(): void {
  const drop = document.querySelector<HTMLElement>('[data-drop]')
  const input = drop?.querySelector<HTMLInputElement>('input[type=file]')
  const form = input?.form
  const panel = form?.querySelector<HTMLElement>('[data-progress]')
  if (!drop || !input || !form || !panel) return
  acceptDrops(drop, input)
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    send(form, panel)
  })
}

function acceptDrops(drop: HTMLElement, input: HTMLInputElement): void {
  const hint = drop.querySelector<HTMLElement>('[data-drop-hint]')
  if (hint) hint.hidden = false
  for (const kind of ['dragenter', 'dragover']) {
    drop.addEventListener(kind, (event) => {
      event.preventDefault()
      drop.classList.add('over')
    })
  }
  for (const kind of ['dragleave', 'drop']) drop.addEventListener(kind, () => drop.classList.remove('over'))
  drop.addEventListener('drop', (event) => {
    event.preventDefault()
    if (event.dataTransfer?.files.length) input.files = event.dataTransfer.files
  })
}

function send(form: HTMLFormElement, panel: HTMLElement): void {
  const text = panel.querySelector<HTMLElement>('[data-progress-text]')!
  const left = panel.querySelector<HTMLElement>('[data-progress-left]')!
  const bar = panel.querySelector('progress')!
  const say = (message = '') => {
    if (text.textContent !== message) text.textContent = message
  }
  const busy = (yes: boolean) => {
    for (const button of form.querySelectorAll<HTMLButtonElement>('button[type=submit]'))
      button.disabled = yes
  }
  const request = new XMLHttpRequest()
  const started = performance.now()
  request.open('POST', form.action)
  request.setRequestHeader('Accept', 'application/json')
  request.upload.addEventListener('progress', ({ loaded, total }) => {
    bar.max = total
    bar.value = loaded
    const seconds = ((((performance.now() - started) / 1000) * (total - loaded)) / loaded) | 0
    left.textContent = seconds > 5 ? (panel.dataset.left ?? '{time}').replace('{time}', spoken(seconds)) : ''
  })
  request.upload.addEventListener('load', () => {
    say(panel.dataset.checking)
    left.textContent = ''
    bar.removeAttribute('value')
  })
  request.addEventListener('load', () => {
    if (request.status === 200 && request.getResponseHeader('Content-Type')?.includes('json')) {
      location.assign((JSON.parse(request.responseText) as { to: string }).to)
    } else {
      showAnswer(request.responseText)
    }
  })
  request.addEventListener('error', () => {
    busy(false)
    // Some forms know what else to do with what was written (web/client/diary.ts).
    if (form.dispatchEvent(new CustomEvent('upload:failed', { cancelable: true }))) say(panel.dataset.failed)
    else panel.hidden = true
  })
  request.addEventListener('abort', () => {
    panel.hidden = true
    busy(false)
  })
  panel.querySelector('button')!.onclick = () => request.abort()
  bar.max = 1
  bar.value = 0
  panel.hidden = false
  busy(true)
  say(panel.dataset.sending)
  request.send(new FormData(form))
}

/** The page that says what needs a correction, as a plainly sent form would have shown it. */
function showAnswer(text: string): void {
  const answer = new DOMParser().parseFromString(text, 'text/html')
  document.title = answer.title
  const main = answer.querySelector('main')
  if (main) document.querySelector('main')?.replaceWith(main)
  enhance()
  document.querySelector<HTMLElement>('#errors, h1')?.focus()
  scrollTo(0, 0)
}

function spoken(seconds: number): string {
  const [value, unit] = seconds < 60 ? [seconds, 'second'] : [Math.ceil(seconds / 60), 'minute']
  const { lang } = document.documentElement
  return new Intl.NumberFormat(lang, { style: 'unit', unit, unitDisplay: 'long' }).format(value)
}

enhance()

export {}
