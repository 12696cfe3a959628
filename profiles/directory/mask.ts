/** An e-mail address or phone number as its owner knows it again and nobody else learns it: `ng•••@…`, `••• 678`. */
export function maskIdentifier(kind: 'email' | 'phone', value: string): string {
  if (kind === 'phone') return `••• ${value.slice(-3)}`
  const name = [...(value.split('@')[0] ?? '')]
  return `${name.slice(0, name.length > 3 ? 2 : 1).join('')}•••@…`
}
