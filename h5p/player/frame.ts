import { randomBytes } from 'node:crypto'
import type { IIntegration, IPlayerModel } from '@lumieducation/h5p-server'
import type { AttemptRecord } from '../collections.ts'
import { createUserDataStorage } from '../content/user-data.ts'
import type { Limits } from '../limits.ts'
import { asUser, player as playerOf, type Stores } from '../server.ts'
import type { Draft, Lesson, Version } from '../types.ts'
import type { Core } from './core.ts'
import { framePolicy } from './policy.ts'

/** A page and the policy it must be served with. */
export interface Page {
  html: string
  policy: string
}

/** The page inside the frame: H5P's core, the lesson's libraries and parameters, and nothing of the person. */
export async function framePage(
  deps: Stores & { core: Core; publicUrl: string; playerUrl: string | null; limits: Limits },
  lesson: Lesson,
  attempt: AttemptRecord,
  /** What the attempt plays; a version runs with the library builds that it pins, a draft with the current ones. */
  played: Draft | Version,
  /** Under which the files lie: `<files>/content/<content>/<path>`. */
  files: string,
): Promise<Page> {
  const { core } = deps
  const { details, library } = played
  const { player, builds } = playerOf(deps, deps.limits, 'libraries' in played ? played.libraries : undefined)
  player.setRenderer((model) => model)
  const model = (await player.render(played.content, asUser(''), details.language)) as IPlayerModel
  const content = Object.values(model.integration.contents ?? {})[0]
  if (!content) throw new Error(`the player made nothing of lesson ${lesson.id}`)
  const states = attempt.preview
    ? []
    : await createUserDataStorage(deps.collections).getContentUserDataByContentIdAndUser(
        lesson.id,
        attempt.person,
      )
  const bySub: Record<string, Record<string, string>> = {}
  for (const state of states)
    if (state.preload)
      bySub[state.subContentId] = { ...bySub[state.subContentId], [state.dataType]: state.userState }
  const { metadata, ...rest } = content
  const integration = {
    ...model.integration,
    url: files,
    // Which messages it takes, and to whom it speaks (client/frame.ts).
    outerOrigin: deps.playerUrl === null ? null : deps.publicUrl,
    urlLibraries: '/h5p/libraries',
    // Types that name a library's file themselves ask by library; the file lies under the build (client/frame.ts).
    libraryBuilds: Object.fromEntries(builds),
    hubIsEnabled: false,
    // To a page of opaque origin its own files are another's: pictures that types draw and read again need CORS.
    crossorigin: 'anonymous',
    crossoriginRegex: '/h5p/.*content/',
    // No name and no address in a page whose code others wrote; the bridge sets the actor.
    user: { name: '', mail: '' },
    contents: {
      [`cid-${lesson.id}`]: {
        ...rest,
        metadata: { ...metadata, title: details.title },
        url: `${deps.publicUrl}/lessons/${lesson.id}`,
        contentUrl: `${files}/content/${played.content}`,
        contentUserData: bySub,
        displayOptions: {
          frame: false,
          export: false,
          embed: false,
          copyright: false,
          icon: false,
          copy: false,
        },
        exportUrl: '',
      },
    },
  } as unknown as IIntegration
  const nonce = randomBytes(16).toString('base64')
  return {
    policy: framePolicy({
      nonce,
      media: deps.limits.externalMedia,
      evaluates: needsEval(content.scripts ?? []),
      publicUrl: deps.publicUrl,
      playerUrl: deps.playerUrl,
    }),
    html: document(
      nonce,
      { id: lesson.id, library, ...details },
      core,
      integration,
      content.styles ?? [],
      content.scripts ?? [],
    ),
  }
}

/** The template engine inside H5P.DragQuestion and others compiles its templates; lessons without it go without. */
function needsEval(scripts: readonly string[]): boolean {
  return scripts.some((script) => script.includes('/EmbeddedJS-'))
}

/** Our own types stand on the outer page's paper, light or dark; the community's are made for white. */
const OWN = /^SuotDoi\./
const PAGE_STYLE = 'html,body{margin:0;padding:0}body{display:flow-root;overflow:hidden auto}'
const OWN_STYLE = `${PAGE_STYLE}:root{color-scheme:light dark;background:#fbfaf6}.h5p-content{background:transparent}
@media (prefers-color-scheme:dark){:root{background:#12191a}}`
const COMMUNITY_STYLE = `${PAGE_STYLE}:root{color-scheme:light;background:#fff}main{padding:8px}`

function document(
  nonce: string,
  lesson: Pick<Lesson, 'id' | 'title' | 'language' | 'library'>,
  core: Core,
  integration: IIntegration,
  styles: readonly string[],
  scripts: readonly string[],
): string {
  const script = (src: string) => `<script nonce="${nonce}" src="${attribute(src)}"></script>`
  const style = (href: string) => `<link rel="stylesheet" href="${attribute(href)}">`
  return `<!doctype html>
<html lang="${attribute(lesson.language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(lesson.title)}</title>
${[...core.styles, ...styles].map(style).join('\n')}
<style>${OWN.test(lesson.library) ? OWN_STYLE : COMMUNITY_STYLE}</style>
<script nonce="${nonce}">var H5PIntegration=${scriptJson(integration)}</script>
${[core.before, core.bundle, core.after, ...scripts].map(script).join('\n')}
</head>
<body>
<main><div class="h5p-content" data-content-id="${attribute(lesson.id)}"></div></main>
</body>
</html>
`
}

/** JSON that cannot end the script it stands in, whatever a title or parameter holds. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029')
}

function text(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}

function attribute(value: string): string {
  return text(value).replaceAll('"', '&quot;')
}
