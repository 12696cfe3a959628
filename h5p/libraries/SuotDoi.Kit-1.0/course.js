/** A content type that leads through steps: pages or questions, then the end. */
{
  const { Kit } = window.SuotDoi
  const { element } = Kit

  /**
   * Makes the type. `plan(parameters, words)` says how:
   *   steps      [{title?, parts: [content]}], content as H5P has it: {library, params, subContentId, metadata}
   *   place      where one stands, with {number} and {total}
   *   next       the button that goes on
   *   previous   the one that goes back
   *   pages      true: one may read back, and each page reached is told; false: question by question
   */
  Kit.courseType = (plan) => {
    function Course(parameters, contentId, extras = {}) {
      H5P.EventDispatcher.call(this)
      const self = this
      const session = Kit.sessionOf(self, parameters, contentId, extras)
      const { words, assessed, nested } = session
      const { steps, place, next, previous: backward, pages } = plan(parameters, words)
      const previous = extras.previousState
      const root = element('div', { class: nested ? 'sd-part' : 'sd' })
      /** What goes on when a part says that it changed. */
      let refresh = () => {}
      const inner = {
        ...session,
        nested: true,
        touched() {
          refresh()
          session.touched()
        },
        changed() {
          refresh()
          session.changed()
        },
      }
      const held = steps.map((step, at) =>
        step.parts.flatMap((content, index) => {
          const id = content.subContentId ?? `${at}-${index}`
          const previousState = previous?.parts?.[id]
          const part = H5P.newRunnable(content, contentId, undefined, true, {
            parent: self,
            session: inner,
            previousState,
          })
          return part ? [{ id, part }] : []
        }),
      )
      const partsOf = (at) => (held[at] ?? []).map(({ part }) => part)
      const every = held.flat().map(({ part }) => part)
      const asked = () => every.flatMap((part) => part.inCourse?.asked() ?? [])
      const isSettled = (at) => partsOf(at).every((part) => part.inCourse?.settled() ?? true)

      const total = steps.length
      const within = (value) => Math.min(Math.max(Math.trunc(Number(value)) || 0, 0), total)
      // An assessed attempt that goes on was not handed in, whatever was pressed: the line may have gone before.
      let at = Math.min(within(previous?.at), assessed ? Math.max(0, total - 1) : total)
      let furthest = Math.max(at, within(previous?.furthest))
      let done = previous?.done === true && !assessed
      let begun = Date.now() - (Number(previous?.elapsed) || 0)
      /** Whether the learner was told that answers are missing, and may hand in all the same. */
      let warned = false

      function marks() {
        return steps.map((_, index) => {
          const each = partsOf(index).flatMap((part) => part.inCourse?.asked() ?? [])
          const found = each.map((question) => question.inCourse.mark())
          if (found.length === 0) return index < furthest ? 'seen' : null
          if (found.includes(null)) return null
          return found.includes('wrong') ? 'wrong' : found[0]
        })
      }

      /** Shows the step at hand. `moved`: the learner caused it, so reading goes on at its beginning. */
      function draw(moved) {
        root.replaceChildren()
        warned = false
        refresh = () => {}
        const begin = at < total ? drawStep() : drawEnd()
        if (moved) begin.focus()
        self.trigger('resize')
      }

      function drawStep() {
        const step = steps[at]
        const said = Kit.fill(place, { number: at + 1, total })
        let way = Kit.way(said, marks(), at)
        const heading = step.title && element('h2', { tabindex: '-1', text: step.title })
        const body = step.title
          ? element('article', { class: 'sd-page' }, heading)
          : element('div', { class: 'sd-page', role: 'group', tabindex: '-1', 'aria-label': said })
        root.append(way, body)
        for (const part of partsOf(at)) part.attach(body)
        const hint = element('p', { class: 'sd-hint', role: 'alert', hidden: true })
        const last = at === total - 1
        const end = assessed ? words.handIn : asked().length > 0 ? words.showResult : words.finish
        const forward = Kit.button(last ? end : next, () => goOn(hint))
        const back = at > 0 && (pages || assessed) && Kit.button(backward, () => go(at - 1))
        // A set inside of an assessed lesson is handed in with the lesson.
        const dead = last && assessed && nested
        root.append(hint, element('div', { class: 'sd-actions' }, back, !dead && forward))
        refresh = () => {
          const open = !assessed && !isSettled(at)
          forward.hidden = open && !pages
          forward.classList.toggle('sd-primary', !open)
          hint.hidden = true
          warned = false
          const now = Kit.way(said, marks(), at)
          way.replaceWith(now)
          way = now
        }
        refresh()
        return heading || body
      }

      function goOn(hint) {
        const tell = (text) => {
          hint.textContent = text
          hint.hidden = false
          self.trigger('resize')
        }
        if (!assessed && !isSettled(at)) return tell(words.answerFirst)
        const open = asked().filter((question) => !question.inCourse.settled()).length
        if (assessed && at === total - 1 && open > 0 && !warned) {
          warned = true
          return tell(Kit.fill(words.openQuestions, { count: open }))
        }
        go(at + 1)
      }

      function go(to) {
        for (const part of partsOf(at)) part.inCourse?.leave()
        at = to
        const reached = at > furthest
        furthest = Math.max(furthest, at)
        if (reached && at < total && pages) Kit.progressed(self, at + 1, total)
        if (at === total && !done) finish()
        session.changed()
        draw(true)
      }

      function finish() {
        done = true
        // Of a single page, to see it is not yet to have reached its end.
        if (pages && total === 1) Kit.progressed(self, 1, 1)
        if (assessed) for (const part of every) part.inCourse?.handIn()
        const raw = assessed ? 0 : self.getScore()
        const max = assessed ? 0 : self.getMaxScore()
        Kit.completed(self, { raw, max, passPercentage: parameters.passPercentage, ms: Date.now() - begun })
      }

      function drawEnd() {
        const { element: end, heading } = Kit.ending({
          words,
          assessed,
          nested,
          score: self.getScore(),
          max: self.getMaxScore(),
          questions: assessed ? [] : asked().map((question) => question.inCourse.review()),
          onRetry: self.resetTask,
        })
        root.append(Kit.way(nested ? words.setEnd : words.end, marks(), total), end)
        return heading
      }

      self.attach = (container) => {
        Kit.elementOf(container).append(root)
        if (!previous && !nested) {
          Kit.attempted(self)
          if (pages && total > 1) Kit.progressed(self, 1, total)
          session.changed()
        }
        draw(false)
      }
      self.resetTask = () => {
        for (const part of every) part.resetTask?.()
        at = 0
        furthest = 0
        done = false
        begun = Date.now()
        if (!nested) Kit.attempted(self)
        session.changed()
        draw(!nested)
      }
      self.getScore = () => asked().reduce((sum, question) => sum + question.getScore(), 0)
      self.getMaxScore = () => asked().reduce((sum, question) => sum + question.getMaxScore(), 0)
      self.getAnswerGiven = () => asked().some((question) => question.getAnswerGiven())
      self.showSolutions = () => {
        for (const part of every) part.showSolutions?.()
      }
      self.getTitle = () => extras.metadata?.title ?? ''
      self.getCurrentState = () => ({
        at,
        furthest,
        done,
        elapsed: Date.now() - begun,
        parts: Object.fromEntries(held.flat().map(({ id, part }) => [id, part.getCurrentState?.()])),
      })
      /** As a part of a lesson. */
      self.inCourse = {
        asked,
        settled: () => (assessed ? asked().every((question) => question.inCourse.settled()) : done),
        leave() {
          for (const part of partsOf(at)) part.inCourse?.leave()
        },
        handIn() {
          for (const part of every) part.inCourse?.handIn()
        },
      }
    }
    Course.prototype = Object.create(H5P.EventDispatcher.prototype)
    Course.prototype.constructor = Course
    return Course
  }

  /**
   * The end: how it went, and each question with its verdict; or that it was handed in; or that all was read.
   * @param options {words, assessed, nested, score, max, questions: [{text, right, answer}], onRetry}
   */
  Kit.ending = ({ words, assessed, nested, score, max, questions, onRetry }) => {
    const title = assessed ? words.handedInTitle : max > 0 ? words.resultTitle : words.readTitle
    const heading = element(nested ? 'h3' : 'h2', { tabindex: '-1', text: title })
    const section = element('section', { class: 'sd-question' }, heading)
    const say = (text) => section.append(element('p', { text }))
    if (assessed) say(words.handedInText)
    else if (max === 0) say(words.readText)
    else {
      section.append(
        element(
          'p',
          { class: 'sd-score' },
          element('strong', { text: `${score}/${max}` }),
          element('span', { text: words.resultText }),
        ),
      )
      if (!nested) say(score === max ? words.resultAll : words.resultSome)
    }
    if (!assessed && !nested) {
      const retry = Kit.button(max > 0 ? words.retry : words.readAgain, onRetry)
      section.append(element('div', { class: 'sd-actions' }, retry))
    }
    if (questions.length > 0 && !nested) section.append(review(words, questions))
    return { element: section, heading }
  }

  function review(words, questions) {
    const line = ({ text, right, answer }) =>
      element(
        'li',
        {},
        element(
          'p',
          { class: `sd-verdict${right ? '' : ' sd-missed'}` },
          Kit.icon(right ? 'right' : 'wrong'),
          element('span', { text: right ? words.right : words.wrong }),
        ),
        element('div', { html: text }),
        element('p', { class: 'sd-place', text: `${words.rightAnswer}: ${answer}` }),
      )
    return element('ol', { class: 'sd-review' }, ...questions.map(line))
  }
}
