import type { Express, Router } from 'express'

/** `GET /me/shares/:share`; `USE /assets` for what answers under a path without routes of its own. */
export type RouteName = string

interface Layer {
  rawPath?: string | readonly string[]
  route?: { methods: Record<string, boolean> }
  handle: { stack?: readonly Layer[] }
}

/**
 * Every route of an application, by walking the routers it is made of. Middleware that stands at `/` only looks at requests
 * on their way; whatever stands elsewhere may answer, and is listed.
 */
export function listRoutes(app: Express): RouteName[] {
  const { stack } = app.router as Router as unknown as { stack: readonly Layer[] }
  return [...new Set(stack.flatMap((layer) => routesOf(layer, '')))].sort()
}

function routesOf(layer: Layer, base: string): RouteName[] {
  return [layer.rawPath ?? '/'].flat().flatMap((path) => {
    const at = joined(base, path)
    if (layer.route) return Object.keys(layer.route.methods).map((method) => `${method.toUpperCase()} ${at}`)
    const below = layer.handle.stack?.flatMap((one) => routesOf(one, at)) ?? []
    if (below.length > 0) return below
    return path === '/' ? [] : [`USE ${at}`]
  })
}

function joined(base: string, path: string): string {
  const at = `${base}/${path}`.replace(/\/+/g, '/').replace(/(.)\/$/, '$1')
  // Names that change with what they hold.
  return at.replace(/\/[0-9a-f]{16}(?=\/|$)/g, '/:digest')
}
