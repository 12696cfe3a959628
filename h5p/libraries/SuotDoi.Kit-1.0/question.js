/** A content type that asks one thing. */
{
  const { Kit } = window.SuotDoi
  const { element } = Kit

  /**
   * Makes the type. `make(parameters, {words, assessed, order})` gives the input:
   *   element                    where the learner answers; it fires `input` while an answer changes, then `change`
   *   interactionType, choices?  of xAPI; choices are [{id, text}]
   *   max                        the points there are
   *   read()                     the response in xAPI's form, or null as long as nothing was answered
   *   missing()                  what to say when it is not answered wholly, or null
   *   write(response)            sets what was answered
   *   lock()                     takes no more answers
   *   focus()                    where answering begins
   *   order()                    ids in the order in which they stand, to find them so again; null: no order
   * and, unless the answers are the server's to know (`assessed`):
   *   score(response), patterns(), solution() (text), reveal(response) (marks; returns more to show, or nothing)
   */
  Kit.questionType = (make) => {
    function Question(parameters, contentId, extras = {}) {
      H5P.EventDispatcher.call(this)
      const self = this
      const session = Kit.sessionOf(self, parameters, contentId, extras)
      const { words, assessed } = session
      const text = parameters.question || `<p>${words.fillIn}</p>`
      const root = element('div', { class: 'sd-part' })
      let input
      let given = null
      let closed = false
      let spent = 0
      let since = null
      let hint
      let feedback
      let actions

      function build(order) {
        input = make(parameters, { words, assessed, order })
        input.element.addEventListener('input', () => {
          given = input.read()
          hint.hidden = true
          session.touched()
        })
        input.element.addEventListener('change', () => session.changed())
        hint = element('p', { class: 'sd-hint', role: 'alert', hidden: true })
        feedback = element('div', { class: 'sd-feedback', role: 'status', tabindex: '-1', hidden: true })
        actions = element('div', { class: 'sd-actions' })
        if (!assessed) actions.append(Kit.button(words.check, hand, ' sd-primary'))
        else if (!session.nested) actions.append(Kit.button(words.handIn, hand, ' sd-primary'))
        else actions.hidden = true
        const legend = element('legend', { class: 'sd-legend', html: text })
        root.replaceChildren(
          element('fieldset', { class: 'sd-question' }, legend, input.element, hint, feedback, actions),
        )
      }

      const score = () => (assessed || !closed ? null : input.score(given))
      const elapsed = () => spent + (since === null ? 0 : Date.now() - since)
      const tell = () =>
        Kit.answered(self, session, { question: text, input, response: given, score: score(), ms: elapsed() })

      /** The button: checks, or hands in a question that stands alone. */
      function hand() {
        const missing = input.missing()
        if (missing) {
          hint.textContent = missing
          hint.hidden = false
          input.focus()
          return session.touched()
        }
        given = input.read()
        close()
        feedback.focus()
        tell()
        session.changed()
      }

      function close() {
        closed = true
        input.lock()
        hint.hidden = true
        actions.remove()
        feedback.hidden = assessed && session.nested
        if (assessed) show('right', words.handedInTitle, element('p', { text: words.handedInText }))
        else {
          const { raw, max } = score()
          const kind = raw === max ? 'right' : 'wrong'
          const partly = kind === 'wrong' && raw > 0
          const more = input.reveal(given)
          const explanation = parameters.explanation && element('div', { html: parameters.explanation })
          const retry = !session.nested && Kit.button(words.retry, self.resetTask)
          show(kind, partly ? Kit.fill(words.partly, { score: raw, max }) : words[kind], more, explanation)
          if (retry) root.firstChild.append(element('div', { class: 'sd-actions' }, retry))
        }
      }

      function show(kind, verdict, ...more) {
        feedback.classList.toggle('sd-feedback-wrong', kind === 'wrong')
        feedback.replaceChildren(
          element('p', { class: 'sd-verdict' }, Kit.icon(kind), element('span', { text: verdict })),
          ...more.filter(Boolean),
        )
      }

      self.attach = (container) => {
        since = Date.now()
        Kit.elementOf(container).append(session.nested ? root : element('div', { class: 'sd' }, root))
        if (!session.nested && !extras.previousState) Kit.attempted(self)
        self.trigger('resize')
      }
      self.getScore = () => score()?.raw ?? 0
      self.getMaxScore = () => input.max
      self.getAnswerGiven = () => given !== null
      self.showSolutions = () => {
        if (!assessed && !closed) close()
      }
      self.resetTask = () => {
        given = null
        closed = false
        spent = 0
        if (since !== null) since = Date.now()
        build()
        if (!session.nested) Kit.attempted(self)
        session.changed()
      }
      self.getTitle = () => Kit.plain(text)
      self.getCurrentState = () => ({ given, closed, order: input.order(), spent: elapsed() })
      /** What who holds the question asks of it. */
      self.inCourse = {
        asked: () => [self],
        settled: () => (assessed ? given !== null : closed),
        mark() {
          if (assessed) return given === null ? null : 'seen'
          return closed ? (score().raw === score().max ? 'right' : 'wrong') : null
        },
        review: () => ({ text, right: self.inCourse.mark() === 'right', answer: input.solution() }),
        leave() {
          spent = elapsed()
          since = null
        },
        handIn() {
          if (given !== null && !closed) tell()
          close()
        },
      }

      const previous = extras.previousState
      build(previous?.order)
      if (previous && typeof previous.given === 'string') {
        input.write(previous.given)
        given = input.read()
      }
      spent = Number(previous?.spent) || 0
      // An assessed attempt that goes on was not handed in: the line may have gone before.
      if (previous?.closed && given !== null && !assessed) close()
    }
    Question.prototype = Object.create(H5P.EventDispatcher.prototype)
    Question.prototype.constructor = Question
    return Question
  }

  /**
   * Radio buttons, or boxes where several may be chosen.
   * @param options {choices: [{id, text, feedback?}], right: ids or null, several, row, interactionType, words}
   */
  Kit.choiceInput = ({ choices, right, several = false, row = false, interactionType, words }) => {
    const name = Kit.uniqueName()
    const list = element('div', { class: `sd-choices${row ? ' sd-row' : ''}` })
    const shown = choices.map((choice) => {
      const box = element('input', { type: several ? 'checkbox' : 'radio', name, value: choice.id })
      const words_ = element('span', { class: 'sd-choice-text', text: choice.text })
      const label = element('label', { class: 'sd-choice' }, box, words_)
      list.append(label)
      return { choice, box, label }
    })
    const chosen = () => shown.filter(({ box }) => box.checked).map(({ choice }) => choice.id)
    const inOrder = (ids) => choices.filter(({ id }) => ids.includes(id)).map(({ id }) => id)
    const mark = (label, kind, word) => {
      label.classList.add(`sd-${kind}`)
      label.append(Kit.tag(kind, word))
    }
    const help = several && element('p', { class: 'sd-help', text: words.chooseSeveral })
    return {
      element: element('div', {}, help, list),
      interactionType,
      ...(interactionType === 'choice' && { choices }),
      max: 1,
      read: () => (chosen().length > 0 ? chosen().join('[,]') : null),
      missing: () => (chosen().length > 0 ? null : words.chooseFirst),
      write(response) {
        const ids = response.split('[,]')
        for (const { choice, box } of shown) box.checked = ids.includes(choice.id)
      },
      lock() {
        list.classList.add('sd-answered')
        for (const { box } of shown) box.disabled = true
      },
      focus: () => shown[0]?.box.focus(),
      order: () => choices.map(({ id }) => id),
      score: (response) => ({
        raw: inOrder(response.split('[,]')).join() === inOrder(right).join() ? 1 : 0,
        max: 1,
      }),
      patterns: () => [inOrder(right).join('[,]')],
      solution: () =>
        choices
          .filter(({ id }) => right.includes(id))
          .map(({ text }) => text)
          .join('; '),
      reveal() {
        for (const { choice, box, label } of shown) {
          const isRight = right.includes(choice.id)
          if (isRight) mark(label, 'right', box.checked ? words.yourRightAnswer : words.rightAnswer)
          else if (box.checked) mark(label, 'wrong', words.yourAnswer)
          if (box.checked && choice.feedback)
            label.append(element('span', { class: 'sd-choice-more', text: choice.feedback }))
        }
      },
    }
  }
}
