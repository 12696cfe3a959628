import { randomBytes } from 'node:crypto'
import type { Opened } from '../attempt/tell.ts'
import { placesOf } from '../content/user-data.ts'
import { forLearner } from '../score/for-learner.ts'
import { createMemory } from './memory.ts'
import { framePolicy } from './policy.ts'
import { scriptJson } from './script-json.ts'
import type { Template, TemplateDeps } from './template.ts'

/** A page as it is sent, and the policy that it must be sent with. */
export interface Page {
  body: Buffer
  policy: string
}

/** Templates of versions that are held in memory, bytes. */
const HELD = 32 * 1024 * 1024

/** Makes the page inside the frame for an attempt; `packed` as gzip. */
export function createFrames(
  deps: TemplateDeps,
): (opened: Opened, files: string, packed: boolean) => Promise<Page> {
  const templates = createMemory<Template>(HELD, ({ page }) => page.weight)
  // It brings the whole H5P server, which a start does not wait for.
  const make = async ({ lesson, played }: Opened) =>
    (await import('./template.ts')).makeTemplate(deps, lesson.id, played)

  async function templateOf(opened: Opened): Promise<Template> {
    const { lesson, played } = opened
    // Libraries of a draft are those of the moment.
    if (!('libraries' in played)) return make(opened)
    // A lesson that comes with the program has the same id when it is put in anew.
    const key = `${lesson.id}/${played.number}/${played.content}/${lesson.created}`
    return (await templates.get(key, () => make(opened)))!
  }

  return async (opened, files, packed) => {
    const [template, state] = await Promise.all([templateOf(opened), stateOf(deps, opened)])
    const nonce = randomBytes(16).toString('base64')
    const { page, evaluates } = template
    const parameters = scriptJson(parametersOf(template, opened))
    const fill = { nonce, files, state: scriptJson(state), parameters }
    const { publicUrl, playerUrl, limits } = deps
    return {
      body: packed ? page.gzip(fill) : page.plain(fill),
      policy: framePolicy({
        nonce,
        media: limits.externalMedia,
        evaluates,
        publicUrl,
        playerUrl,
        framedByAll: opened.attempt.anonymous !== undefined,
      }),
    }
  }
}

/** Parameters as JSON, where each attempt has its own: without answers, in its own order. */
function parametersOf({ parameters }: Template, { attempt, played }: Opened): string {
  if (parameters === null) return ''
  return JSON.stringify(forLearner(played.library, JSON.parse(parameters), attempt))
}

/** Where the learner is, by sub-content and kind of data, as H5P's core reads it. */
async function stateOf(
  { collections }: TemplateDeps,
  { attempt }: Opened,
): Promise<Record<string, Record<string, string>>> {
  if (attempt.preview) return {}
  const bySub: Record<string, Record<string, string>> = {}
  for (const { subContentId, dataType, state } of await placesOf(collections, attempt))
    bySub[subContentId] = { ...bySub[subContentId], [dataType]: state }
  return bySub
}
