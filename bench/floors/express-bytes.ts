import { readFileSync } from 'node:fs'
import express from 'express'
import { listenAsFloor } from './listen.ts'

/** The floor of `get-by-id`: sends the bytes that the product answered, held in memory, to whoever names their id. */
const answers = new Map(
  (JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as [id: string, body: string][]).map(([id, body]) => [
    id,
    Buffer.from(body),
  ]),
)
const app = express()
app.disable('x-powered-by')
app.get('/xapi/statements', (req, res) => {
  const body = answers.get(String(req.query.statementId))
  if (!body) {
    res.writeHead(404, { 'Content-Length': 0 }).end()
    return
  }
  res.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length })
  res.end(body)
})
listenAsFloor(app)
