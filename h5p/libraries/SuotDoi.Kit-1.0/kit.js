/**
 * What the content types of Suốt Đời share. Everything they show is native HTML: radio buttons, fields, buttons,
 * headings. They run under H5P's own core and under the small one of Suốt Đời, so nothing of jQuery is used.
 */
window.SuotDoi = window.SuotDoi || {}
window.SuotDoi.Kit = (() => {
  const SVG = 'http://www.w3.org/2000/svg'
  const PATHS = {
    right: 'M4 12.5 9.5 18 20 6.5',
    wrong: 'M6 6l12 12M18 6 6 18',
    up: 'M6 15l6-6 6 6',
    down: 'M6 9l6 6 6-6',
  }
  /** More knots than these do not fit on a phone. */
  const MOST_KNOTS = 12
  let names = 0

  /** An element with properties (`text`, `html`, `on`, attributes) and children. */
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

  function button(text, click, more = '') {
    return element('button', { type: 'button', class: `sd-button${more}`, text, on: { click } })
  }

  /** An icon and a word beside it: no verdict is told by colour alone. */
  function tag(kind, text) {
    return element('span', { class: `sd-tag sd-tag-${kind}` }, icon(kind), element('span', { text }))
  }

  /** Replaces `{name}` in a text. */
  function fill(text, values) {
    return String(text).replace(/\{(\w+)\}/g, (all, name) => (name in values ? values[name] : all))
  }

  /** Text of an author's HTML, for statements and titles. */
  function plain(html) {
    const made = new DOMParser().parseFromString(String(html ?? ''), 'text/html').body
    for (const block of made.querySelectorAll('p, li, br, h3')) block.append(' ')
    return made.textContent.replace(/\s+/g, ' ').trim()
  }

  /** A name that no other element of the page has. */
  function uniqueName() {
    names += 1
    return `sd-${names}`
  }

  /** The list in the order that was kept, else in a chance one. `items` have ids. */
  function arranged(items, order, shuffle) {
    if (Array.isArray(order) && order.length === items.length) {
      const kept = order.map((id) => items.find((item) => item.id === id))
      if (kept.every(Boolean)) return kept
    }
    const made = [...items]
    if (shuffle)
      for (let at = made.length - 1; at > 0; at--) {
        const other = Math.floor(Math.random() * (at + 1))
        ;[made[at], made[other]] = [made[other], made[at]]
      }
    return made
  }

  /** The way: where one stands, in words, and a knot for each step. `marks` are 'right', 'wrong', 'seen' or null. */
  function way(place, marks, here) {
    const last = Math.max(marks.length - 1, 1)
    const many = marks.length > MOST_KNOTS
    const knots = element('ol', { class: `sd-knots${many ? ' sd-knots-many' : ''}`, 'aria-hidden': 'true' })
    knots.style.setProperty('--sd-done', String(Math.min(here, last) / last))
    for (const [index, mark] of many ? [] : marks.entries()) {
      const knot = element('li', {
        class: `sd-knot${mark ? ` sd-knot-${mark}` : ''}${index === here && !mark ? ' sd-knot-here' : ''}`,
      })
      if (mark === 'right' || mark === 'wrong') knot.append(icon(mark))
      knots.append(knot)
    }
    return element('div', { class: 'sd-way' }, element('p', { class: 'sd-place', text: place }), knots)
  }

  /** The element that a host gives to `attach`: H5P's core gives a jQuery object. */
  function elementOf(container) {
    return container instanceof Element ? container : container[0]
  }

  return { element, icon, button, tag, fill, plain, uniqueName, arranged, way, elementOf }
})()
