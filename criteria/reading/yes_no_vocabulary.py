"""The words of replies to "Có … không?"."""

YES_NO_PHRASES: dict[str, str] = {
    "noise": """
        ạ, nhé, nhá, nha, thưa, thưa bác, thưa anh, thưa chị, báo cáo, kính, kính thưa, xin,
        xin báo cáo, bác, các bác, cháu, em, anh, chị, cô, chú, ông, bà, mình, tôi, tớ, con,
        bên, bên em, nhà, ơi,
        khu, thôn, xóm, bản, ấp, tổ, xã, khu dân cư, khu em, thôn em, xóm em, tổ em, khu mình,
        thôn mình, xóm mình, khu tôi, tổ mình, khu nhà, kdc, tdp, tổ dân phố, thì,
        là, đấy, đây, đó, này, nè, kia, ấy, luôn, cơ, chứ, mà, cả,
        hiện, hiện nay, hiện tại, hiện giờ, nay, bây giờ, hôm nay, tháng này, kỳ này, năm nay,
        đến nay, lúc này, quý này, giờ, vẫn, cũng, đều, thật, hoàn toàn, tất nhiên, dĩ nhiên,
        đương nhiên, chắc chắn, thôi, lắm, nào, gì, hết, ai, bọn em, chúng em, chúng tôi,
        chúng cháu, con em, dì, cậu, mợ, của, ở, trong, trong khu, tại, ở khu, câu này, với,
        cho, xin thưa, please, sir, we, i, in, our, area, village, còn, vẫn còn, nói thật,
        thực ra, thật ra, thực tế, mới, đã lâu, từ lâu, từ lâu rồi, lâu rồi""",
    "yes": """
        có, đã có, có rồi, rồi, có chứ, có đấy, đang có, vẫn có, đều có, có hết, có đủ, có cả,
        có đầy đủ, có sẵn, đã có rồi, sẵn có, có tất, có hết rồi, có mà, ừ có, dạ có, dạ rồi,
        vâng có, phải, phải rồi, đúng, đúng rồi, đúng vậy, đúng thế, chuẩn, chuẩn rồi,
        đã lập, lập rồi, đã thành lập, thành lập rồi, đã họp, họp rồi, làm rồi, đã làm, đã
        dùng, dùng rồi, đang dùng, đang sử dụng, đã sử dụng, sử dụng rồi, đã triển khai, triển
        khai rồi, đã lắp, lắp rồi, đã đạt, đạt, đạt rồi, đã áp dụng, áp dụng rồi, đang áp
        dụng, đang hoạt động, hoạt động tốt, đã tổ chức, tổ chức rồi, đi rồi, đã đi, đã cài,
        cài rồi, đã lắp đặt, lắp đặt rồi, đã thực hiện, thực hiện rồi, đang thực hiện, đã được
        lắp, đã được, vẫn dùng, vẫn đang dùng, vẫn hoạt động, vẫn họp, có họp, có dùng, có sử
        dụng, có làm, đang hoạt động tốt, đã họp rồi, đã lập rồi, đã làm rồi, tạo rồi, đã tạo,
        lập nhóm rồi, có từ lâu, có lâu rồi, có từ lâu rồi,
        yes, y, yes we do, yes we have, we have, we do, have, there is, there are, it does,
        they do, already, yes already, already have, sure, of course, true, does""",
    # Agreement before an answer is politeness; alone it is an answer.
    "agreed": "ừ, vâng, dạ vâng, vâng dạ, vâng thưa",
    "polite": "dạ, ok, okay",
    # Agreement that may also be mere politeness or "enough".
    "yes_perhaps": """
        đủ, đủ rồi, đầy đủ, đủ cả, đã, được, được rồi, tốt, tốt rồi, rất tốt, ổn, ổn rồi, bình
        thường, có vẻ có, tất cả, đủ hết, đầy đủ rồi, good, fine, all, chính xác, nhất trí,
        đồng ý, được ạ""",
    "no": """
        nỏ, nỏ có, mô có, có mô,
        đã có gì đâu, vẫn chưa có đâu, có đâu mà có, đâu có đâu, chưa có gì đâu, không có gì đâu,
        nào đã có gì, có thấy đâu, đã có ai đâu, vẫn chưa có gì,
        chưa, chưa có, không, không có, chẳng, chả, chẳng có, chả có, chửa, chửa có, làm gì
        có, có đâu, đâu có, đã có đâu, chưa đâu, không đâu, nào có, nào đã có, chưa hề, chưa
        hề có, không hề, không hề có, chưa từng, chưa từng có, chưa bao giờ, chưa bao giờ có,
        không bao giờ, có gì đâu, có ai đâu, có bao giờ, có bao giờ đâu, làm gì đã có, lấy đâu
        ra, đào đâu ra, đã đâu, có cái gì đâu, đã làm gì có, chưa được, không được, làm gì,
        chưa có gì, không có gì, chưa có đâu, không có đâu, chưa có cái nào, không có cái nào,
        vẫn chưa, vẫn chưa có, vẫn không, vẫn không có, hoàn toàn không, hoàn toàn chưa, hoàn
        toàn chưa có, hoàn toàn không có, chưa thấy, không thấy, chưa thấy có, không thấy có,
        chưa lập, chưa thành lập, chưa họp, không họp, chưa làm, không làm, chưa dùng, không
        dùng, chưa sử dụng, không sử dụng, chưa triển khai, không triển khai, chưa lắp, không
        lắp, chưa đạt, không đạt, chưa áp dụng, không áp dụng, chưa hoạt động, không hoạt
        động, chưa tổ chức, không tổ chức, chưa đi, không đi, chưa cài, chưa thực hiện, không
        thực hiện, chưa được lắp, chưa lắp đặt, chưa làm được, không làm được, chưa họp được,
        không họp được, chưa dùng được, chưa tổ chức được, chưa triển khai được, chưa lập
        được, chưa thành lập được, chưa tạo, chưa xây dựng, chưa xây dựng được, chưa có hoạt
        động, không còn, hết rồi không còn, chưa bắt đầu, chưa biết dùng, chưa có họp, không
        có họp, có họp đâu, có dùng đâu, có làm đâu, đã dùng đâu, đã họp đâu, đã lập đâu, đã
        làm đâu, nào đã dùng, có thấy đâu, có thấy gì đâu,
        no, n, nope, not yet, no not yet, none, we don't, we do not, we don't have, we do not
        have, we haven't, no we don't, no we don't have, don't have, do not have, we have
        none, we haven't, haven't, have not, never, there is none, there isn't, there are
        none, not, not available, none yet, nothing, doesn't, does not, isn't""",
    "no_perhaps": "hông đâu, không phải, chưa phải, không đúng, chưa đúng",
    # Will be: not yet.
    "future": """
        sắp, sắp có, sẽ có, sẽ, chuẩn bị có, chuẩn bị, sang năm, năm sau, tháng sau, tuần sau,
        sắp sửa, sắp tới, mai kia, mai có, sắp lập, sắp lắp, sẽ lập, sẽ lắp, sắp triển khai,
        sẽ triển khai, chờ lắp, đang chờ, đang chờ lắp, quý sau, kỳ sau, mai mốt, dự kiến,
        đang chuẩn bị, soon, coming soon, will have, sắp xong, gần xong, gần có, đang xin,
        đang làm, đang xây dựng, đang triển khai, đang lập, đang lắp, đang lắp đặt, in
        progress, next month, next year, có kế hoạch, đang đề nghị, đang làm thủ tục, chuẩn bị
        lập, chuẩn bị lắp""",
    # Turns a yes round: "có cái nào đâu".
    "denial": "đâu, nào đâu, gì đâu",
    # Guessing.
    "guess": """
        hình như, chắc, chắc là, có lẽ, có vẻ, nghe nói, nghe đâu, hình như là, có khi, chắc
        cũng, thì phải, dường như, chắc có lẽ, nghe bảo, hay sao, maybe, probably, i think,
        perhaps, chừng như, đâu như, có thể, có thể là""",
    # Something beside it that takes part of it back.
    "but": """
        có việc, việc bận, có thắc mắc, có tính, có việc bận, thắc mắc,
        không sao, không sao cả, không vấn đề gì, không vấn đề,
        không hẳn, chưa hẳn, không hẳn là có, hết rồi, hết hạn, hết hạn rồi,
        nhưng, nhưng mà, song, tuy, tuy nhiên, nhưng chưa, có điều, mỗi tội, có mà chưa, có mà
        không, chỉ, chỉ có, mới chỉ, hỏng, bị hỏng, hư, hỏng rồi, hỏng hết, lúc có lúc không,
        lúc có, lúc không, lúc, khi có khi không, vừa, vừa có, vừa có vừa không, có có không
        không, nửa, một nửa, một phần, một số, vài, mấy, nơi có nơi không, chỗ có chỗ không,
        nơi, chỗ, tùy, tuỳ, tùy lúc, thỉnh thoảng, đôi khi, ít, ít khi, hiếm khi, hạn chế,
        yếu, kém, gần như, hầu như, hầu hết, trừ, trừ ra, ngoại trừ, ngoài, mất, ngừng, dừng,
        nghỉ, bỏ, giải tán, tan, cũ, trước có, trước kia, ngày xưa, hồi trước, trước đây,
        trước, lúc trước, năm ngoái, kỳ trước, tháng trước, đã từng, từng, từng có, cho có,
        hình thức, lèo tèo, bữa đực bữa cái, hay, hoặc, nếu, thiếu, lúc được lúc không, có
        cũng như không, mang tiếng, gọi là, gọi là có, có như không, tạm, tạm thời, tạm tạm,
        tàm tạm, có người có người không, người có người không, nhà có nhà không, bữa có bữa
        không, hôm có hôm không, but, however, sometimes, partly, broken, some, except, half,
        used to, only, few, only some, depends, chập chờn, sơ sài, cơ bản, về cơ bản, phần
        lớn, đa số, lung tung, chưa đủ, không đủ, không đều, chưa đều, chưa đầy đủ, không đầy
        đủ, không tốt, chưa tốt, chưa hiệu quả, không hiệu quả, chưa ổn, không ổn, chưa chắc,
        không chắc, không thiếu, không phải không, không phải là không, không phải không có,
        không phải là không có""",
    "question": """
        à, hả, nhỉ, có chưa, có không, có hay không, có hay chưa, là sao, thế nào, như thế
        nào, là gì, rồi chưa, rồi à, có à, chưa à, không à, hử, sao, tại sao, vì sao, ai biết""",
    # Subjects and objects of these questions; they change nothing.
    "topic": """
        nhóm, nhóm zalo, zalo, facebook, fb, nền tảng, ứng dụng, app, camera, cam, an ninh,
        trật tự, hợp tác xã, htx, mô hình, truy xuất, truy xuất nguồn gốc, nguồn gốc, tem, mã,
        cơ sở, sản xuất, họp, đi, hỗ trợ, bà con, dân, người dân, nhân dân, hướng dẫn, dùng,
        sử dụng, đang dùng, dùng tốt, tốt, đang, hoạt động, hoạt động tốt, tuyên truyền, loa,
        loa thông minh, truyền thanh, đài, trang, trang thông tin, mạng xã hội, mạng, wifi,
        một cửa, hệ thống, điện tử, hồ sơ, sổ, sổ liên lạc, sổ sức khỏe, trạm y tế, trường,
        bệnh án, nhà văn hóa, được, lập, thành lập, từ, năm, tháng, ngày, người, thành viên,
        cái, chiếc, mắt, điểm, buổi, lần, hộ, và, các, công nghệ, công nghệ số, cộng đồng, số,
        tổ công nghệ số, vnptioffice, chuyển đổi số, khá, rất, rất tốt, ổn, ổn định, thường
        xuyên, hàng tháng, hàng tuần, đều đặn, đầy đủ, đủ, nhiều, chung, riêng, internet,
        mobile, phần mềm, website, fanpage, group, groups, zalo group, đã, rồi, hẳn, hẳn hoi,
        đàng hoàng, vnpt, viettel, vneid, smas, vnedu, nhóm chung, trao đổi, thông tin, liên
        lạc, với xã, với, kết nối, công an, phản ánh, lắp, lắp đặt, gắn, ở, cổng, đường, ngõ,
        nhà, đầu, hết, việc, làm, gì, nào, bao giờ, lúc, này, cần, để, trang trại, cơ sở nào,
        mô hình nào, nhóm nào, camera nào, hợp tác xã nào, trồng, chè, rau, tại, do, vì, bận,
        kinh phí, không có kinh phí, tiền, chưa có kinh phí, chưa có tiền, không có tiền,
        không có điều kiện, chưa có điều kiện, điều kiện, meetings, meeting, cameras, team, a,
        the, one, two, group chat, use, using, of""",
}

