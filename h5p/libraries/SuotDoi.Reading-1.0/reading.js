/** Pages of text and pictures; a page may end with a question that has one right answer. */
window.SuotDoi.Reading = (($) => {
  const { Kit } = window.SuotDoi

  function Reading(parameters, contentId, extras = {}) {
    H5P.EventDispatcher.call(this)
    const self = this
    const pages = parameters.pages ?? []
    const words = parameters.l10n ?? {}
    const asked = pages.map((page) =>
      page.question?.text && page.question.choices?.length ? page.question : null,
    )
    let root
    let at = 0
    let furthest = 0
    let answers = pages.map(() => null)
    let shown = Date.now()
    const previous = extras.previousState
    if (previous && Array.isArray(previous.answers) && previous.answers.length === pages.length) {
      answers = previous.answers.map((answer, index) =>
        asked[index]?.choices.some((_, choice) => String(choice) === answer) ? answer : null,
      )
      at = Math.min(Math.max(Number(previous.at) || 0, 0), pages.length)
      furthest = Math.max(at, Math.min(Number(previous.furthest) || 0, pages.length))
    }

    const rightAnswer = (index) => String(asked[index].choices.findIndex((choice) => choice.correct))
    const isRight = (index) => asked[index] !== null && answers[index] === rightAnswer(index)
    const choicesOf = (index) =>
      asked[index].choices.map((choice, id) => ({ id: String(id), text: choice.text }))
    const marks = () =>
      pages.map((_, index) => {
        if (asked[index] && answers[index] !== null) return isRight(index) ? 'right' : 'wrong'
        return index < furthest && !asked[index] ? 'seen' : null
      })

    self.attach = ($container) => {
      root = $('<div class="sd"></div>').appendTo($container)[0]
      if (previous) self.activityStartTime = Date.now() - (Number(previous.elapsed) || 0)
      else self.setActivityStarted()
      draw(false)
    }

    function draw(moved) {
      shown = Date.now()
      root.replaceChildren()
      const heading = at < pages.length ? drawPage() : drawResult()
      if (moved) heading.focus()
      self.trigger('resize')
    }

    function drawPage() {
      const page = pages[at]
      const place = Kit.fill(words.place, { number: at + 1, total: pages.length })
      let way = Kit.way(place, marks(), at)
      const heading = Kit.element('h2', { tabindex: '-1', text: page.title })
      const article = Kit.element('article', { class: 'sd-page' }, heading, picture(page))
      article.append(Kit.element('div', { class: 'sd-text', html: page.text ?? '' }))
      const hint = Kit.element('p', { class: 'sd-hint', role: 'alert', hidden: true })
      const { buttons, forward } = turns(hint)
      root.append(way, article)
      if (asked[at]) {
        const question = asked[at]
        root.append(
          Kit.question({
            text: question.text,
            choices: choicesOf(at),
            right: rightAnswer(at),
            feedback: { right: question.explanation, wrong: question.explanation },
            given: answers[at],
            words,
            onAnswer(given) {
              answers[at] = given
              hint.hidden = true
              Kit.answered(self, {
                id: question.id || `q${at + 1}`,
                text: question.text,
                interactionType: 'choice',
                choices: choicesOf(at),
                right: rightAnswer(at),
                given,
                ms: Date.now() - shown,
              })
              const moved = Kit.way(place, marks(), at)
              way.replaceWith(moved)
              way = moved
              forward.classList.add('sd-primary')
              save()
              self.trigger('resize')
            },
          }).element,
        )
      }
      root.append(hint, buttons)
      return heading
    }

    function picture(page) {
      if (!page.picture?.path) return null
      return Kit.element(
        'figure',
        { class: 'sd-picture' },
        Kit.element('img', {
          src: H5P.getPath(page.picture.path, contentId),
          alt: page.pictureText ?? '',
          width: page.picture.width,
          height: page.picture.height,
          on: { load: () => self.trigger('resize') },
        }),
        page.pictureCaption ? Kit.element('figcaption', { text: page.pictureCaption }) : null,
      )
    }

    /** Back and forward; forward stands out only when the page asks for nothing else. */
    function turns(hint) {
      const turn = (text, click) =>
        Kit.element('button', { type: 'button', class: 'sd-button', text, on: { click } })
      const forward = turn(at === pages.length - 1 ? words.showResult : words.next, () => {
        if (asked[at] && answers[at] === null) {
          hint.textContent = words.answerFirst
          hint.hidden = false
          self.trigger('resize')
        } else go(at + 1)
      })
      if (!asked[at] || answers[at] !== null) forward.classList.add('sd-primary')
      const back = at > 0 ? turn(words.back, () => go(at - 1)) : null
      return { forward, buttons: Kit.element('div', { class: 'sd-actions' }, back, forward) }
    }

    function go(to) {
      const end = to === pages.length && furthest < pages.length
      at = to
      furthest = Math.max(furthest, at)
      if (end) Kit.completed(self, parameters.passPercentage)
      save()
      draw(true)
    }

    function drawResult() {
      const result = Kit.result({
        words,
        score: self.getScore(),
        max: self.getMaxScore(),
        questions: pages.flatMap((_, index) =>
          asked[index]
            ? [
                {
                  text: asked[index].text,
                  right: isRight(index),
                  answer: asked[index].choices[Number(rightAnswer(index))]?.text ?? '',
                },
              ]
            : [],
        ),
        onRetry: self.resetTask,
      })
      root.append(Kit.way(words.end, marks(), pages.length), result.element)
      return result.heading
    }

    function save() {
      H5P.setUserData(contentId, 'state', self.getCurrentState(), { deleteOnChange: true })
    }

    self.resetTask = () => {
      answers = pages.map(() => null)
      at = 0
      furthest = 0
      self.activityStartTime = undefined
      self.setActivityStarted()
      save()
      draw(true)
    }
    self.getScore = () => pages.filter((_, index) => isRight(index)).length
    self.getMaxScore = () => asked.filter((question) => question !== null).length
    self.getAnswerGiven = () => answers.some((answer) => answer !== null)
    self.showSolutions = () => {}
    self.getTitle = () => H5P.createTitle(extras.metadata?.title ?? '')
    self.getCurrentState = () => ({
      at,
      furthest,
      answers,
      elapsed: Date.now() - (self.activityStartTime ?? Date.now()),
    })
  }
  Reading.prototype = Object.create(H5P.EventDispatcher.prototype)
  Reading.prototype.constructor = Reading
  return Reading
})(H5P.jQuery)
