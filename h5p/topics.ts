/**
 * Topics of lessons: a small shared list. An IRI, once published, keeps its meaning for ever; a topic that is no longer
 * offered stays with `retired`. `w3id.org/suotdoi/` is this project's own name space.
 */
export interface Topic {
  iri: string
  vi: string
  en: string
  retired?: true
}

export const TOPICS_VERSION = 1

const topic = (slug: string, vi: string, en: string): Topic => ({
  iri: `https://w3id.org/suotdoi/topics/${slug}`,
  vi,
  en,
})

/** Topic groups that community learning centres report by, and the topics a learning society starts with. */
export const TOPICS: readonly Topic[] = [
  topic('moi-truong', 'Môi trường và phân loại rác', 'Environment and waste sorting'),
  topic('an-toan-tre-em', 'Phòng, tránh tai nạn thương tích cho trẻ em', 'Preventing injuries to children'),
  topic('bao-luc-hoc-duong', 'Phòng chống bạo lực học đường', 'Preventing violence in schools'),
  topic('phap-luat', 'Pháp luật', 'Law'),
  topic('khoa-hoc-ky-thuat', 'Khoa học, kỹ thuật', 'Science and technology'),
  topic('nong-nghiep', 'Sản xuất nông nghiệp', 'Farming'),
  topic('y-te', 'Y tế, sức khỏe', 'Health'),
  topic('pho-cap', 'Phổ cập, xóa mù chữ', 'Basic education and literacy'),
  topic('ky-nang-so', 'Kỹ năng số', 'Digital skills'),
  topic('ngoai-ngu', 'Ngoại ngữ', 'Foreign languages'),
  topic('ky-nang-tu-hoc', 'Kỹ năng tự học', 'Learning to learn'),
  topic('van-hoa-xa-hoi', 'Văn hóa, xã hội', 'Culture and society'),
]

export function isTopic(iri: string): boolean {
  return TOPICS.some((each) => each.iri === iri && !each.retired)
}
