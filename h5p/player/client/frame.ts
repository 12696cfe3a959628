/**
 * Runs in the frame after H5P's core and before the libraries. Hands what the lesson says to the outer page by message
 * and to nothing else: statements, where the learner is, and how high the lesson stands.
 */
interface Options {
  subContentId?: string | number
  preloaded?: boolean
  deleteOnChange?: boolean
}
interface H5PCore {
  getLibraryPath(library: string): string
  externalDispatcher: { on(type: string, listener: (event: { data: { statement: unknown } }) => void): void }
  getUserData(
    content: string,
    type: string,
    done: (error: unknown, data?: unknown) => void,
    sub?: string | number,
  ): void
  setUserData(content: string, type: string, data: unknown, options?: Options): void
  deleteUserData(content: string, type: string, sub?: string | number): void
}

{
  const PROTOCOL = 'suotdoi-h5p/1'
  const H5P = (window as unknown as { H5P: H5PCore }).H5P
  const { contents, libraryBuilds, outerOrigin, urlLibraries } = (
    window as unknown as {
      H5PIntegration: {
        outerOrigin: string | null
        urlLibraries: string
        libraryBuilds: Record<string, string>
        contents: Record<string, { contentUserData?: Record<string, Record<string, string>> }>
      }
    }
  ).H5PIntegration
  // Of an opaque origin the address is known all the same, and it lies where the outer page does.
  const outer = outerOrigin ?? new URL(location.href).origin
  const waiting: object[] = []
  let greeted = false

  const send = (message: object) => {
    if (greeted) window.parent.postMessage({ protocol: PROTOCOL, ...message }, outer)
    else waiting.push(message)
  }
  window.addEventListener('message', (event) => {
    if (event.source !== window.parent || event.origin !== outer) return
    if (event.data?.protocol !== PROTOCOL) return
    if (event.data.kind === 'font') return void setFont(event.data)
    if (event.data.kind !== 'hello' || greeted) return
    greeted = true
    for (const message of waiting.splice(0)) send(message)
  })
  window.parent.postMessage({ protocol: PROTOCOL, kind: 'ready' }, outer)

  H5P.externalDispatcher.on('xAPI', (event) => {
    // A copy: libraries go on changing the object they gave.
    send({ kind: 'statement', statement: JSON.parse(JSON.stringify(event.data.statement)) })
  })

  H5P.getLibraryPath = (library) => `${urlLibraries}/${libraryBuilds[library] ?? library}`

  const states = (content: string) => {
    const found = contents[`cid-${content}`]
    if (!found) return {}
    found.contentUserData ??= {}
    return found.contentUserData
  }
  H5P.getUserData = (content, type, done, sub = 0) => {
    const text = states(content)[String(sub)]?.[type]
    if (text === undefined || text === '') return done(undefined, undefined)
    let data: unknown
    try {
      data = JSON.parse(text)
    } catch (error) {
      return done(error)
    }
    done(undefined, data)
  }
  H5P.setUserData = (content, type, data, options = {}) => {
    const sub = String(options.subContentId ?? 0)
    const text = JSON.stringify(data)
    const kept = states(content)
    kept[sub] ??= {}
    if (kept[sub][type] === text) return
    kept[sub][type] = text
    send({
      kind: 'state',
      dataType: type,
      subContentId: sub,
      data: text,
      preload: options.preloaded !== false,
      invalidate: options.deleteOnChange === true,
    })
  }
  H5P.deleteUserData = (content, type, sub = 0) => {
    delete states(content)[String(sub)]?.[type]
    send({
      kind: 'state',
      dataType: type,
      subContentId: String(sub),
      data: null,
      preload: false,
      invalidate: false,
    })
  }

  /** The outer page's own type, lent (outer.ts). A face that the browser cannot read is left out. */
  async function setFont(lent: FontFaceDescriptors & { family: string; bytes: ArrayBuffer }) {
    const { family, bytes, weight = '400', style = 'normal', unicodeRange = 'U+0-10FFFF' } = lent
    const face = new FontFace(family, bytes, { weight, style, unicodeRange })
    document.fonts.add(face)
    await face.load().catch(() => document.fonts.delete(face))
  }

  let height = 0
  const measure = () => {
    const now = Math.ceil(document.body.getBoundingClientRect().height)
    if (now === height || now === 0) return
    height = now
    send({ kind: 'height', height })
  }
  document.addEventListener('DOMContentLoaded', () => {
    new ResizeObserver(measure).observe(document.body)
    measure()
  })
}
