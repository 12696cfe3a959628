import type { Problem } from '../lrs/index.ts'

/** What ordinary texts are full of: days, hours, and numbers of telephones as they are written. */
const ORDINARY = [
  /(?<![\d/.-])(0?[1-9]|[12]\d|3[01])([/.-])(0?[1-9]|1[0-2])(\2(19|20)\d\d)?(?![\d/.-]?\d)/g,
  /(?<![\d/.-])(19|20)\d\d([/-])(0?[1-9]|1[0-2])(\2(0?[1-9]|[12]\d|3[01]))?(?![\d/-]?\d)/g,
  /(?<![\d:])([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?(?![:\d])/g,
  /(?<!\d)0[235789](\d{8,9}|\d\d([ .-])\d{3,4}\2\d{3}|\d([ .-])\d{3,4}\3\d{4})(?!\d)/g,
]
/** Marks that are seen nowhere: format characters, and others that only change how the one before looks. */
const UNSEEN = /\p{Cf}|\p{Default_Ignorable_Code_Point}/gu
/**
 * Digits in a row, with what may stand between those of one number: the same way all along. A sentence that ends is no
 * such thing.
 */
const RUNS = [
  /\d+((\s{1,3}|[\p{P}\p{S}]{1,2})\d+)*/gu,
  /(?<!\d[\p{P}\p{S}\s]{0,3})\d+(\s[\p{Pd}/_|\u00b7\u2022]\s\d+)+(?![\p{P}\p{S}\s]{0,3}\d)/gu,
]
/** Where it was given (001 to 096), sex and century of birth (0 to 3 until 2100), and eight digits (137/2015/NĐ-CP). */
const NUMBER = /^0(?!00)[0-8]\d[0-3]\d{8}$|^09[0-6][0-3]\d{8}$/

/**
 * Whether the number by which the state knows people stands in a text, however it is written: that is kept in one place
 * alone, and free words are not it. Twelve digits that cannot be one (an amount, two telephones) are let through.
 */
export function hasCitizenNumber(text: string): boolean {
  const plain = ORDINARY.reduce(
    (rest, each) => rest.replace(each, ' \u2026 '),
    text.normalize('NFKC').replace(UNSEEN, ''),
  )
  const runs = RUNS.flatMap((each) => [...plain.matchAll(each)])
  return runs.some(([run]) => {
    const groups = run.match(/\d+/g) ?? []
    return groups.some((_, from) => {
      let digits = ''
      for (let at = from; at < groups.length && digits.length < 12; at++) digits += groups[at]
      return NUMBER.test(digits)
    })
  })
}

/** Of the reason for an act, which people read who are not to know the number. */
export const REASON_NUMBER: Problem = {
  id: 'reason-number',
  status: 400,
  path: 'reason',
  message: 'Do not write a citizen number here.',
}
