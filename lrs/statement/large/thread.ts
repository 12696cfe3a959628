/** The thread on which large bodies are read, so that none of them holds up the one that answers requests. */
import { getHeapStatistics } from 'node:v8'
import { parentPort } from 'node:worker_threads'
import type { Answer, Question } from './messages.ts'
import { createSession, type Session } from './session.ts'

const sessions = new Map<number, Session>()

parentPort?.on('message', (question: Question) => {
  const { session: id } = question
  if ('open' in question) {
    sessions.set(id, createSession(question.open.request, question.open.caller))
    return
  }
  if ('drop' in question) {
    sessions.delete(id)
    return
  }
  const session = sessions.get(id)
  if (!session) return
  const answer = (reply: Answer, moved: ArrayBuffer[] = []) => parentPort?.postMessage(reply, moved)
  const working = 'end' in question ? session.end() : session.push(question.bytes)
  working.then(
    (progress) =>
      answer(
        { session: id, progress, heap: getHeapStatistics().total_heap_size },
        progress.packed ? [progress.packed.bytes.buffer] : [],
      ),
    (error: unknown) => answer({ session: id, failed: error as Error }),
  )
})
