let packages = 0

/**
 * A package of a content type of its own whose code does as `script` says when it is shown: an async body in which
 * `await attempt(name, what)` writes down what came of something, for all to read in `.got`.
 */
export function hostilePackage(script: string): Record<string, string | Buffer> {
  packages += 1
  const named = { machineName: `Test.Hostile${packages}`, majorVersion: 1, minorVersion: 0 }
  const folder = `${named.machineName}-1.0`
  return {
    'h5p.json': JSON.stringify({
      title: 'Hostile',
      language: 'vi',
      mainLibrary: named.machineName,
      embedTypes: ['div'],
      license: 'CC BY',
      preloadedDependencies: [named],
    }),
    'content/content.json': '{}',
    'content/images/picture.png': PICTURE,
    [`${folder}/library.json`]: JSON.stringify({
      ...named,
      title: 'Hostile',
      patchVersion: 1,
      runnable: 1,
      preloadedJs: [{ path: 'hostile.js' }],
    }),
    [`${folder}/semantics.json`]: '[]',
    [`${folder}/hostile.js`]: `(window.Test ??= {}).Hostile${packages} = function () {
      H5P.EventDispatcher.call(this)
      const $ = H5P.jQuery
      this.attach = async ($container) => {
        const got = {}
        const attempt = async (name, what) => {
          try { got[name] = String(await what()) } catch (error) { got[name] = 'refused: ' + error.name }
        }
        ${script}
        $container.append($('<pre class="got"></pre>').text(JSON.stringify(got)))
      }
    }`,
  }
}

/** One pixel. */
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
