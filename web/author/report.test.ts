import { expect, test } from 'vitest'
import { browser, signIn, site } from '../testing/site.ts'

async function author(full: boolean) {
  const made = site({ full })
  const agent = browser(made.app)
  await signIn(agent, 'author')
  const { lessons } = await made.services.host.lessons.by('author', { limit: 1 })
  return { agent, lesson: lessons[0]?.id ?? '' }
}

test('the report says how many learned, with what scores, and which questions are hard', async () => {
  const { agent, lesson } = await author(true)
  const { status, text } = await agent.get(`/author/${lesson}/report`)
  expect(status).toBe(200)
  for (const words of ['1.284', '1.602', '78,4%', '41%', 'Hộp sữa, chai nước mắm', 'sai: 742'])
    expect(text).toContain(words)
  // Of a lesson for practice no score is a judgement.
  expect(text).toContain('Điểm trung bình (luyện tập)')
  expect(text).not.toContain('do hệ thống chấm')
  // An author reads numbers; statements name people.
  expect(text).not.toContain('/operator/statements')
})

test('the same figures as a file that a spreadsheet program opens', async () => {
  const { agent, lesson } = await author(true)
  const { text, headers } = await agent.get(`/author/${lesson}/report.csv?version=1`)
  expect(headers['content-disposition']).toContain(`bao-cao-${lesson}-1.csv`)
  expect(text.split('\r\n')[0]).toBe('\ufeff"","Người học","1284"')
  expect(text).toContain('"đúng","520"')
})

test('a lesson that is not there, and one of somebody else', async () => {
  const { agent } = await author(true)
  expect((await agent.get('/author/none/report')).status).toBe(404)
  const other = browser(site({ full: true }).app)
  await signIn(other, 'citizen')
  expect((await other.get('/author/lesson-1/report')).status).toBe(403)
})
