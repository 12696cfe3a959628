import { createRequire } from 'node:module'

/** Frequent in Vietnam and missing from the international list; written as typed without diacritics, spaces or capitals. */
const VIETNAMESE = [
  'matkhau1',
  'matkhau12',
  'matkhau123',
  'matkhau1234',
  'matkhaula123',
  'matkhaulagi',
  'khongbiet',
  'khongcomatkhau',
  'anhyeuem',
  'anhyeuem1',
  'anhyeuem123',
  'anhyeuemnhieu',
  'anhnhoem',
  'emyeuanh',
  'emyeuanh1',
  'emyeuanh123',
  'emnhoanh',
  'yeuemnhieu',
  'yeuanhnhieu',
  'yeuemmaimai',
  'yeuanhmaimai',
  'conyeume',
  'conyeubame',
  'bameyeucon',
  'giadinhtoi',
  'giadinhlaso1',
  'vietnam1',
  'vietnam12',
  'vietnam123',
  'vietnam1975',
  'vietnam2020',
  'vietnamvodich',
  'tiengviet',
  'xinchao123',
  'hanoi123',
  'hanoi1234',
  'saigon123',
  'saigon1234',
  'hungyen123',
  'thaibinh123',
  'thaibinh17',
  'hoctap123',
  'suotdoi123',
  'hoctapsuotdoi',
  'suotdoihoctap',
  'khuyenhoc123',
  'nguyen123',
  'nguyenvana',
  'hochiminh',
  'chaoban123',
  'toilatoi',
  '1234567890a',
  '123456aa',
  '123456abc',
  'abc123456',
  'a123456789',
  '123456789a',
  '0123456789',
  '01234567890',
  '0987654321',
  '0912345678',
  '1234@abcd',
  'abcd@1234',
  'abc@1234',
  'abc@12345',
  'admin@123',
  'admin@1234',
  'pass@123',
  'p@ssw0rd',
]

const require = createRequire(import.meta.url)
let common: ReadonlySet<string> | undefined

/** Only those that the rule of length lets through. Unpacked when the first password is chosen: most starts see none. */
function commonPasswords(): ReadonlySet<string> {
  if (common) return common
  const { dictionary } = require('@zxcvbn-ts/language-common') as typeof import('@zxcvbn-ts/language-common')
  common = new Set([...dictionary['passwords-common'].filter((word) => word.length >= 8), ...VIETNAMESE])
  return common
}

/** Whether it is among some fifty thousand most used passwords, in any capitals, with or without Vietnamese diacritics. */
export function isCommonPassword(password: string): boolean {
  const lower = password.toLowerCase()
  const words = commonPasswords()
  return words.has(lower) || words.has(foldWord(lower)) || isOneCharacter(lower)
}

/** Lower case without diacritics and spaces: `Mật Khẩu 123` is `matkhau123`. */
export function foldWord(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\p{M}\s]/gu, '')
    .replaceAll('đ', 'd')
}

function isOneCharacter(password: string): boolean {
  return new Set(password).size === 1
}
