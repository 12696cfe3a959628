const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const SHA2 = /^[0-9a-f]{64}$/

/** A lower-case UUID as its 16 bytes; null when it is none. */
export function uuidBytes(id: string): Uint8Array | null {
  return UUID.test(id) ? Buffer.from(id.replaceAll('-', ''), 'hex') : null
}

export function uuidText(bytes: Uint8Array): string {
  const hex = hexText(bytes)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** A SHA-256 in lower-case hex as its 32 bytes; null when it is none. */
export function sha2Bytes(hex: string): Uint8Array | null {
  return SHA2.test(hex) ? Buffer.from(hex, 'hex') : null
}

export function hexText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
}
