/** `text/plain` of `Text/Plain; charset=utf-8`. */
export const mediaType = (contentType: string | undefined): string =>
  (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
