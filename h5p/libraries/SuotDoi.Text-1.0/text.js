/** Text with pictures. It asks nothing. */
window.SuotDoi.Text = (() => {
  const { Kit } = window.SuotDoi
  const { element } = Kit

  function Text(parameters, contentId, extras = {}) {
    H5P.EventDispatcher.call(this)
    const self = this
    const session = Kit.sessionOf(self, parameters, contentId, extras)
    const root = element('div', { class: 'sd-part sd-text' })
    for (const part of parameters.parts ?? []) {
      if (part.text) root.append(element('div', { html: part.text }))
      if (part.picture?.path) root.append(picture(part))
    }

    function picture({ picture, pictureText = '', pictureCaption }) {
      const image = element('img', {
        src: H5P.getPath(picture.path, contentId),
        alt: pictureText,
        width: picture.width,
        height: picture.height,
        decoding: 'async',
        on: { load: () => self.trigger('resize') },
      })
      return element(
        'figure',
        { class: 'sd-picture' },
        image,
        pictureCaption && element('figcaption', { text: pictureCaption }),
      )
    }

    self.attach = (container) => {
      Kit.elementOf(container).append(session.nested ? root : element('div', { class: 'sd' }, root))
      if (!session.nested && !extras.previousState) {
        Kit.attempted(self)
        session.changed()
      }
    }
    self.getTitle = () => extras.metadata?.title ?? ''
    self.getCurrentState = () => ({ opened: true })
    self.inCourse = {
      asked: () => [],
      settled: () => true,
      leave: () => {},
      handIn: () => {},
    }
    self.resetTask = () => {}
  }
  Text.prototype = Object.create(H5P.EventDispatcher.prototype)
  Text.prototype.constructor = Text
  return Text
})()
