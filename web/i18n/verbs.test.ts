import { expect, test } from 'vitest'
import { activityWords } from './activity-words.ts'
import { verbName } from './verbs.ts'

test('what was done is said in the reader’s language: by the source, else by us, else by the source in any', () => {
  const submit = 'http://activitystrea.ms/submit'
  expect(verbName({ id: submit, display: { 'vi-VN': 'gửi bài' } }, 'vi')).toBe('Gửi bài')
  expect(verbName({ id: submit, display: { en: 'submitted' } }, 'vi')).toBe('Nộp bài')
  expect(verbName({ id: submit, display: {} }, 'en')).toBe('Submitted')
  expect(verbName({ id: 'https://example.org/verbs/planted', display: { en: 'planted' } }, 'vi')).toBe(
    'Planted',
  )
  expect(verbName({ id: 'https://example.org/verbs/planted', display: {} }, 'vi')).toBeNull()
  expect(verbName({ id: 'urn:x:constructor', display: { vi: ' ' } }, 'vi')).toBeNull()
})

test('an activity without a name is told by the words of its address, else by where it is', () => {
  expect(activityWords('https://lms.example.org/khoa-hoc/an-toan-dien')).toEqual({ words: 'an toan dien' })
  expect(activityWords('https://lms.example.org/bai/H%E1%BB%8Dc_b%C6%A1i/')).toEqual({ words: 'Học bơi' })
  for (const address of [
    'https://lms.example.org/mod/quiz/view.php?id=42',
    'https://lms.example.org/course/7',
    'https://lms.example.org/x/3f2b8c1e-8f1b-4c38-9d7e-0a1b2c3d4e5f',
    'https://lms.example.org/a/9f8e7d6c5b4a',
    'https://lms.example.org/',
    'https://lms.example.org/%E0%A4%A',
  ])
    expect(activityWords(address), address).toEqual({ host: 'lms.example.org' })
  expect(activityWords('urn:uuid:3f2b8c1e-8f1b-4c38-9d7e-0a1b2c3d4e5f')).toBeNull()
  expect(activityWords('no address')).toBeNull()
})
