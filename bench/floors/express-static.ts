import express from 'express'
import { listenAsFloor } from './listen.ts'

/** The floor of `library-file`: the files of a folder, as `express.static` sends them. */
const app = express()
app.disable('x-powered-by')
app.use(express.static(process.argv[2]!, { immutable: true, maxAge: '1y', index: false, redirect: false }))
listenAsFloor(app)
