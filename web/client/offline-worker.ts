/**
 * Between the browser and the network, for pages of the diary alone: without a line they show the page that
 * web/client/diary.ts laid by. It keeps nothing else and changes no answer. A script and no module: not every browser in
 * use takes modules here.
 */
interface FetchEvent extends Event {
  request: Request
  respondWith(answer: Promise<Response>): void
}

addEventListener('fetch', (event) => {
  const { request, respondWith } = event as FetchEvent
  if (request.method !== 'GET') return
  const laidBy = request.mode === 'navigate' ? '/offline/diary' : request.url
  const answer = fetch(request).catch(async (error: unknown) => {
    const found = await caches.match(laidBy)
    if (!found) throw error
    return found
  })
  respondWith.call(event, answer)
})
