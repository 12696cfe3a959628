/**
 * Local parts of addresses that belong to an office and not to a person, as they stand without dots, hyphens and digits:
 * `phong.ketoan2@…` is `phongketoan`. What was learned under them is nobody's own.
 */
const ROLES = new Set(
  `abuse accounting accounts admin administrator admissions all billing booking contact daotao dangky dangkyhoc
  dangkykhoahoc dichvu dieuhanh donotreply enquiries feedback finance giaovien giaovu hanhchinh help helpdesk hello
  hieutruong hocsinh hocvien hocvu hoidap hostmaster hotline hotro hotrohoctap hr info information inquiries jobs ketoan
  khachhang khuyenhoc kinhdoanh kythuat lienhe lop mail mailer mailerdaemon marketing media news newsletter nhansu nobody
  noreply office orders phongdaotao phonghanhchinh phongketoan phongtochuc postmaster press privacy quantri quantrivien
  registrar root sales school security service sinhvien staff students support sysadmin system taichinh team test
  thongtin thuvien thuky tochuc totruong truong truonghoc trungtam tuyendung tuyensinh ubnd vanphong vanthu webadmin
  webmaster`.split(/\s+/),
)

/** Whether a mailto IRI or an address is one of an office. */
export function isRoleAddress(mail: string): boolean {
  const local = mail.replace(/^mailto:/i, '').split('@')[0] ?? ''
  const [own = ''] = local.toLowerCase().split('+')
  return ROLES.has(own.replace(/[.\-_\d]/g, ''))
}
