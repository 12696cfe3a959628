/** The functions of the SHA-2 family, told apart by the hex digits of their result: what `sha2` may be (1.0.3 Data 2.4.11). */
const ALGORITHMS: Readonly<Record<number, string>> = {
  56: 'sha224',
  64: 'sha256',
  96: 'sha384',
  128: 'sha512',
}

/** Name of the function, as `node:crypto` knows it, that made these hex digits in lower case; null when none did. */
export function sha2Algorithm(digits: string): string | null {
  return (/^[0-9a-f]+$/.test(digits) && ALGORITHMS[digits.length]) || null
}
