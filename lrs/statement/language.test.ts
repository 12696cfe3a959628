import { expect, test } from 'vitest'
import { chooseLanguage, wantedLanguages } from './language.ts'

test.each([
  [['vi', 'en'], 'en;q=0.5, vi', 'vi'],
  [['vi', 'en'], 'en', 'en'],
  [['en-US', 'en-GB'], 'en-GB', 'en-GB'],
  [['en-us', 'en-gb'], 'en-GB', 'en-gb'],
  [['vi', 'en-US'], 'en-GB', 'en-US'],
  [['vi', 'en-GB'], 'en', 'en-GB'],
  [['vi', 'zh-Hant'], 'zh-TW', 'zh-Hant'],
  [['vi', 'en'], '*', 'vi'],
  [['vi', 'en'], '*, en;q=0.1', 'en'],
  [['vi', 'en'], 'ja', 'vi'],
  [['vi', 'en'], undefined, 'vi'],
  [['x-local', 'i-klingon'], 'i-klingon', 'x-local'],
  [['x-local', 'en'], 'en', 'en'],
  [['vi'], 'en', 'vi'],
  [['vi', 'en'], 'en;q=0, vi', 'vi'],
  [['vi', 'en'], ';;;,=q', 'vi'],
])('of %j, Accept-Language %j gets %s', (available, header, expected) => {
  expect(chooseLanguage(available, wantedLanguages(header))).toBe(expected)
})
