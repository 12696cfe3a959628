/** A text with gaps to fill in. */
window.SuotDoi.Blanks = (() => {
  const { Kit } = window.SuotDoi
  const { element } = Kit
  const TONES = /[\u0300\u0301\u0303\u0309\u0323]/g
  /** More patterns of right answers than these are not told. */
  const MOST_PATTERNS = 50

  /** A text as it is compared: hòa and hoà are one word, blanks do not count, nor capitals unless asked for. */
  function compared(text, caseSensitive) {
    const words = text.normalize('NFD').trim().split(/\s+/)
    const placed = words.map((word) => word.replace(TONES, '') + (word.match(TONES) ?? []).join(''))
    return caseSensitive ? placed.join(' ') : placed.join(' ').toLocaleLowerCase('vi')
  }

  /** Every way to fill in the gaps rightly. */
  function combinations(lists) {
    let found = [[]]
    for (const list of lists)
      found = found.flatMap((begun) => list.map((each) => [...begun, each])).slice(0, MOST_PATTERNS)
    return found
  }

  /** Puts a field in place of each `[[id]]` in the text. */
  function place(text, fields) {
    const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT)
    const nodes = []
    while (walker.nextNode()) nodes.push(walker.currentNode)
    for (const node of nodes) {
      const pieces = node.data.split(/\[\[([a-z0-9-]+)\]\]/)
      if (pieces.length > 1)
        node.replaceWith(...pieces.map((piece, at) => (at % 2 === 1 ? (fields.get(piece) ?? '') : piece)))
    }
  }

  return Kit.questionType((parameters, { words }) => {
    const blanks = parameters.blanks ?? []
    const { caseSensitive = false } = parameters
    const shown = blanks.map((blank, index) => {
      const name = Kit.fill(words.blank, { number: index + 1 })
      const field = element('input', {
        type: 'text',
        class: 'sd-gap',
        'aria-label': blank.hint ? `${name}. ${Kit.fill(words.hint, { text: blank.hint })}` : name,
        maxlength: '100',
        autocomplete: 'off',
        autocapitalize: 'off',
        autocorrect: 'off',
        spellcheck: 'false',
      })
      const hint =
        blank.hint &&
        element('span', { class: 'sd-gap-hint', 'aria-hidden': 'true', text: `(${blank.hint})` })
      return { blank, field, holder: element('span', { class: 'sd-gap-holder' }, field, hint) }
    })
    const text = element('div', { class: 'sd-gaps', html: parameters.text ?? '' })
    place(text, new Map(shown.map(({ blank, holder }) => [blank.id, holder])))
    // The delimiter of xAPI cannot stand in an answer.
    const texts = () => shown.map(({ field }) => field.value.replaceAll('[,]', ',').trim())
    const isRight = ({ blank }, given) =>
      blank.answers.some((answer) => compared(answer, caseSensitive) === compared(given, caseSensitive))

    return {
      element: text,
      interactionType: 'fill-in',
      max: blanks.length,
      read: () => (texts().some(Boolean) ? texts().join('[,]') : null),
      missing: () => (texts().every(Boolean) ? null : words.fillFirst),
      write(response) {
        response.split('[,]').forEach((given, index) => {
          if (shown[index]) shown[index].field.value = given
        })
      },
      lock() {
        for (const { field } of shown) field.readOnly = true
      },
      focus: () => (shown.find(({ field }) => !field.value.trim()) ?? shown[0])?.field.focus(),
      order: () => null,
      score(response) {
        const given = response.split('[,]')
        return {
          raw: shown.filter((each, index) => isRight(each, given[index] ?? '')).length,
          max: blanks.length,
        }
      },
      patterns: () =>
        combinations(blanks.map((blank) => blank.answers)).map(
          (answers) => `{case_matters=${caseSensitive}}${answers.join('[,]')}`,
        ),
      solution: () => blanks.map((blank) => blank.answers[0]).join('; '),
      reveal() {
        for (const each of shown) {
          const kind = isRight(each, each.field.value) ? 'right' : 'wrong'
          const word = kind === 'right' ? words.right : `${words.rightAnswer}: ${each.blank.answers[0]}`
          const tag = Kit.tag(kind, word)
          tag.id = Kit.uniqueName()
          each.field.setAttribute('aria-describedby', tag.id)
          each.field.classList.add(`sd-gap-${kind}`)
          each.holder.append(tag)
        }
      },
    }
  })
})()
