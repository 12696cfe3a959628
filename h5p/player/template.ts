import { randomBytes } from 'node:crypto'
import type { IIntegration, IPlayerModel } from '@lumieducation/h5p-server'
import type { Limits } from '../limits.ts'
import { asUser, player as playerOf, type Stores } from '../server.ts'
import type { Draft, Lesson, LessonId, Version } from '../types.ts'
import type { Core } from './core.ts'
import { learnerWords } from './core-strings.ts'
import { type PageWithGaps, pageWithGaps } from './gaps.ts'
import { joinedUrls } from './joined.ts'
import { scriptJson } from './script-json.ts'

/** The page inside the frame but for what each opening has of its own. */
export interface Template {
  /**
   * Gaps: `nonce` of the script; `files`, under which the lesson's files lie (`<files>/content/<content>/<path>`); `state`,
   * where the learner is, as JSON; `parameters`, a string of JSON as JSON, where each attempt has its own.
   */
  page: PageWithGaps
  /** The content's parameters as JSON where they are a gap, else null. */
  parameters: string | null
  /** Its libraries compile templates. */
  evaluates: boolean
}

export interface TemplateDeps extends Stores {
  core: Core
  publicUrl: string
  playerUrl: string | null
  limits: Limits
}

/**
 * H5P's core, the lesson's libraries and parameters, and nothing of a person. A version runs with the library builds that
 * it pins, a draft with the current ones.
 */
export async function makeTemplate(
  deps: TemplateDeps,
  lesson: LessonId,
  played: Draft | Version,
): Promise<Template> {
  const { details, library } = played
  const { player, builds } = playerOf(deps, deps.limits, 'libraries' in played ? played.libraries : undefined)
  player.setRenderer((model) => model)
  const model = (await player.render(played.content, asUser(''), details.language)) as IPlayerModel
  const content = Object.values(model.integration.contents ?? {})[0]
  if (!content) throw new Error(`the player made nothing of lesson ${lesson}`)
  // Of random words, so that nothing that an author wrote can be taken for one.
  const mark = (name: string) => `gap-${name}-${randomBytes(16).toString('hex')}`
  const [nonce, files, state, parameters] = ['nonce', 'files', 'state', 'parameters'].map(mark) as Marks
  const ownParameters = played.mode.kind === 'assessed'
  const { metadata, jsonContent, scripts = [], styles = [], ...rest } = content
  const own = scripts.every((src) => OWN_SCRIPT.test(src))
  const integration = {
    // What only the core reads is left out where the core is.
    ...(own ? {} : model.integration),
    url: files,
    // Which messages it takes, and to whom it speaks (client/frame.ts).
    outerOrigin: deps.playerUrl === null ? null : deps.publicUrl,
    urlLibraries: '/h5p/libraries',
    // Types that name a library's file themselves ask by library; the file lies under the build (client/frame.ts).
    libraryBuilds: Object.fromEntries(builds),
    hubIsEnabled: false,
    // What is for authors is not sent: it would be more than most lessons.
    l10n: { H5P: learnerWords(details.language) },
    core: { scripts: [], styles: [] },
    // To a page of opaque origin its own files are another's: pictures that types draw and read again need CORS.
    crossorigin: 'anonymous',
    crossoriginRegex: '/h5p/.*content/',
    // No name and no address in a page whose code others wrote; the bridge sets the actor.
    user: { name: '', mail: '' },
    contents: {
      [`cid-${lesson}`]: {
        ...rest,
        ...(own ? {} : { scripts, styles }),
        jsonContent: ownParameters ? parameters : jsonContent,
        metadata: { ...metadata, title: details.title },
        url: `${deps.publicUrl}/lessons/${lesson}`,
        contentUrl: `${files}/content/${played.content}`,
        contentUserData: state,
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
  const html = document(
    nonce,
    { id: lesson, library, ...details },
    loaded(deps.core, own, styles, scripts),
    integration,
  )
  return {
    page: pageWithGaps(
      html,
      new Map([
        [nonce, 'nonce'],
        [files, 'files'],
        // With their quotes: what fills them is no string, or brings its own.
        [`"${state}"`, 'state'],
        [`"${parameters}"`, 'parameters'],
      ]),
    ),
    parameters: ownParameters ? jsonContent : null,
    evaluates: needsEval(scripts),
  }
}
type Marks = [nonce: string, files: string, state: string, parameters: string]

/** The template engine inside H5P.DragQuestion and others compiles its templates; lessons without it go without. */
function needsEval(scripts: readonly string[]): boolean {
  return scripts.some((script) => script.includes('/EmbeddedJS-'))
}

/** Our own types stand on the outer page's paper, light or dark; the community's are made for white. */
const OWN = /^SuotDoi\./
const OWN_SCRIPT = /\/libraries\/SuotDoi\./
const PAGE_STYLE = 'html,body{margin:0;padding:0}body{display:flow-root;overflow:hidden auto}'
const OWN_STYLE = `${PAGE_STYLE}:root{color-scheme:light dark;background:#fbfaf6}.h5p-content{background:transparent}
@media (prefers-color-scheme:dark){:root{background:#12191a}}`
const COMMUNITY_STYLE = `${PAGE_STYLE}:root{color-scheme:light;background:#fff}main{padding:8px}`

/** What the page loads: H5P's core and the libraries, or what stands in for it and all of them, where they are our own. */
function loaded(core: Core, own: boolean, styles: readonly string[], scripts: readonly string[]) {
  return own
    ? { styles: joinedUrls(styles, 'css'), scripts: [core.small, ...joinedUrls(scripts, 'js')] }
    : {
        styles: [...core.styles, ...styles],
        scripts: [core.before, core.bundle, core.after, ...scripts],
      }
}

function document(
  nonce: string,
  lesson: Pick<Lesson, 'id' | 'title' | 'language' | 'library'>,
  { styles, scripts }: { styles: readonly string[]; scripts: readonly string[] },
  integration: IIntegration,
): string {
  const script = (src: string) => `<script src="${attribute(src)}"></script>`
  const style = (href: string) => `<link rel="stylesheet" href="${attribute(href)}">`
  return `<!doctype html>
<html lang="${attribute(lesson.language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(lesson.title)}</title>
${styles.map(style).join('\n')}
<style>${OWN.test(lesson.library) ? OWN_STYLE : COMMUNITY_STYLE}</style>
<script nonce="${nonce}">var H5PIntegration=${scriptJson(integration)}</script>
${scripts.map(script).join('\n')}
</head>
<body>
<main><div class="h5p-content" data-content-id="${attribute(lesson.id)}"></div></main>
</body>
</html>
`
}

function text(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}

function attribute(value: string): string {
  return text(value).replaceAll('"', '&quot;')
}
