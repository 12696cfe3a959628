/** A statement that is true or false. */
window.SuotDoi.TrueFalse = window.SuotDoi.Kit.questionType((parameters, { words, assessed }) =>
  window.SuotDoi.Kit.choiceInput({
    choices: [
      { id: 'true', text: words.true },
      { id: 'false', text: words.false },
    ],
    right: assessed ? null : [parameters.correct === 'true' ? 'true' : 'false'],
    row: true,
    interactionType: 'true-false',
    words,
  }),
)
