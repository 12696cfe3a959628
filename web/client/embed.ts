/** In a page of another site: tells it how high the lesson is (web/client/resize.ts), and shows the end of it. */
const done = document.querySelector<HTMLElement>('#lesson-done')
let told = 0
const tell = () => {
  const height = Math.ceil(document.body.getBoundingClientRect().height)
  if (height === told) return
  told = height
  parent.postMessage({ kind: 'suotdoi-embed', height }, '*')
}
new ResizeObserver(tell).observe(document.body)
tell()
document.querySelector('#lesson')?.addEventListener('h5p:finished', () => {
  if (done) done.hidden = false
})

export {}
