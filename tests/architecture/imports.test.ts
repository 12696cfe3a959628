import { globSync, readFileSync } from 'node:fs'
import { posix, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { importsOf, offence } from './rules.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const modules = globSync('{app,lrs,h5p,plugins,profiles,society,web,schemas}/**/*.ts', { cwd: root })
  .map((path) => path.split(sep).join('/'))
  .filter((path) => !path.includes('node_modules/'))

const imports = modules.flatMap((from) =>
  importsOf(readFileSync(`${root}${from}`, 'utf8')).map((specifier) => ({
    from,
    to: specifier.startsWith('.') ? posix.join(posix.dirname(from), specifier) : specifier,
  })),
)

describe('who imports whom', () => {
  test('sees the modules of every part and their imports', () => {
    for (const part of ['app', 'lrs', 'h5p', 'profiles', 'web'])
      expect(modules.filter((path) => path.startsWith(`${part}/`)).length, part).toBeGreaterThan(0)
    expect(imports.filter(({ to }) => to === 'lrs/storage/port.ts').length).toBeGreaterThan(0)
    expect(imports.filter(({ from }) => from === 'app/main.ts').length).toBeGreaterThan(0)
  })

  test('no module imports what the rules forbid', () => {
    const offences = imports.flatMap(({ from, to }) => {
      const why = offence(from, to)
      return why ? [`${from} imports ${to}: ${why}`] : []
    })
    expect(offences).toEqual([])
  })

  test.each([
    ['lrs/lrs.ts', 'profiles/index.ts'],
    ['lrs/lrs.ts', 'lrs/storage/sqlite/open.ts'],
    ['lrs/resources/about.ts', 'lrs/http/router.ts'],
    ['lrs/statement/validate.ts', 'lrs/resources/about.ts'],
    ['lrs/storage/sqlite/open.ts', 'lrs/statement/keys.ts'],
    ['lrs/storage/sqlite/open.ts', 'lrs/storage/mongo/open.ts'],
    ['lrs/resources/about.ts', 'express'],
    ['lrs/resources/about.ts', 'lrs/index.ts'],
    ['lrs/lrs.ts', 'node:sqlite'],
    ['h5p/host.ts', 'lrs/lrs.ts'],
    ['h5p/host.ts', 'profiles/index.ts'],
    ['profiles/links.ts', 'lrs/storage/port.ts'],
    ['profiles/links.ts', 'web/index.ts'],
    ['society/units.ts', 'h5p/index.ts'],
    ['web/pages/home.ts', 'profiles/types.ts'],
    ['web/pages/home.ts', 'app/config.ts'],
    ['web/pages/home.ts', 'lrs/storage/sqlite/open.ts'],
    ['web/pages/home.ts', '@lumieducation/h5p-server'],
    ['plugins/lti/launch.ts', 'plugins/cmi5/launch.ts'],
    ['plugins/lti/launch.ts', 'lrs/index.ts'],
    ['schemas/types.ts', 'lrs/index.ts'],
  ])('forbids that %s imports %s', (from, to) => {
    expect(offence(from, to)).not.toBeNull()
  })

  test.each([
    ['app/services.ts', 'lrs/storage/sqlite/open.ts'],
    ['lrs/http/router.ts', 'lrs/resources/about.ts'],
    ['lrs/http/router.ts', 'express'],
    ['lrs/storage/sqlite/open.ts', 'lrs/storage/port.ts'],
    ['lrs/storage/sqlite/open.ts', 'lrs/storage/sqlite/blobs.ts'],
    ['lrs/storage/sqlite/open.ts', 'node:sqlite'],
    ['lrs/statement/validate.ts', 'schemas/xapi/statement.json'],
    ['lrs/lrs.test.ts', 'lrs/storage/sqlite/open.ts'],
    ['h5p/host.ts', 'lrs/index.ts'],
    ['plugins/lti/launch.ts', 'plugins/plugin.ts'],
    ['plugins/lti/launch.ts', 'plugins/lti/keys.ts'],
    ['web/pages/home.ts', 'profiles/index.ts'],
  ])('allows that %s imports %s', (from, to) => {
    expect(offence(from, to)).toBeNull()
  })

  test('reads every form of import', () => {
    const source = `
      import type { A } from './a.ts'
      import {
        b,
      } from './b.ts'
      import './c.ts'
      export { d } from './d.ts'
      // import './not-1.ts'
      /* import './not-2.ts' */
      const e = await import('./e.ts')
      export type F = import('./f.ts').F
    `
    expect(importsOf(source)).toEqual(['./a.ts', './b.ts', './c.ts', './d.ts', './e.ts', './f.ts'])
  })
})
