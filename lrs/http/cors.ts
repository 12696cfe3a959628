/**
 * Any page may call the xAPI resources: they know no cookies, so nothing is sent along that the page does not have.
 * On every answer, refusals too, or a browser hides from the page what went wrong.
 */
export const CORS_HEADERS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': [
    'ETag',
    'Last-Modified',
    'X-Experience-API-Version',
    'X-Experience-API-Consistent-Through',
    'X-Request-Id',
    'WWW-Authenticate',
    'Retry-After',
  ].join(', '),
} as const

/** For OPTIONS, which comes without credentials. */
export const PREFLIGHT_HEADERS = {
  'Access-Control-Allow-Methods': 'GET, HEAD, PUT, POST, DELETE',
  'Access-Control-Allow-Headers': [
    'Authorization',
    'Content-Type',
    'X-Experience-API-Version',
    'X-Experience-API-Hash',
    'If-Match',
    'If-None-Match',
    'Accept-Language',
  ].join(', '),
  'Access-Control-Max-Age': '86400',
  Allow: 'GET, HEAD, PUT, POST, DELETE, OPTIONS',
} as const
