/**
 * Where the parameters of our own content types (`libraries/SuotDoi.*`) hold what a learner must not know before an
 * assessed lesson is handed in. A type is played without these: it then collects responses and shows no verdict.
 */
export interface OwnType {
  /** Paths in the type's own parameters; `[]` stands for every entry of a list. */
  hidden: readonly string[]
  /** List whose order is the learner's to find, or may differ from one attempt to the next. */
  shuffled?: 'choices' | 'items'
  /** List of the types that it holds, each `{library, params, subContentId}`, for those that ask nothing themselves. */
  holds?: readonly string[]
}

/** By machine name; all under version 1.0. The order of `items` is the answer itself, so it never leaves the server. */
export const OWN_TYPES: Readonly<Record<string, OwnType>> = {
  'SuotDoi.MultiChoice': {
    hidden: ['choices[].correct', 'choices[].feedback', 'explanation'],
    shuffled: 'choices',
  },
  'SuotDoi.TrueFalse': { hidden: ['correct', 'explanation'] },
  'SuotDoi.Blanks': { hidden: ['blanks[].answers', 'explanation'] },
  'SuotDoi.Ordering': { hidden: ['explanation'], shuffled: 'items' },
  'SuotDoi.Text': { hidden: [] },
  'SuotDoi.QuestionSet': { hidden: [], holds: ['questions[]'] },
  'SuotDoi.Lesson': { hidden: [], holds: ['pages[].content[]'] },
}
