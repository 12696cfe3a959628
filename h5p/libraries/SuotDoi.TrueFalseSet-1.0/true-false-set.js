/** A set of true or false statements: one at a time, each explained after the answer, then the result. */
window.SuotDoi.TrueFalseSet = (($) => {
  const { Kit } = window.SuotDoi

  function TrueFalseSet(parameters, contentId, extras = {}) {
    H5P.EventDispatcher.call(this)
    const self = this
    const questions = parameters.questions ?? []
    const words = parameters.l10n ?? {}
    const choices = [
      { id: 'true', text: words.true },
      { id: 'false', text: words.false },
    ]
    let root
    let at = 0
    let answers = questions.map(() => null)
    let shown = Date.now()
    const previous = extras.previousState
    if (previous && Array.isArray(previous.answers) && previous.answers.length === questions.length) {
      answers = previous.answers.map((answer) => (answer === 'true' || answer === 'false' ? answer : null))
      at = Math.min(Math.max(Number(previous.at) || 0, 0), questions.length)
    }

    const rightAnswer = (index) => (questions[index].correct === 'true' ? 'true' : 'false')
    const isRight = (index) => answers[index] === rightAnswer(index)
    const idOf = (index) => questions[index].id || `q${index + 1}`
    const marks = () =>
      answers.map((given, index) => (given === null ? null : isRight(index) ? 'right' : 'wrong'))

    self.attach = ($container) => {
      root = $('<div class="sd"></div>').appendTo($container)[0]
      if (previous) self.activityStartTime = Date.now() - (Number(previous.elapsed) || 0)
      else self.setActivityStarted()
      draw(false)
    }

    /** Shows the step at hand. `moved`: the learner caused it, so reading goes on at its beginning. */
    function draw(moved) {
      shown = Date.now()
      root.replaceChildren()
      const begin = at < questions.length ? drawQuestion() : drawResult()
      if (moved) begin.focus()
      self.trigger('resize')
    }

    function drawQuestion() {
      const asked = questions[at]
      const place = Kit.fill(words.place, { number: at + 1, total: questions.length })
      const question = Kit.question({
        text: asked.text,
        choices,
        row: true,
        right: rightAnswer(at),
        feedback: { right: asked.explanation, wrong: asked.explanation },
        given: answers[at],
        words,
        onAnswer(given) {
          answers[at] = given
          Kit.answered(self, {
            id: idOf(at),
            text: asked.text,
            interactionType: 'true-false',
            choices: null,
            right: rightAnswer(at),
            given,
            ms: Date.now() - shown,
          })
          const moved = Kit.way(place, marks(), at)
          way.replaceWith(moved)
          way = moved
          showNext()
          save()
          self.trigger('resize')
        },
      })
      let way = Kit.way(place, marks(), at)
      const heading = Kit.element(
        'div',
        { role: 'group', tabindex: '-1', 'aria-label': place },
        question.element,
      )
      root.append(way, heading)
      if (answers[at] !== null) showNext()

      function showNext() {
        const last = at === questions.length - 1
        question.element.append(
          Kit.element(
            'div',
            { class: 'sd-actions' },
            Kit.element('button', {
              type: 'button',
              class: 'sd-button sd-primary',
              text: last ? words.showResult : words.next,
              on: { click: next },
            }),
          ),
        )
      }
      return heading
    }

    function next() {
      at += 1
      if (at === questions.length) Kit.completed(self, parameters.passPercentage)
      save()
      draw(true)
    }

    function drawResult() {
      const result = Kit.result({
        words,
        score: self.getScore(),
        max: self.getMaxScore(),
        questions: questions.map((question, index) => ({
          text: question.text,
          right: isRight(index),
          answer: choices.find((choice) => choice.id === rightAnswer(index)).text,
        })),
        onRetry: self.resetTask,
      })
      root.append(Kit.way(words.end, marks(), questions.length), result.element)
      return result.heading
    }

    function save() {
      H5P.setUserData(contentId, 'state', self.getCurrentState(), { deleteOnChange: true })
    }

    self.resetTask = () => {
      answers = questions.map(() => null)
      at = 0
      self.activityStartTime = undefined
      self.setActivityStarted()
      save()
      draw(true)
    }
    self.getScore = () => answers.filter((_, index) => isRight(index)).length
    self.getMaxScore = () => questions.length
    self.getAnswerGiven = () => answers.some((answer) => answer !== null)
    self.showSolutions = () => {}
    self.getTitle = () => H5P.createTitle(extras.metadata?.title ?? '')
    self.getCurrentState = () => ({
      at,
      answers,
      elapsed: Date.now() - (self.activityStartTime ?? Date.now()),
    })
  }
  TrueFalseSet.prototype = Object.create(H5P.EventDispatcher.prototype)
  TrueFalseSet.prototype.constructor = TrueFalseSet
  return TrueFalseSet
})(H5P.jQuery)
