/** An e-mail address as it is, a Vietnamese phone number as people write it: `0912 345 678`; any other with its country. */
export function showIdentifier(value: string): string {
  const own = /^\+84(\d{2,3})(\d{3})(\d{3})$/.exec(value)
  return own ? `0${own[1]} ${own[2]} ${own[3]}` : value
}
