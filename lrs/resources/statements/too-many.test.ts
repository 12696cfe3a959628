import { expect, test } from 'vitest'
import { someStatement, startXapi } from '../../../tests/support/xapi.ts'

test('more statements than the store can keep at once are refused with 413 and the number that it can', async () => {
  const xapi = await startXapi({
    storage: (storage) => {
      const tenant = (id: string) => {
        const real = storage.tenant(id)
        const write = async () => ({ ok: false, refusal: { kind: 'too-many', most: 4_200 } }) as const
        return { ...real, statements: { ...real.statements, write } }
      }
      return { ...storage, tenant }
    },
  })
  const client = await xapi.issue(['statements/write'], 'LMS')
  const answer = await client.request('post', '/xapi/statements').send([someStatement({}), someStatement({})])
  expect(answer.status).toBe(413)
  expect(answer.body.error).toContain('4200')
  expect(answer.body.problems).toMatchObject([{ id: 'statements-too-many' }])
  await xapi.close()
})
