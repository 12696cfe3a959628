/** A question with one right answer, or with several. */
window.SuotDoi.MultiChoice = window.SuotDoi.Kit.questionType((parameters, { words, assessed, order }) => {
  const { Kit } = window.SuotDoi
  const all = parameters.choices ?? []
  return Kit.choiceInput({
    // An assessed question comes in the order of its attempt.
    choices: Kit.arranged(all, order, parameters.shuffle && !assessed),
    right: assessed ? null : all.filter((choice) => choice.correct).map((choice) => choice.id),
    several: parameters.several,
    interactionType: 'choice',
    words,
  })
})
