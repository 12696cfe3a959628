/** Pages of text, pictures and questions, then the result. */
window.SuotDoi.Lesson = window.SuotDoi.Kit.courseType(({ pages = [] }, words) => ({
  steps: pages.map(({ title, content = [] }) => ({ title, parts: content })),
  place: words.placePage,
  next: words.nextPage,
  previous: words.previousPage,
  pages: true,
}))
