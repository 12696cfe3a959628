/**
 * Whether twelve digits stand in a row in a text, as in the number by which the state knows people: that is kept in one
 * place alone, and free words are not it.
 */
export const hasCitizenNumber = (text: string): boolean => /\d{12}/.test(text.replace(/[\s.-]/g, ''))
