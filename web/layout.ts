import { icon, mark } from './components/icon.ts'
import { leaveAtEnd, sharedBar, sharedWarning } from './components/shared-device.ts'
import { toast } from './components/toast.ts'
import { type Html, html } from './html.ts'
import { common } from './i18n/messages/common.ts'
import type { Icon } from './icons.ts'
import type { View } from './view.ts'

export interface Place {
  href: string
  label: string
  icon?: Icon
  /** What else belongs to it. */
  also?: readonly string[]
}
interface PageProps {
  /** Names the page in the browser; the product's name is added. */
  title: string
  body: Html
  /** Modules of web/client by name, without ending; `page` is always there. */
  scripts?: readonly string[]
  /** Without scripts too, the page goes there after so long. */
  refresh?: { seconds: number; to: string }
  /** How chats and social networks show a link to it; nothing of whoever reads it. */
  shown?: {
    title: string
    description: string
    path: string
    language: string
    image?: { path: string; alt: string }
  }
  /** Style sheets beside the one of all pages: by name, or an address of ours. */
  sheets?: readonly string[]
}

/** Citizens and learners: one column, five places at most, at the thumb on a phone. */
export function citizenPage(view: View, props: PageProps): Html {
  return shell(view, {
    ...props,
    bodyClass: 'has-thumb',
    thumb: citizenPlaces(view),
    content: html`<main class="main" id="main">${props.body}</main>`,
  })
}

/** Authors, LMS administrators, operators: a side list of places and wide content. */
export function workerPage(view: View, props: PageProps & { places: readonly Place[]; name: string }): Html {
  return shell(view, {
    ...props,
    bodyClass: 'work',
    content: html`<div class="workers">
      <nav class="places side" aria-label=${props.name}>${placeList(view, props.places)}</nav>
      <main class="main wide" id="main">${props.body}</main>
    </div>`,
  })
}

/** For whoever comes by: the organisation's name first. */
export function publicPage(view: View, props: PageProps): Html {
  return shell(view, { ...props, content: html`<main class="main" id="main">${props.body}</main>` })
}

/** The lesson and nothing else. The page's own type follows behind it (web/client/player.ts): a slow line is the lesson's. */
export function playerPage(view: View, props: PageProps): Html {
  return html`<html lang=${view.language}>
    ${head({ ...view, saveData: true }, props)}
    <body class="player" data-fonts=${view.saveData ? undefined : view.assets.url('fonts.css')}>
      <main class="main" id="main">${props.body}</main>
      ${sharedWarning(view)}
      ${offline(view)}
    </body>
  </html>`
}

/** A lesson inside of another site's page. */
export function embedPage(view: View, props: PageProps): Html {
  return html`<html lang=${view.language}>
    ${head({ ...view, saveData: true }, props)}
    <body class="player embed" data-fonts=${view.saveData ? undefined : view.assets.url('fonts.css')}>
      <main class="main" id="main">${props.body}</main>
    </body>
  </html>`
}

/** What a browser keeps for when there is no line: no places to go to, and nothing of anybody. */
export function offlinePage(view: View, props: PageProps): Html {
  return html`<html lang=${view.language}>
    ${head(view, props)}
    <body>
      <header class="bar"><div class="bar-in"><span class="brand">${mark()}<span>${view.say(common)('product')}</span></span></div></header>
      <main class="main" id="main">${props.body}</main>
    </body>
  </html>`
}

function citizenPlaces(view: View): readonly Place[] {
  const say = view.say(common)
  if (!view.viewer)
    return [
      { href: '/', label: say('placeHome'), icon: 'today' },
      { href: '/lessons', label: say('placeLearn'), icon: 'learn' },
    ]
  return [
    { href: '/', label: say('placeToday'), icon: 'today' },
    { href: '/lessons', label: say('placeLearn'), icon: 'learn' },
    {
      href: '/me/transcript',
      label: say('placeRecord'),
      icon: 'record',
      also: [
        '/me/diary',
        '/me/certificates',
        '/me/evidence',
        '/me/confirmations',
        '/me/disputes',
        '/me/record',
      ],
    },
    { href: '/me/shares', label: say('placeShare'), icon: 'share' },
    { href: '/me', label: say('placeMe'), icon: 'me' },
  ]
}

