import { refuse } from '../../lrs/index.ts'
import {
  type Mapping,
  type MappingChange,
  type MappingJob,
  type MappingVersion,
  type Rule,
  ruleName,
} from '../../profiles/index.ts'
import shipped from '../../schemas/topics.json' with { type: 'json' }

/** Tables in memory; with `full` there are enough rules for two pages, and the lines are being told anew. */
export function fakeMapping(full: boolean): Mapping {
  const topics = shipped.map(({ iri, vi, en }) => ({ id: iri, vi, en, sample: true as const }))
  const rules: Rule[] = full
    ? [
        ...Array.from({ length: 60 }, (_, at): Rule => {
          const iri = `https://lms.truong-trung-hoc-pho-thong.example.org/course/view.php?id=${at}`
          return { tells: 'topic', by: 'course', iri, is: topics[at % 12]!.id, why: 'Tên khóa học nói rõ.' }
        }),
        {
          tells: 'kind',
          by: 'type',
          iri: 'http://adlnet.gov/expapi/activities/lesson',
          is: 'lesson',
          why: 'Một bài học.',
        },
        {
          tells: 'h',
          by: 'verb',
          iri: 'http://adlnet.gov/expapi/verbs/passed',
          is: 'hieu',
          why: 'Hiểu tới đâu đã được xét.',
        },
      ]
    : []
  const first = { version: 1, edition: 1, at: Date.now() - 4e9, by: 'product', note: 'edition 1' }
  const versions: MappingVersion[] = [{ ...first, topics, rules }]
  const now = () => versions.at(-1)!
  const job: MappingJob | null = full
    ? { version: 1, begun: Date.now(), what: 'lines', after: 'x', done: 3_400, total: 10_000, finished: null }
    : null
  const publish = (made: Pick<MappingVersion, 'topics' | 'rules' | 'note'>, by: string) => {
    versions.push({ ...made, version: now().version + 1, edition: null, at: Date.now(), by })
    return now()
  }
  const problemOf = (change: MappingChange) =>
    change.do === 'put-rule' && !change.rule.iri.includes(':')
      ? refuse({ id: 'mapping-iri-not-valid', status: 400, path: 'iri', message: 'Write an IRI' })
      : null
  const stale = refuse({ id: 'mapping-changed', status: 409, message: 'Changed meanwhile' })
  return {
    topics: async () => now().topics,
    now: async () => now(),
    versions: async (limit) => versions.toReversed().slice(0, limit),
    progress: async () => job,
    preview: async (change) => problemOf(change) ?? { looked: 1_000, changed: 12, total: 10_000 },
    async change(change, { by, expects }) {
      const { topics, rules, version } = now()
      if (expects !== version) return stale
      const problem = problemOf(change)
      if (problem) return problem
      const note = change.do
      switch (change.do) {
        case 'put-rule': {
          const names = [change.replaces, ruleName(change.rule)]
          const others = rules.filter((rule) => !names.includes(ruleName(rule)))
          return publish({ topics, rules: [...others, change.rule], note }, by)
        }
        case 'remove-rule':
          return publish({ topics, rules: rules.filter((rule) => ruleName(rule) !== change.name), note }, by)
        case 'put-topic':
          return publish({ topics: [...topics, change.topic], rules, note }, by)
        case 'remove-topic':
          return publish({ topics: topics.filter(({ id }) => id !== change.id), rules, note }, by)
      }
    },
    async restore(version, { by, expects }) {
      const older = versions.find((each) => each.version === version)
      if (expects !== now().version || !older) return stale
      return publish({ ...older, note: `restore ${version}` }, by)
    },
  }
}
