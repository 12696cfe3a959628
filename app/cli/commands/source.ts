import type { Source } from '../../../lrs/index.ts'
import { day, defineCommand, table, text, texts } from '../command.ts'

const KINDS = ['lms', 'centre', 'organisation', 'tool'] as const

export const sourceCommands = [
  defineCommand<Source>({
    name: 'source create',
    summary: 'Add an LMS, centre, organisation or tool that sends statements',
    words: [],
    options: {
      name: { type: 'string', value: 'NAME', description: 'what people see on the record', required: true },
      kind: { type: 'string', value: 'KIND', description: `${KINDS.join(', ')} (default: lms)` },
      'home-page': {
        type: 'string',
        value: 'URL',
        description: 'home page of the accounts it vouches for; may be repeated',
        multiple: true,
      },
      'activity-prefix': {
        type: 'string',
        value: 'IRI',
        description: 'what the ids of its own activities begin with; may be repeated',
        multiple: true,
      },
    },
    async run({ sources }, input, by) {
      const kind = text(input, 'kind') ?? 'lms'
      return sources.create(
        {
          name: text(input, 'name') ?? '',
          kind: kind as Source['kind'],
          homePages: texts(input, 'home-page'),
          activityPrefixes: texts(input, 'activity-prefix'),
        },
        by,
      )
    },
    show: (source) =>
      [
        `Source "${source.name}" is there, with the id ${source.id}.`,
        `Next: suotdoi credential create --source ${source.id} --label "what it is for"`,
      ].join('\n'),
  }),

  defineCommand<Source[]>({
    name: 'source list',
    summary: 'List the sources',
    words: [],
    options: {},
    run: ({ sources }) => sources.list(),
    show: (sources) =>
      table(
        ['ID', 'KIND', 'SINCE', 'NAME'],
        sources.map((one) => [one.id, one.kind, day(one.created), one.name]),
        'There is no source yet. Next: suotdoi source create --name "…"',
      ),
  }),
]
