import { readFileSync } from 'node:fs'
import express from 'express'
import { listenAsFloor } from './listen.ts'

/** The floor of `player`: Express that sends the bytes of one page, packed as they are, from memory. */
const page = readFileSync(process.argv[2]!)
const app = express()
app.disable('x-powered-by')
app.disable('etag')
app.get('/page', (_req, res) => {
  res.set({ 'Content-Encoding': 'gzip', 'Cache-Control': 'no-store' }).type('html').send(page)
})
listenAsFloor(app)
