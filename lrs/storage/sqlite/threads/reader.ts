import { createReading, runRead } from './read.ts'
import { serve } from './serve.ts'

const reading = createReading('reader')

serve((request) => {
  if ('read' in request) return reading.on(request.read.place, (db) => runRead(db, request.read))
  return reading.close()
})
