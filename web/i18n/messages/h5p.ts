import { defineMessages } from '../messages.ts'

/** Why a lesson or its package was refused, for its author. Keys are the problems' ids (h5p/). */
export const h5p = defineMessages({
  vi: {
    'h5p-package-too-large':
      'Tệp nặng {size} MB, nhiều nhất là {limit} MB. Thu nhỏ hình, âm thanh hoặc phim rồi gửi lại.',
    'h5p-not-a-package':
      'Đây không phải tệp bài học H5P, hoặc tệp bị hỏng. Chọn tệp .h5p do trình soạn H5P xuất ra.',
    'h5p-too-many-files': 'Gói có quá nhiều tệp; nhiều nhất là {limit, number} tệp. Bỏ bớt rồi xuất lại.',
    'h5p-unpacked-too-large':
      'Mở ra gói nặng {size} MB, nhiều nhất là {limit} MB. Bỏ bớt hình, âm thanh, phim.',
    'h5p-file-unreadable': 'Không mở được tệp “{file}” trong gói. Xuất lại bài từ trình soạn.',
    'h5p-file-too-large': 'Tệp “{file}” nặng {size} MB, mỗi tệp nhiều nhất {limit} MB. Thu nhỏ tệp đó.',
    'h5p-bomb': 'Tệp “{file}” nén bất thường nên bị từ chối. Xuất lại bài từ trình soạn.',
    'h5p-file-kind':
      'Không nhận tệp “{file}”: loại này không được phép trong bài học. Bỏ tệp đó rồi xuất lại.',
    'h5p-path-outside': 'Tên tệp “{file}” trỏ ra ngoài gói nên bị từ chối. Xuất lại bài từ trình soạn.',
    'h5p-picture-active': 'Hình “{file}” chứa mã hoặc tải từ nơi khác. Lưu lại thành PNG hoặc JPG.',
    'h5p-main-library-unnamed': 'Gói nói dùng “{library}” nhưng không kê nó ra. Xuất lại bài từ trình soạn.',
    'h5p-main-library-not-playable': '“{library}” không phải một loại bài học được. Chọn loại nội dung khác.',
    'h5p-libraries-absent': 'Gói thiếu các phần cần để chạy: {libraries}. Xuất lại bài kèm thư viện.',
    'h5p-too-many-libraries':
      'Gói có quá nhiều thư viện; nhiều nhất là {limit, number}. Xuất lại bài từ trình soạn H5P.',
    'h5p-libraries-none': 'Gói không có thư viện nào. Chọn tệp .h5p có kèm thư viện.',
    'h5p-libraries-known': 'Mọi thư viện trong gói đã được cài, bằng hoặc mới hơn. Không cần làm gì thêm.',
    'h5p-malware': 'Tệp bị nhiễm mã độc ({name}) nên bị từ chối. Quét máy của bạn, rồi xuất lại bài.',
    'h5p-not-scanned': 'Lúc này không kiểm tra mã độc được nên chưa nhận tệp. Ít phút nữa gửi lại.',
    'library-request-gone': 'Đề nghị này không còn.',
    'library-request-decided': 'Đề nghị này đã được người khác quyết định.',
    'h5p-content-malformed':
      'Nội dung không khớp với loại bài. Mở bài trong trình soạn, sửa rồi xuất lại. Chi tiết: {detail}',
    'h5p-manifest-missing': 'Gói thiếu h5p.json. Xuất lại bài từ trình soạn H5P.',
    'h5p-manifest-invalid':
      'h5p.json trong gói không đúng quy định ({reason}). Xuất lại bài từ trình soạn H5P.',
    'h5p-content-missing': 'Gói thiếu nội dung. Xuất lại bài từ trình soạn H5P.',
    'h5p-manifest-unreadable':
      'Tệp {file} trong gói bị hỏng, không đọc được. Xuất lại bài từ trình soạn H5P.',
    'h5p-content-unreadable':
      'Nội dung bài ({file}) bị hỏng, không đọc được. Xuất lại bài từ trình soạn H5P.',
    'h5p-library-folder-name':
      'Thư mục thư viện “{name}” có tên không hợp lệ. Xuất lại bài từ trình soạn H5P.',
    'h5p-library-folder-mismatch':
      'Thư mục “{directoryName}” lại chứa thư viện {machineName} {majorVersion}.{minorVersion}; hai tên phải giống nhau. Lấy lại gói từ nguồn.',
    'h5p-library-description-unreadable':
      'Tệp library.json của “{name}” bị hỏng, không đọc được. Lấy lại gói từ nguồn.',
    'h5p-library-description-invalid':
      'Tệp library.json của “{name}” không đúng quy định ({reason}). Lấy lại gói từ nguồn.',
    'h5p-library-semantics-unreadable':
      'Tệp semantics.json của “{name}” bị hỏng, không đọc được. Lấy lại gói từ nguồn.',
    'h5p-library-file-missing':
      'Thư viện “{library}” thiếu tệp “{filename}” trong gói. Xuất lại bài từ trình soạn H5P.',
    'h5p-language-file-name':
      'Thư viện “{library}” có tệp ngôn ngữ tên không hợp lệ: “{file}”. Lấy lại gói từ nguồn.',
    'h5p-language-file-unreadable':
      'Tệp ngôn ngữ “{file}” của thư viện “{library}” bị hỏng, không đọc được. Lấy lại gói từ nguồn.',
    'h5p-core-too-old':
      'Thư viện “{component}” cần H5P bản {required}, hệ thống đang có bản {current}. Dùng bản thư viện cũ hơn, hoặc nhờ người vận hành nâng cấp.',
    'h5p-invalid': 'Gói không đúng dạng H5P: {detail}',
    'lesson-not-found': 'Không còn bài này.',
    'lesson-not-published': 'Bài này chưa đăng.',
    'lesson-topic-missing': 'Chọn chủ đề trước khi đăng.',
    'lesson-topic-unknown': 'Chọn một chủ đề trong danh sách.',
    'lesson-title-invalid': 'Nhập tên bài, nhiều nhất {limit, number} ký tự.',
    'lesson-description-too-long': 'Giới thiệu quá dài: nhiều nhất {limit, number} ký tự.',
    'lesson-minutes-invalid': 'Nhập số phút là số nguyên, từ 1 đến {limit, number}; hoặc để trống.',
    'lesson-language-invalid': 'Chọn ngôn ngữ của bài.',
    'lesson-topics-many': 'Chọn nhiều nhất {limit, number} chủ đề.',
    'lesson-audience-unknown': 'Chọn trong danh sách xem bài dành cho ai.',
    'lesson-licence-missing': 'Chọn giấy phép trước khi đăng.',
    'lesson-licence-unknown': 'Chọn một giấy phép trong danh sách.',
    'lesson-authors-invalid': 'Nhập tên tác giả, mỗi người một dòng, nhiều nhất {limit, number} người.',
    'lesson-source-invalid': 'Nhập cả địa chỉ, bắt đầu bằng https://.',
    'lesson-percent-invalid': 'Nhập số phần trăm là số nguyên, từ 1 đến 100.',
    'lesson-attempts-invalid': 'Nhập số lần làm là số nguyên, từ 1 đến {limit, number}.',
    'lesson-cannot-assess':
      'Hệ thống không tự chấm được bài này: không có câu hỏi nào, hoặc có loại câu hỏi hệ thống không biết. Chọn luyện tập.',
    'lesson-version-unknown': 'Không có bản này.',
    'lesson-cover-alt': 'Nhập một câu nói ảnh cho thấy gì, nhiều nhất {limit, number} ký tự.',
    'lesson-cover-missing': 'Chọn một ảnh.',
    'lesson-cover-damaged': 'Không đọc được ảnh này. Chọn ảnh JPG, PNG hoặc WebP khác.',
    'lesson-cover-too-many-pixels': 'Ảnh có quá nhiều điểm ảnh. Thu nhỏ rồi gửi lại.',
    'lesson-cover-busy': 'Nhiều ảnh đang chờ. Đợi một phút rồi gửi lại.',
    'lesson-note-too-long': 'Ghi nhiều nhất {limit, number} ký tự.',
    'lesson-waiting': 'Bài đang chờ duyệt thư viện. Duyệt xong thì đăng được.',
    'lesson-archived': 'Bài đã cất đi. Khôi phục trước rồi mới đăng.',
    'lesson-versions-many': 'Bài đã có {limit, number} bản đăng. Nhân bản bài này rồi đăng bản sao.',
    'lesson-libraries-missing': 'Hệ thống không còn: {libraries}. Nhờ người vận hành cài lại, rồi đăng.',
  },
  en: {
    'h5p-package-too-large':
      'The file has {size} MB; at most {limit} MB are allowed. Make pictures, sound or films smaller and send it again.',
    'h5p-not-a-package':
      'This is no H5P lesson, or the file is damaged. Choose an .h5p file made by an H5P editor.',
    'h5p-too-many-files':
      'The package holds too many files; at most {limit, number} are allowed. Remove some and export again.',
    'h5p-unpacked-too-large':
      'Unpacked it has {size} MB; at most {limit} MB are allowed. Remove pictures, sound or films.',
    'h5p-file-unreadable': 'The file “{file}” in the package cannot be opened. Export the lesson again.',
    'h5p-file-too-large': 'The file “{file}” has {size} MB; one file may have {limit} MB. Make it smaller.',
    'h5p-bomb': 'The file “{file}” is compressed in an unusual way and was refused. Export the lesson again.',
    'h5p-file-kind': 'The file “{file}” is of a kind that lessons may not hold. Remove it and export again.',
    'h5p-path-outside':
      'The file name “{file}” points outside the package and was refused. Export the lesson again.',
    'h5p-picture-active': 'The picture “{file}” holds code or loads from elsewhere. Save it as PNG or JPG.',
    'h5p-main-library-unnamed':
      'The package says it uses “{library}” but does not list it. Export the lesson again.',
    'h5p-main-library-not-playable':
      '“{library}” is not a kind of lesson by itself. Choose another content type.',
    'h5p-libraries-absent':
      'The package lacks parts it needs: {libraries}. Export the lesson with its libraries.',
    'h5p-too-many-libraries':
      'The package holds too many libraries; at most {limit, number} are allowed. Export the lesson again from the H5P editor.',
    'h5p-libraries-none': 'The package holds no library. Choose an .h5p file with its libraries.',
    'h5p-libraries-known':
      'All libraries of the package are installed, as new or newer. There is nothing to do.',
    'h5p-malware':
      'The file holds malware ({name}) and was refused. Scan your computer, then export the lesson again.',
    'h5p-not-scanned':
      'Files cannot be scanned for malware now, so none is taken. Send it again in a few minutes.',
    'library-request-gone': 'This request is no longer there.',
    'library-request-decided': 'Somebody else has decided on this request.',
    'h5p-content-malformed':
      'The content does not fit its type. Open the lesson in the editor, correct it and export again. Detail: {detail}',
    'h5p-manifest-missing': 'The package holds no h5p.json. Export the lesson again from the H5P editor.',
    'h5p-manifest-invalid':
      'The h5p.json of the package breaks the rules for it ({reason}). Export the lesson again from the H5P editor.',
    'h5p-content-missing': 'The package holds no content. Export the lesson again from the H5P editor.',
    'h5p-manifest-unreadable':
      'The file {file} in the package is damaged and cannot be read. Export the lesson again from the H5P editor.',
    'h5p-content-unreadable':
      'The content ({file}) is damaged and cannot be read. Export the lesson again from the H5P editor.',
    'h5p-library-folder-name':
      'The library folder “{name}” has a name that is not allowed. Export the lesson again from the H5P editor.',
    'h5p-library-folder-mismatch':
      'The folder “{directoryName}” holds the library {machineName} {majorVersion}.{minorVersion}; both names must be the same. Get the package again from its source.',
    'h5p-library-description-unreadable':
      'The library.json of “{name}” is damaged and cannot be read. Get the package again from its source.',
    'h5p-library-description-invalid':
      'The library.json of “{name}” breaks the rules for it ({reason}). Get the package again from its source.',
    'h5p-library-semantics-unreadable':
      'The semantics.json of “{name}” is damaged and cannot be read. Get the package again from its source.',
    'h5p-library-file-missing':
      'The library “{library}” lacks its file “{filename}” in the package. Export the lesson again from the H5P editor.',
    'h5p-language-file-name':
      'The library “{library}” has a language file with a name that is not allowed: “{file}”. Get the package again from its source.',
    'h5p-language-file-unreadable':
      'The language file “{file}” of the library “{library}” is damaged and cannot be read. Get the package again from its source.',
    'h5p-core-too-old':
      'The library “{component}” needs H5P {required}; {current} is running here. Use an older version of the library, or ask the operator to update.',
    'h5p-invalid': 'The package is not valid H5P: {detail}',
    'lesson-not-found': 'This lesson is no longer there.',
    'lesson-not-published': 'This lesson is not published.',
    'lesson-topic-missing': 'Choose a topic before publishing.',
    'lesson-topic-unknown': 'Choose a topic from the list.',
    'lesson-title-invalid': 'Enter a title of at most {limit, number} characters.',
    'lesson-description-too-long': 'The description is too long: at most {limit, number} characters.',
    'lesson-minutes-invalid': 'Enter whole minutes from 1 to {limit, number}, or leave it empty.',
    'lesson-language-invalid': 'Choose the language of the lesson.',
    'lesson-topics-many': 'Choose at most {limit, number} topics.',
    'lesson-audience-unknown': 'Choose from the list for whom the lesson is.',
    'lesson-licence-missing': 'Choose a licence before publishing.',
    'lesson-licence-unknown': 'Choose a licence from the list.',
    'lesson-authors-invalid': 'Enter the authors’ names, one on each line, at most {limit, number}.',
    'lesson-source-invalid': 'Enter the whole address, beginning with https://.',
    'lesson-percent-invalid': 'Enter a whole percentage from 1 to 100.',
    'lesson-attempts-invalid': 'Enter a whole number of attempts from 1 to {limit, number}.',
    'lesson-cannot-assess':
      'The system cannot score this lesson: it asks nothing, or something that the system does not know. Choose practice.',
    'lesson-version-unknown': 'There is no such version.',
    'lesson-cover-alt': 'Say in a sentence what the picture shows, in at most {limit, number} characters.',
    'lesson-cover-missing': 'Choose a picture.',
    'lesson-cover-damaged': 'This picture cannot be read. Choose another JPG, PNG or WebP picture.',
    'lesson-cover-too-many-pixels': 'The picture has too many pixels. Make it smaller and send it again.',
    'lesson-cover-busy': 'Many pictures are waiting. Wait a minute and send it again.',
    'lesson-note-too-long': 'Write at most {limit, number} characters.',
    'lesson-waiting': 'Its libraries wait for approval. After that you can publish it.',
    'lesson-archived': 'The lesson is archived. Restore it before you publish it.',
    'lesson-versions-many':
      'The lesson has {limit, number} published versions. Duplicate it and publish the copy.',
    'lesson-libraries-missing':
      'No longer installed here: {libraries}. Ask the operator to install them again, then publish.',
  },
})