function placeList(view: View, places: readonly Place[]): Html {
  // The deepest place that holds this page is the current one.
  const depth = ({ href, also = [] }: Place) =>
    Math.max(
      ...[href, ...also].map((path) =>
        view.path === path || (path !== '/' && view.path.startsWith(`${path}/`)) ? path.length : 0,
      ),
    )
  const deepest = Math.max(...places.map(depth))
  const current = deepest > 0 ? places.find((place) => depth(place) === deepest) : undefined
  return html`<ul>
    ${places.map(
      (place) => html`<li><a href=${place.href} aria-current=${place === current ? 'page' : undefined}
        >${place.icon && icon(view, place.icon)}<span>${place.label}</span></a></li>`,
    )}
  </ul>`
}

function shell(
  view: View,
  props: PageProps & { content: Html; thumb?: readonly Place[]; bodyClass?: string },
): Html {
  const say = view.say(common)
  return html`<html lang=${view.language}>
    ${head(view, props)}
    <body class=${props.bodyClass} data-owner=${view.owner ?? ''}>
      <a class="skip" href="#main">${say('skip')}</a>
      <header class="bar">
        <div class="bar-in">
          <a class="brand" href="/">${mark()}<span>${say('product')}</span></a>
          ${props.thumb && html`<nav class="places thumb" aria-label=${say('places')}>${placeList(view, props.thumb)}</nav>`}
          <div class="bar-end">${languageLink(view)}${account(view)}</div>
        </div>
      </header>
      ${sharedBar(view)}
      ${props.content}
      <footer class="foot"><div class="foot-in"><span>${say('footKeeper', { tenant: view.tenantName })}</span></div></footer>
      ${view.toast && toast(view, view.toast)}
      ${sharedWarning(view)}
      ${offline(view)}
    </body>
  </html>`
}

function head(view: View, props: PageProps): Html {
  const { assets } = view
  return html`<head>
    <meta charset="utf-8" />
    <title>${`${props.title} · ${view.say(common)('product')}`}</title>
    <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
    <meta name="theme-color" content="#fbfaf6" media="(prefers-color-scheme: light)" />
    <meta name="theme-color" content="#12191a" media="(prefers-color-scheme: dark)" />
    ${props.refresh && html`<meta http-equiv="refresh" content=${`${props.refresh.seconds};url=${props.refresh.to}`} />`}
    ${props.shown && shownCard(view, props.shown)}
    <link rel="icon" href=${assets.url('mark.svg')} type="image/svg+xml" />
    <link rel="stylesheet" href=${assets.url('style.css')} />
    ${!view.saveData && html`<link rel="stylesheet" href=${assets.url('fonts.css')} />`}
    ${props.sheets?.map((name) => html`<link rel="stylesheet" href=${name.startsWith('/') ? name : assets.url(name)} />`)}
    ${leaveAtEnd(view)}
    ${['page', ...(view.shared ? ['shared'] : []), ...(props.scripts ?? [])].map(
      (name) =>
        html`<script type="module" src=${name.startsWith('/') ? name : assets.url(`${name}.js`)}></script>`,
    )}
  </head>`
}

function shownCard(view: View, card: NonNullable<PageProps['shown']>): Html {
  const { title, description, path, language, image } = card
  const said: [string, string][] = [
    ['og:type', 'article'],
    ['og:site_name', view.say(common)('product')],
    ['og:title', title],
    ['og:url', view.publicUrl + path],
    ['og:locale', language.startsWith('vi') ? 'vi_VN' : 'en_US'],
    ...(description ? [['og:description', description] as [string, string]] : []),
    ...(image
      ? [
          ['og:image', view.publicUrl + image.path] as [string, string],
          ['og:image:alt', image.alt] as [string, string],
        ]
      : []),
    ['twitter:card', image ? 'summary_large_image' : 'summary'],
  ]
  return html`${description && html`<meta name="description" content=${description} />`}
    <link rel="canonical" href=${view.publicUrl + path} />
    ${said.map(([property, content]) => html`<meta property=${property} content=${content} />`)}`
}

/** The same page in the other language, named in that language. */
function languageLink(view: View): Html {
  const other = view.language === 'vi' ? 'en' : 'vi'
  const url = new URL(view.url, 'http://here.invalid')
  url.searchParams.set('lang', other)
  return html`<a class="target" href=${url.pathname + url.search} lang=${other} hreflang=${other}
    >${view.say(common)('otherLanguage')}</a>`
}

function account(view: View): Html {
  const say = view.say(common)
  if (!view.viewer) return html`<a class="target" href="/sign-in">${say('signIn')}</a>`
  return html`<a class="target name" href="/me">${view.viewer.name}</a>`
}

/** Shown by web/client/page.ts while the device has no connection. */
function offline(view: View): Html {
  return html`<div class="toast plain" data-offline role="status" hidden>${icon(view, 'offline')}<span>${view.say(common)('offline')}</span></div>`
}
