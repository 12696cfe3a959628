import { pipeline } from 'node:stream/promises'
import { Router } from 'express'
import type { Cover, Lesson } from '../../h5p/index.ts'
import { mayChangeLesson } from '../author/lesson-rights.ts'
import { type Html, html } from '../html.ts'
import { paramOf, send, show, viewOf } from '../page.ts'
import type { WebServices } from '../services.ts'
import { notFoundPage } from './error-pages.ts'

/** Pictures of published lessons, for everybody; of drafts for who may change them. */
export function coverRoutes(services: WebServices): Router {
  return Router().get('/lessons/:id/cover/:sha2', async (req, res) => {
    const view = viewOf(res)
    const lesson = await services.host.lessons.get(paramOf(req, 'id'))
    const found = lesson && (await services.host.lessons.openCover(lesson, paramOf(req, 'sha2')))
    const isTheirs = found && (found.isPublic || (await mayChangeLesson(view, services, lesson)))
    if (!found || !isTheirs) {
      found?.content.destroy()
      return send(req, res, show(notFoundPage(view), 404))
    }
    res.set({
      'Content-Type': 'image/webp',
      'Content-Length': String(found.size),
      // Another picture has another address; a lesson that is withdrawn does not live on in a cache between.
      'Cache-Control': 'private, max-age=31536000, immutable',
      'X-Content-Type-Options': 'nosniff',
      'Content-Security-Policy': "default-src 'none'; sandbox",
    })
    await pipeline(found.content, res).catch((error: unknown) => {
      // Who left in the middle does not miss the rest.
      if (!res.closed) throw error
    })
  })
}

/** Address of a lesson's cover on this site. */
export const coverAddress = (lesson: Pick<Lesson, 'id'>, cover: Cover, size: 'large' | 'small') =>
  `/lessons/${encodeURIComponent(lesson.id)}/cover/${cover[size].sha2}`

export function coverPicture(lesson: Pick<Lesson, 'id'>, cover: Cover, size: 'large' | 'small'): Html {
  const { width, height } = cover[size]
  return html`<img src=${coverAddress(lesson, cover, size)} alt=${cover.alt} width=${width} height=${height}
    loading="lazy" decoding="async" />`
}
