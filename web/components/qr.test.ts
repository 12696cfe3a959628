import decodeQR from 'qr/decode.js'
import { expect, test } from 'vitest'
import { render } from '../html.ts'
import { qr } from './qr.ts'

/** Draws the path as a reader's camera sees it, eight pixels a module. */
function photograph(svg: string): { width: number; height: number; data: Uint8Array } {
  const SCALE = 8
  const size = Number(svg.match(/viewBox="0 0 (\d+)/)?.[1]) * SCALE
  const data = new Uint8Array(size * size * 4).fill(255)
  for (const [, x, y, length] of svg.matchAll(/M(\d+) (\d+)h(\d+)/g))
    for (let row = 0; row < SCALE; row++)
      for (let column = 0; column < Number(length) * SCALE; column++) {
        const at = (Number(y) * SCALE + row) * size + Number(x) * SCALE + column
        data.fill(0, at * 4, at * 4 + 3)
      }
  return { width: size, height: size, data }
}

test.each(['otpauth://totp/Suốt%20Đời:Lan?issuer=Suốt%20Đời&secret=JBSWY3DPEHPK3PXP', 'a'])(
  'a reader finds in it what was put in: %s',
  (text) => {
    const svg = render(qr({ text, label: 'Mã' }))
    expect(svg).toContain('aria-label="Mã"')
    expect(decodeQR(photograph(svg))).toBe(text)
  },
)
