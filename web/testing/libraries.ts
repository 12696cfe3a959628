import type {
  DiffLine,
  Libraries,
  LibraryDetails,
  LibraryDifference,
  LibraryRequest,
  LibrarySummary,
} from '../../h5p/index.ts'
import { refuse } from '../../lrs/index.ts'

const DAY = 86_400_000

/** The administrator's side of libraries, in memory: with `full` some are installed, and two requests wait. */
export function fakeLibraries(full: boolean, now = Date.now()): Libraries {
  const requests: LibraryRequest[] = full ? sampleRequests(now) : []
  const list = full ? sampleLibraries(now) : []
  const open = () => requests.filter((each) => each.state === 'open')
  // The sample's lessons and contents are numbered alike.
  const find = (id: string) =>
    requests.find((each) => each.id === id || each.lesson === id.replace('content-', 'lesson-')) ?? null
  const gone = () => refuse({ id: 'library-request-gone', status: 410, message: 'Gone' })
  return {
    list: async () => list,
    async get(key) {
      const found = list.find((each) => each.key === key)
      return found ? detailsOf(found, list) : null
    },
    waiting: async () => ({ requests: open(), next: null }),
    countWaiting: async () => open().length,
    request: async (id) => find(id),
    differences: async (request) => (request.id === 'request-1' ? sampleDifferences() : []),
    lines: async (_request, _build, path) => (path === 'multichoice.js' ? SAMPLE_LINES : null),
    propose: async () => {
      throw new Error('not in memory')
    },
    async approve(id, by) {
      const request = find(id)
      if (!request) return gone()
      Object.assign(request, { state: 'done', decidedBy: by, decidedAt: now })
      return {
        released: [{ lesson: request.lesson ?? '', author: request.by, title: request.title }],
      }
    },
    async refuse(id, { by, reason }) {
      const request = find(id)
      if (!request) return gone()
      Object.assign(request, { state: 'refused', decidedBy: by, decidedAt: now, reason })
      return null
    },
  }
}

function sampleRequests(now: number): LibraryRequest[] {
  return [
    {
      id: 'request-1',
      by: 'author',
      at: now - 2 * DAY,
      title: 'Quản lý nước tưới',
      state: 'open',
      lesson: 'lesson-3',
      libraries: ['H5P.MultiChoice-1.16.17-0123456789abcdef', 'H5P.Timer-0.4.0-fedcba9876543210'],
      kept: true,
    },
    {
      id: 'request-2',
      by: 'operator',
      at: now - DAY / 2,
      title: 'thu-vien.h5p',
      state: 'open',
      lesson: null,
      libraries: ['H5P.Timer-0.4.0-fedcba9876543210'],
      kept: true,
    },
    {
      id: 'request-3',
      by: 'author',
      at: now - 9 * DAY,
      title: 'Sơ cứu khi bị rắn cắn',
      state: 'refused',
      lesson: 'lesson-7',
      libraries: ['H5P.Timer-0.4.0-fedcba9876543210'],
      decidedBy: 'operator',
      decidedAt: now - 8 * DAY,
      reason: 'Không rõ nguồn của thư viện Timer; dùng bản lấy từ h5p.org',
      kept: false,
    },
  ]
}

function sampleLibraries(now: number): LibrarySummary[] {
  const library = (
    machineName: string,
    [majorVersion, minorVersion, patchVersion]: [number, number, number],
    more: Partial<LibrarySummary> = {},
  ): LibrarySummary => ({
    key: `${machineName}-${majorVersion}.${minorVersion}`,
    title: machineName.replace(/^.*\./, ''),
    machineName,
    majorVersion,
    minorVersion,
    patchVersion,
    runnable: true,
    addon: false,
    restricted: false,
    since: now - 40 * DAY,
    files: 34,
    size: 182_344,
    contents: 0,
    asMain: 0,
    newer: null,
    ...more,
  })
  return [
    library('FontAwesome', [4, 5, 4], { title: 'Font Awesome', runnable: false, contents: 14 }),
    library('H5P.MultiChoice', [1, 14, 6], {
      title: 'Multiple Choice',
      contents: 3,
      asMain: 2,
      newer: '1.16',
    }),
    library('H5P.MultiChoice', [1, 16, 14], { title: 'Multiple Choice', contents: 12, asMain: 9 }),
    library('SuotDoi.Lesson', [1, 0, 0], { title: 'Bài học', contents: 5, asMain: 5, files: 6 }),
  ]
}

function detailsOf(summary: LibrarySummary, all: readonly LibrarySummary[]): LibraryDetails {
  return {
    ...summary,
    build: `${summary.key}.${summary.patchVersion}-0123456789abcdef`,
    paths: [
      { path: 'library.json', size: 912 },
      { path: 'scripts/main.js', size: 48_210 },
      { path: 'styles/main.css', size: 6_120 },
    ],
    needs: summary.runnable ? ['FontAwesome-4.5'] : [],
    neededBy: summary.runnable ? [] : all.filter((each) => each.runnable).map((each) => each.key),
    older:
      summary.asMain > 0
        ? [{ build: `${summary.key}.1-00aa00aa00aa00aa`, patchVersion: 1, versions: 2 }]
        : [],
    uses:
      summary.contents > 0
        ? [{ lesson: 'lesson-0', title: 'Quản lý nước tưới', author: 'author', versions: [0, 1, 2] }]
        : [],
    more: false,
  }
}

function sampleDifferences(): LibraryDifference[] {
  return [
    {
      build: 'H5P.MultiChoice-1.16.17-0123456789abcdef',
      title: 'Multiple Choice',
      machineName: 'H5P.MultiChoice',
      majorVersion: 1,
      minorVersion: 16,
      patchVersion: 17,
      installed: 14,
      settled: false,
      files: [
        { path: 'css/old.css', change: 'removed', before: 1_204, after: null, readable: true },
        { path: 'library.json', change: 'changed', before: 1_410, after: 1_411, readable: true },
        { path: 'multichoice.js', change: 'changed', before: 41_004, after: 41_380, readable: true },
      ],
      same: 31,
      size: 182_344,
    },
    {
      build: 'H5P.Timer-0.4.0-fedcba9876543210',
      title: 'Timer',
      machineName: 'H5P.Timer',
      majorVersion: 0,
      minorVersion: 4,
      patchVersion: 0,
      installed: null,
      settled: false,
      files: [
        { path: 'images/clock.png', change: 'added', before: null, after: 9_811, readable: false },
        { path: 'library.json', change: 'added', before: null, after: 402, readable: true },
        { path: 'scripts/timer.js', change: 'added', before: null, after: 12_020, readable: true },
      ],
      same: 0,
      size: 22_233,
    },
  ]
}

const SAMPLE_LINES: (DiffLine | null)[] = [
  null,
  { kind: 'same', text: "  this.setType('multichoice');" },
  { kind: 'removed', text: '  var defaults = { image: null };' },
  { kind: 'added', text: '  var defaults = { image: null, label: "<b>" };' },
  { kind: 'same', text: '  var params = $.extend(true, defaults, options);' },
  null,
]
