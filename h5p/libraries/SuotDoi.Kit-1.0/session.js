/** One playing of a lesson: its language and words, whether it is assessed, and how its parts tell that they changed. */
{
  const { Kit } = window.SuotDoi
  const PROGRESS = 'https://w3id.org/xapi/cmi5/result/extensions/progress'
  const ENDING_POINT = 'http://id.tincanapi.com/extension/ending-point'

  /**
   * The session of an instance. Whoever holds it gives it its own (`extras.session`); the outermost makes one.
   * `assessed`: the parameters hold no answers, no verdict is shown, and the responses are handed in at the end.
   */
  Kit.sessionOf = (instance, parameters, contentId, extras) => {
    if (extras.session) return extras.session
    const { defaultLanguage } = extras.metadata ?? {}
    const named = [parameters.language, defaultLanguage, document.documentElement.lang]
    const language = named.find((each) => each && each !== 'und') ?? 'vi'
    const nested = Boolean(extras.parent)
    return {
      language,
      words: Kit.words(language),
      assessed: parameters.assessed === true,
      nested,
      /** Something looks different. */
      touched: () => instance.trigger('resize'),
      /** Something is to be kept. */
      changed() {
        if (!nested) H5P.setUserData(contentId, 'state', instance.getCurrentState(), { deleteOnChange: true })
        instance.trigger('resize')
      },
    }
  }

  const seconds = (ms) => `PT${Math.max(0, Math.round(ms / 10) / 100)}S`

  function say(instance, verb, { definition = {}, result } = {}) {
    const event = instance.createXAPIEventTemplate(verb)
    const { statement } = event.data
    statement.object.definition = { ...statement.object.definition, ...definition }
    if (result) statement.result = result
    instance.trigger(event)
  }

  Kit.attempted = (instance) => say(instance, 'attempted')

  /** @param asked {question (HTML), input, response, score: {raw, max} or null, ms} */
  Kit.answered = (instance, session, { question, input, response, score, ms }) => {
    const text = Kit.plain(question)
    const inLanguage = (value) => ({ [session.language]: value })
    const { interactionType, choices } = input
    say(instance, 'answered', {
      definition: {
        type: 'http://adlnet.gov/expapi/activities/cmi.interaction',
        name: inLanguage(text),
        description: inLanguage(text),
        interactionType,
        ...(choices && { choices: choices.map(({ id, text }) => ({ id, description: inLanguage(text) })) }),
        ...(score && { correctResponsesPattern: input.patterns() }),
      },
      result: {
        ...(score && {
          score: { min: 0, max: score.max, raw: score.raw, scaled: score.raw / score.max },
          success: score.raw === score.max,
        }),
        completion: true,
        response,
        duration: seconds(ms),
      },
    })
  }

  /** Which page was reached: its number, and its share of all in percent. */
  Kit.progressed = (instance, page, pages) =>
    say(instance, 'progressed', {
      definition: { extensions: { [ENDING_POINT]: page } },
      result: { extensions: { [PROGRESS]: Math.floor((100 * page) / pages) } },
    })

  /** The end, with the score where there is one to tell. */
  Kit.completed = (instance, { raw, max, passPercentage, ms }) =>
    say(instance, 'completed', {
      result: {
        ...(max > 0 && {
          score: { min: 0, max, raw, scaled: raw / max },
          success: raw * 100 >= max * (passPercentage ?? 50),
        }),
        completion: true,
        duration: seconds(ms),
      },
    })
}
