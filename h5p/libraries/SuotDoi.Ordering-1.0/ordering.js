/** Things to put into their order, each moved by two buttons: it needs no dragging. */
window.SuotDoi.Ordering = (() => {
  const { Kit } = window.SuotDoi
  const { element } = Kit

  /** A chance order that is not the right one. */
  function mixed(items, order) {
    const found = Kit.arranged(items, order, true)
    return order || items.length < 2 || found.some((item, at) => item !== items[at])
      ? found
      : [...items].reverse()
  }

  return Kit.questionType((parameters, { words, assessed, order }) => {
    const right = parameters.items ?? []
    // An assessed question comes in the order of its attempt.
    const begun = assessed ? [...right] : mixed(right, order)
    let items = [...begun]
    let moved = false
    const said = element('p', { class: 'sd-unseen', role: 'status' })
    const list = element('ol', { class: 'sd-order' })
    const rows = new Map(
      right.map((item) => {
        const mover = (kind, by) => {
          const button = element('button', {
            type: 'button',
            class: 'sd-mover',
            'aria-label': Kit.fill(words[kind], { text: item.text }),
            on: { click: () => move(item, by) },
          })
          button.append(Kit.icon(kind))
          return button
        }
        const up = mover('up', -1)
        const down = mover('down', 1)
        const movers = element('span', { class: 'sd-movers' }, up, down)
        const text = element('span', { class: 'sd-order-text', text: item.text })
        return [item.id, { up, down, movers, row: element('li', {}, text, movers) }]
      }),
    )
    const root = element('div', {}, element('p', { class: 'sd-help', text: words.orderHelp }), list, said)

    function draw() {
      list.replaceChildren(...items.map((item) => rows.get(item.id).row))
      items.forEach((item, at) => {
        const { up, down } = rows.get(item.id)
        // Not `disabled`: the button that was just pressed keeps the focus.
        up.setAttribute('aria-disabled', String(at === 0))
        down.setAttribute('aria-disabled', String(at === items.length - 1))
      })
    }
    function move(item, by) {
      const from = items.indexOf(item)
      const to = from + by
      if (to < 0 || to >= items.length) return
      items.splice(from, 1)
      items.splice(to, 0, item)
      moved = true
      draw()
      rows.get(item.id)[by < 0 ? 'up' : 'down'].focus()
      said.textContent = Kit.fill(words.moved, { text: item.text, number: to + 1, total: items.length })
      for (const type of ['input', 'change']) root.dispatchEvent(new Event(type))
    }
    draw()

    const ids = () => items.map((item) => item.id)
    return {
      element: root,
      interactionType: 'sequencing',
      choices: begun,
      max: 1,
      read: () => (moved ? ids().join('[,]') : null),
      missing: () => (moved ? null : words.orderFirst),
      write(response) {
        const found = response.split('[,]').map((id) => right.find((item) => item.id === id))
        if (found.length !== right.length || !found.every(Boolean)) return
        items = found
        moved = true
        draw()
      },
      lock() {
        for (const { movers } of rows.values()) movers.remove()
      },
      focus: () => rows.get(items[0]?.id)?.down.focus(),
      order: () => begun.map((item) => item.id),
      score: (response) => ({ raw: response === right.map((item) => item.id).join('[,]') ? 1 : 0, max: 1 }),
      patterns: () => [right.map((item) => item.id).join('[,]')],
      solution: () => right.map((item) => item.text).join(' → '),
      reveal() {
        items.forEach((item, at) => {
          const kind = item === right[at] ? 'right' : 'wrong'
          const { row } = rows.get(item.id)
          row.classList.add(`sd-${kind}`)
          row.append(Kit.tag(kind, kind === 'right' ? words.inPlace : words.notInPlace))
        })
        if (items.every((item, at) => item === right[at])) return null
        return element(
          'div',
          { class: 'sd-right-order' },
          element('p', { text: `${words.rightOrder}:` }),
          element('ol', {}, ...right.map((item) => element('li', { text: item.text }))),
        )
      },
    }
  })
})()
