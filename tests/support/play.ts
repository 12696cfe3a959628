import type { Page } from 'playwright-core'

/** Plays the lesson on household waste that is open on a page, with the right answers, to its end. */
export async function playTrueFalse(page: Page): Promise<void> {
  const lesson = page.frameLocator('iframe')
  const answers = ['Đúng', 'Đúng', 'Sai', 'Sai', 'Đúng', 'Sai', 'Sai', 'Đúng']
  for (const [index, answer] of answers.entries()) {
    await lesson.getByText(`Câu ${index + 1} / 8`).waitFor()
    await lesson.locator(`label:has-text("${answer}")`).click()
    await lesson.getByRole('button', { name: 'Kiểm tra' }).click()
    await lesson.locator('.sd-feedback').waitFor()
    await lesson.getByRole('button', { name: /Câu tiếp theo|Xem kết quả/ }).click()
  }
  await lesson.getByRole('heading', { name: 'Kết quả của bạn' }).waitFor()
}
