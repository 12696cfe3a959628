import { authors, right, type Table } from '../declared.ts'

const writes = right('write-lessons')

/** Lessons: whoever writes has a place of their own, and a lesson is changed by its author, and by who edits. */
export const authorTable = (): Table => ({
  'GET /author': { for: writes, shows: authors },
  'GET /author/upload': writes,
  'POST /author/upload': writes,
  'GET /author/:id': [
    { for: authors, at: { id: 'lesson' } },
    { for: authors, at: { id: 'draft' }, shows: authors },
  ],
  'POST /author/:id': { for: authors, at: { id: 'lesson' } },
  'POST /author/:id/organisation': { for: authors, at: { id: 'lesson' } },
  'POST /author/:id/publish': { for: authors, at: { id: 'draft' } },
  'POST /author/:id/put-back': { for: authors, at: { id: 'draft' } },
  'POST /author/:id/unpublish': { for: authors, at: { id: 'lesson' } },
  'GET /author/:id/share': { for: authors, at: { id: 'lesson' } },
  'GET /author/:id/preview': { for: authors, at: { id: 'draft' }, shows: authors },
  'POST /author/:id/publish-anew': { for: authors, at: { id: 'lesson' } },
  'POST /author/:id/archive': { for: authors, at: { id: 'draft' } },
  'POST /author/:id/restore': { for: authors, at: { id: 'draft' } },
  'GET /author/:id/rule': { for: authors, at: { id: 'draft' }, shows: authors },
  'POST /author/:id/rule': { for: authors, at: { id: 'draft' } },
  'GET /author/:id/versions': { for: authors, at: { id: 'draft' }, shows: authors },
  'GET /author/:id/versions/:number': { for: authors, at: { id: 'lesson', number: 'none' }, answers: [404] },
  'POST /author/:id/versions/:number/restore': {
    for: authors,
    at: { id: 'lesson', number: 'none' },
    answers: [404],
  },
  'GET /author/:id/export': { for: authors, at: { id: 'draft' } },
  'POST /author/:id/cover': { for: authors, at: { id: 'draft' } },
  'POST /author/:id/cover/remove': { for: authors, at: { id: 'draft' } },
  'GET /author/:id/more': { for: authors, at: { id: 'draft' }, shows: authors },
  'POST /author/:id/content': { for: authors, at: { id: 'draft' } },
  'POST /author/:id/duplicate': { for: authors, at: { id: 'draft' } },
  'GET /author/:id/report': { for: authors, at: { id: 'lesson' }, shows: authors },
  'GET /author/:id/report.csv': { for: authors, at: { id: 'lesson' } },
  'GET /author/:id/delete': { for: authors, at: { id: 'draft' }, shows: authors },
  'POST /author/:id/delete': { for: authors, at: { id: 'draft' } },
})
