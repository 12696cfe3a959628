/**
 * What the content types of Suốt Đời share: the way through the lesson, a question with one right answer, the result,
 * and xAPI statements of questions. Everything is native HTML: radio buttons, buttons, headings.
 */
window.SuotDoi = window.SuotDoi || {}
window.SuotDoi.Kit = (() => {
  const SVG = 'http://www.w3.org/2000/svg'
  const PATHS = { right: 'M4 12.5 9.5 18 20 6.5', wrong: 'M6 6l12 12M18 6 6 18' }
  let questions = 0

  /** An element with properties (`class`, `text`, `html`, `on`, attributes) and children. */
  function element(tag, properties = {}, ...children) {
    const made = document.createElement(tag)
    for (const [name, value] of Object.entries(properties)) {
      if (value === undefined || value === null || value === false) continue
      if (name === 'text') made.textContent = value
      else if (name === 'html') made.innerHTML = value
      else if (name === 'on') for (const type of Object.keys(value)) made.addEventListener(type, value[type])
      else made.setAttribute(name, value === true ? '' : value)
    }
    made.append(...children.filter(Boolean))
    return made
  }

  function icon(name) {
    const svg = document.createElementNS(SVG, 'svg')
    for (const [key, value] of Object.entries({
      viewBox: '0 0 24 24',
      fill: 'none',
      stroke: 'currentColor',
      'stroke-width': '3',
      'stroke-linecap': 'round',
      'stroke-linejoin': 'round',
      'aria-hidden': 'true',
    }))
      svg.setAttribute(key, value)
    const path = document.createElementNS(SVG, 'path')
    path.setAttribute('d', PATHS[name])
    svg.append(path)
    return svg
  }

  /** Replaces `{name}` in a text of the author's. */
  function fill(text, values) {
    return String(text).replace(/\{(\w+)\}/g, (all, name) => (name in values ? values[name] : all))
  }

  /** The way: where one stands, in words, and a knot for each step. `marks` are 'right', 'wrong', 'seen' or null. */
  function way(place, marks, here) {
    const last = Math.max(marks.length - 1, 1)
    const knots = element('ol', { class: 'sd-knots', 'aria-hidden': 'true' })
    knots.style.setProperty('--sd-done', String(Math.min(here, last) / last))
    marks.forEach((mark, index) => {
      const knot = element('li', {
        class: `sd-knot${mark ? ` sd-knot-${mark}` : ''}${index === here && !mark ? ' sd-knot-here' : ''}`,
      })
      if (mark === 'right' || mark === 'wrong') knot.append(icon(mark))
      knots.append(knot)
    })
    return element('div', { class: 'sd-way' }, element('p', { class: 'sd-place', text: place }), knots)
  }

  /**
   * A question with one right answer.
   * @param options {text (HTML), choices: [{id, text}], right: id, feedback: {right, wrong} (HTML), row: boolean,
   *   given: id or null, words, onAnswer(id)}
   */
  function question(options) {
    const { words } = options
    const name = `sd-question-${++questions}`
    const choices = element('div', { class: `sd-choices${options.row ? ' sd-row' : ''}` })
    const labels = new Map()
    for (const choice of options.choices) {
      const input = element('input', { type: 'radio', name, value: choice.id })
      const label = element(
        'label',
        { class: 'sd-choice' },
        input,
        element('span', { class: 'sd-choice-text', text: choice.text }),
      )
      labels.set(choice.id, { label, input })
      choices.append(label)
    }
    const hint = element('p', { class: 'sd-hint', role: 'alert', hidden: true })
    const check = element('button', {
      type: 'button',
      class: 'sd-button sd-primary',
      text: words.check,
      on: { click: answer },
    })
    const actions = element('div', { class: 'sd-actions' }, check)
    const feedback = element('div', { class: 'sd-feedback', role: 'status', tabindex: '-1', hidden: true })
    const fieldset = element(
      'fieldset',
      { class: 'sd-question' },
      element('legend', { class: 'sd-legend', html: options.text }),
      choices,
      hint,
      feedback,
      actions,
    )

    function answer() {
      const chosen = options.choices.find((choice) => labels.get(choice.id).input.checked)
      if (!chosen) {
        hint.textContent = words.chooseFirst
        hint.hidden = false
        labels.get(options.choices[0].id).input.focus()
        return
      }
      show(chosen.id)
      feedback.focus()
      options.onAnswer(chosen.id)
    }

    function show(id) {
      const right = id === options.right
      fieldset.classList.add('sd-answered')
      hint.hidden = true
      actions.remove()
      for (const [each, { label, input }] of labels) {
        input.disabled = true
        input.checked = each === id
        if (each === options.right) mark(label, 'right', right ? words.yourRightAnswer : words.rightAnswer)
        else if (each === id) mark(label, 'wrong', words.yourAnswer)
      }
      const said = right ? options.feedback.right : options.feedback.wrong
      feedback.classList.toggle('sd-feedback-wrong', !right)
      feedback.replaceChildren(
        element(
          'p',
          { class: 'sd-verdict' },
          icon(right ? 'right' : 'wrong'),
          element('span', { text: right ? words.right : words.wrong }),
        ),
      )
      if (said) feedback.append(element('div', { html: said }))
      feedback.hidden = false
    }

    function mark(label, kind, word) {
      label.classList.add(`sd-${kind}`)
      label.append(element('span', { class: 'sd-tag' }, icon(kind), element('span', { text: word })))
    }

    if (options.given !== null && options.given !== undefined) show(options.given)
    return { element: fieldset, choices: labels }
  }

  /** How it went, and each question with its verdict. */
  function result(options) {
    const { words, score, max } = options
    const heading = element('h2', { tabindex: '-1', text: words.resultTitle })
    const review = element('ol', { class: 'sd-review' })
    for (const each of options.questions)
      review.append(
        element(
          'li',
          {},
          element(
            'p',
            { class: `sd-verdict${each.right ? '' : ' sd-missed'}` },
            icon(each.right ? 'right' : 'wrong'),
            element('span', { text: each.right ? words.right : words.wrong }),
          ),
          element('div', { html: each.text }),
          element('p', { class: 'sd-place', text: `${words.rightAnswer}: ${each.answer}` }),
        ),
      )
    const section = element(
      'section',
      { class: 'sd-question' },
      heading,
      element(
        'p',
        { class: 'sd-score' },
        element('strong', { text: `${score}/${max}` }),
        element('span', { text: fill(words.resultText, { score, max }) }),
      ),
      element('p', { text: score === max ? words.resultAll : words.resultSome }),
      element(
        'div',
        { class: 'sd-actions' },
        element('button', {
          type: 'button',
          class: 'sd-button',
          text: words.retry,
          on: { click: options.onRetry },
        }),
      ),
      review,
    )
    return { element: section, heading }
  }

  /** Says that the lesson came to its end, with the score and whether it reaches what the author asks for. */
  function completed(instance, passPercentage) {
    const score = instance.getScore()
    const max = instance.getMaxScore()
    if (max === 0) instance.triggerXAPICompleted()
    else
      instance.triggerXAPIScored(score, max, 'completed', true, score * 100 >= max * (passPercentage ?? 50))
  }

  /** Text of an author's HTML, for statements and titles. */
  function plain(html) {
    return element('div', { html }).textContent.replace(/\s+/g, ' ').trim()
  }

  function seconds(ms) {
    return `PT${Math.max(0, Math.round(ms / 10) / 100)}S`
  }

  /**
   * Says that a question was answered: the object is the question (sub-content of the lesson), with everything that
   * xAPI knows of interactions.
   * @param asked {id, text (HTML), interactionType, choices: [{id, text}] or null, right, given, ms}
   */
  function answered(instance, asked) {
    const event = instance.createXAPIEventTemplate('answered')
    const { statement } = event.data
    const lesson = statement.object.id
    const success = asked.given === asked.right
    statement.object.id = `${lesson}?subContentId=${asked.id}`
    statement.object.definition = {
      type: 'http://adlnet.gov/expapi/activities/cmi.interaction',
      name: { 'en-US': plain(asked.text) },
      description: { 'en-US': plain(asked.text) },
      interactionType: asked.interactionType,
      correctResponsesPattern: [asked.right],
    }
    if (asked.choices)
      statement.object.definition.choices = asked.choices.map((choice) => ({
        id: choice.id,
        description: { 'en-US': choice.text },
      }))
    statement.context.contextActivities.parent = [{ objectType: 'Activity', id: lesson }]
    statement.result = {
      score: { min: 0, max: 1, raw: success ? 1 : 0, scaled: success ? 1 : 0 },
      success,
      completion: true,
      response: asked.given,
      duration: seconds(asked.ms),
    }
    instance.trigger(event)
  }

  return { element, fill, way, question, result, answered, completed }
})()