# Politeness before a clearer word, agreement alone.
CONFIRM_AGREED = "dạ, vâng, ừ, ok, dạ vâng"
CONFIRM_YES = """
        đúng, đúng rồi, đúng vậy, đúng thế, đúng đấy, đúng đó, phải, phải rồi, phải
        đấy, vâng, dạ, dạ vâng, vâng đúng, dạ đúng, dạ phải, có, chuẩn, chuẩn rồi, chính xác,
        đồng ý, nhất trí, được, được rồi, xác nhận, rồi, chuẩn luôn, không sai, chốt, lưu, lưu
        lại, lưu đi, đã đúng, chuẩn cơm mẹ nấu, tốt, chuẩn đấy, ghi đi, cứ thế, thế đấy, đúng
        y, yes, y, right, correct, true, sure, that's right, save, confirm, yes please,
        okay"""
CONFIRM_NO = """
        sai, sai rồi, không, chưa, chưa đúng, không đúng, sửa, sửa lại, nhầm, nhầm rồi, không
        phải, chưa phải, sai bét, chưa chuẩn, không chuẩn, chưa chính xác, không chính xác,
        nhầm số, sai số, ghi nhầm, đâu có, đâu phải, không phải đâu, làm lại, nhập lại, đúng
        đâu, có đúng đâu, chưa được, không được, no, n, nope, wrong, not right, not correct,
        incorrect, edit, change, fix, false, that's wrong, chưa đúng đâu, không đúng đâu, chả
        phải, chẳng phải, chả đúng, chẳng đúng"""
