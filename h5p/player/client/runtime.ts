/**
 * Stands in for H5P's core where all of a lesson's libraries are our own (`SuotDoi.*`): what they need of it, in a small
 * part of its weight. It keeps the core's names and shapes, so that the same libraries run under the core elsewhere.
 */
interface Content {
  library: string
  jsonContent: string
  url: string
  contentUrl: string
  title?: string
  metadata?: object
}
interface Held {
  library: string
  params: object
  subContentId?: string
  metadata?: object
  userDatas?: { state?: unknown }
}
interface Instance extends Dispatcher {
  contentId?: string
  subContentId?: string
  parent?: Instance
  libraryInfo?: { versionedName: string; versionedNameNoSpaces: string }
  attach(container: Element): void
}
interface Event_ {
  type: string
  data: unknown
}
interface Dispatcher {
  on(type: string, listener: (event: Event_) => void): void
  trigger(event: string | Event_, data?: unknown): void
  createXAPIEventTemplate(verb: string): Event_
}

{
  const CORE = 'http://h5p.org/x-api/'
  const { contents } = (window as unknown as { H5PIntegration: { contents: Record<string, Content> } })
    .H5PIntegration
  const listeners = new WeakMap<object, Record<string, ((event: Event_) => void)[]>>()
  const contentOf = (id: string) => contents[`cid-${id}`]

  function on(this: object, type: string, listener: (event: Event_) => void) {
    const all = listeners.get(this) ?? {}
    listeners.set(this, all)
    all[type] ??= []
    all[type].push(listener)
  }

  /** Statements go out to the page; anything else stays with who listens to the instance. */
  function trigger(this: Dispatcher, event: string | Event_, data?: unknown) {
    const said = typeof event === 'string' ? { type: event, data } : event
    for (const listener of listeners.get(this)?.[said.type] ?? []) listener.call(this, said)
    if (said.type === 'xAPI' && this !== externalDispatcher) externalDispatcher.trigger(said)
  }

  const iriOf = ({ contentId = '', subContentId }: Instance) =>
    `${contentOf(contentId)?.url ?? ''}${subContentId ? `?subContentId=${subContentId}` : ''}`

  function createXAPIEventTemplate(this: Instance, verb: string): Event_ {
    const { contentId = '', subContentId, parent, libraryInfo } = this
    const statement = {
      verb: { id: `http://adlnet.gov/expapi/verbs/${verb}`, display: { 'en-US': verb } },
      object: {
        objectType: 'Activity',
        id: iriOf(this),
        definition: {
          extensions: {
            [`${CORE}h5p-local-content-id`]: contentId,
            ...(subContentId && { [`${CORE}h5p-subContentId`]: subContentId }),
          },
        },
      },
      context: {
        contextActivities: {
          ...(parent?.contentId && { parent: [{ objectType: 'Activity', id: iriOf(parent) }] }),
          category: [
            {
              objectType: 'Activity',
              id: `http://h5p.org/libraries/${libraryInfo?.versionedNameNoSpaces}`,
            },
          ],
        },
      },
    }
    return { type: 'xAPI', data: { statement } }
  }

  function EventDispatcher() {}
  Object.assign(EventDispatcher.prototype, { on, trigger, createXAPIEventTemplate })
  const externalDispatcher = Object.create(EventDispatcher.prototype) as Dispatcher

  /** Makes what the content names; undefined when its library is not here. */
  function newRunnable(
    { library, params, subContentId, metadata, userDatas }: Held,
    contentId: string,
    container?: Element,
    _skipResize?: boolean,
    extras: { parent?: Instance; previousState?: unknown; metadata?: object } = {},
  ): Instance | undefined {
    const [name = '', version] = library.split(' ')
    type Made = new (params: object, contentId: string, extras: object) => Instance
    let made: unknown = window
    for (const part of name.split('.')) made = (made as Record<string, unknown> | undefined)?.[part]
    if (typeof made !== 'function') return undefined
    if (metadata) extras.metadata = metadata
    if (userDatas?.state) extras.previousState = userDatas.state
    const instance = new (made as Made)(params, contentId, extras)
    Object.assign(instance, { contentId, subContentId, parent: extras.parent })
    instance.libraryInfo = { versionedName: library, versionedNameNoSpaces: `${name}-${version}` }
    if (container) instance.attach(container)
    return instance
  }

  const H5P = {
    EventDispatcher,
    externalDispatcher,
    newRunnable,
    getPath: (path: string, contentId: string) =>
      /^https?:\/\//.test(path) ? path : `${contentOf(contentId)?.contentUrl}/${path}`,
    // These keep what the learner did; frame.ts, which comes next, fills them in.
    getUserData(_content: string, _type: string, done: (error: unknown, data?: unknown) => void) {
      done(undefined)
    },
    setUserData() {},
    deleteUserData() {},
  }
  Object.assign(window, { H5P })

  document.addEventListener('DOMContentLoaded', () => {
    for (const container of document.querySelectorAll<HTMLElement>('.h5p-content')) {
      const id = container.dataset.contentId ?? ''
      const content = contentOf(id)
      if (!content) continue
      container.classList.add('h5p-initialized')
      H5P.getUserData(id, 'state', (_error, state) => {
        const { library, jsonContent, metadata = {} } = content
        const params = JSON.parse(jsonContent) as object
        newRunnable({ library, params, metadata, userDatas: { state } }, id, container, true)
      })
    }
  })
}
