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
  'GET /author/:id/report': { for: authors, at: { id: 'lesson' }, shows: authors },
  'GET /author/:id/report.csv': { for: authors, at: { id: 'lesson' } },
  'GET /author/:id/delete': { for: authors, at: { id: 'draft' }, shows: authors },
  'POST /author/:id/delete': { for: authors, at: { id: 'draft' } },
})
