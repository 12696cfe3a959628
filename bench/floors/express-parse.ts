import { text } from 'node:stream/consumers'
import express from 'express'
import { listenAsFloor } from './listen.ts'

/**
 * The floor of `post-one`: the plainest program that takes a statement. It reads the body itself, parses it and answers
 * the array of ids; it checks nothing, knows nobody and keeps nothing.
 */
const app = express()
app.disable('x-powered-by')
app.post('/xapi/statements', async (req, res) => {
  const { id } = JSON.parse(await text(req)) as { id: string }
  const body = JSON.stringify([id])
  res.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) })
  res.end(body)
})
listenAsFloor(app)
