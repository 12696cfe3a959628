import express, { type RequestHandler, type Router } from 'express'
import { cutSlowReaders } from './cut-slow-readers.ts'

/**
 * Answers requests for the origin that lessons are framed from, with frames and their files and nothing else: no page, no
 * record, no cookie. It is told by the host that the browser asks for.
 */
export function playerOrigin({ origin, frames }: { origin: string; frames: Router }): RequestHandler {
  const { host, protocol } = new URL(origin)
  const player = express.Router()
  player.use((_req, res, next) => {
    if (protocol === 'https:') res.setHeader('Strict-Transport-Security', 'max-age=31536000')
    next()
  })
  player.use('/h5p', cutSlowReaders(), frames)
  player.use((_req, res) => {
    res.writeHead(404, { 'Content-Length': 0 }).end()
  })
  return (req, res, next) => (req.host?.toLowerCase() === host ? player(req, res, next) : next())
}
