/**
 * On a page of another site: keeps each frame of ours as high as the lesson in it (web/client/embed.ts says how high).
 * A script and no module, under an address that stays.
 */
{
  const here = document.currentScript as HTMLScriptElement | null
  const origin = here ? new URL(here.src).origin : null
  addEventListener('message', (event) => {
    if (event.origin !== origin || event.data?.kind !== 'suotdoi-embed') return
    const height: unknown = event.data.height
    if (typeof height !== 'number' || !(height > 0 && height < 100_000)) return
    for (const frame of document.querySelectorAll<HTMLIFrameElement>('iframe[data-suotdoi]'))
      if (frame.contentWindow === event.source) frame.style.height = `${Math.ceil(height)}px`
  })
}
