/** Questions, one at a time, each explained after the answer, then the result. */
window.SuotDoi.QuestionSet = window.SuotDoi.Kit.courseType(({ questions = [] }, words) => ({
  steps: questions.map((question) => ({ parts: [question] })),
  place: words.placeQuestion,
  next: words.nextQuestion,
  previous: words.previousQuestion,
  pages: false,
}))
