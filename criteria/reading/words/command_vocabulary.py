"""The words that people type instead of pressing a button."""

from criteria.reading.outcome import Command

COMMANDS: dict[Command, str] = {
    "skip": """
        bỏ qua, để sau, lát nữa, qua câu này, bỏ qua câu này, bỏ câu này, qua câu khác, câu
        khác, lúc khác, để lát, để lát nữa, để tí nữa, tí nữa, chốc nữa, lát,
        tẹo nữa, tý nữa, để mai, mai báo, mai báo sau, tối báo, tối báo lại, mai báo lại, báo
        lại sau, báo sau, trả lời sau, gửi sau, điền sau, làm sau, để hỏi lại, để hỏi, để em hỏi
        đã, để em hỏi, để em đếm đã, để em đếm,
        để em xem, để em xem đã, để em kiểm tra, để em báo sau, để em kiểm tra lại,
        để em hỏi lại, để hỏi đã, để đếm đã, đang đếm, chờ tí, chờ chút, đợi tí, đợi chút, chờ
        đã, khoan, khoan đã, từ từ, câu sau, câu tiếp, câu tiếp theo, tiếp, tiếp theo, tiếp
        tục,
        để đấy, để đó, cứ để đấy, bỏ trống, để trống, sang câu sau, sang câu khác, chuyển
        câu, chuyển câu khác, chuyển câu sau, nhảy câu, next, để khi khác, để hôm khác, hôm
        khác, hôm sau, để kiểm tra lại, để kiểm tra, để xem lại, để xem, để xem đã, xem lại
        đã, hỏi lại đã, đang thống kê, đang hỏi, đang đi đếm, đang rà soát, một lát nữa, một lát,
        một lúc nữa, lúc nữa, chút nữa, một chút nữa, một tí nữa, để
        chút nữa, hôm sau báo, để hôm sau, báo lại, bận, đang bận, bây
        giờ bận, mai, tối, tối nay, ngày mai, mai trả lời, tối trả lời, mai gửi, để tối, để
        chiều, chiều báo, chiều, skip this, skip, later, not now, pass, next question, skip
        it, skip question, answer later, do it later""",
    "unknown": """
        chưa biết, không biết, kb, kbt, kbiet, kbik, chưa rõ, không rõ, chịu, chịu rồi, chịu
        thôi, chưa có số, chưa có số liệu, không có số, không có số liệu, chưa thống kê, chưa
        thống kê được, không thống kê được,
        chưa đếm, chưa đếm được, không đếm được, chưa đếm xong, chưa nắm, chưa nắm được, không
        nắm được, không nắm, chưa nắm rõ, không nắm rõ, chưa rà soát, chưa khảo sát, chưa kiểm
        tra, chưa xác minh,
        chưa biết được, không biết được, chưa tổng hợp, chưa tổng hợp được, chưa kịp đếm, chưa
        kịp thống kê, không nhớ, quên rồi, quên, không nhớ được, chưa có thông tin, không có
        thông tin, chưa hỏi, chưa hỏi được, chưa điều tra, làm sao biết,
        ai mà biết, ai biết, sao biết được, có biết đâu, biết đâu, nào có biết, bó tay, thua,
        không biết nữa, chưa cập nhật, chưa có kết quả, chưa xong, chả biết, chẳng biết, chửa
        biết, đâu có biết, làm sao mà biết, biết thế nào được, chịu chết, chưa có con số, chưa
        có dữ liệu, không có dữ liệu, không thống kê, chưa thống kê xong, chưa có thống kê,
        chưa rõ số, không rõ số, chưa biết số, không biết số, chưa biết bao nhiêu, không biết
        bao nhiêu, không biết là bao nhiêu, chưa rõ bao nhiêu, không rõ bao nhiêu, không biết
        thế nào, không biết có hay không, không biết có không, chưa biết có không, không rõ có
        không, chưa rõ có không, không biết chính xác, chưa chắc, không chắc, không chắc lắm,
        chưa chắc lắm, không ai biết, chả ai biết, chẳng ai biết, chưa ai biết, chưa biết rõ, chưa
        biết chính xác, chưa nắm chắc, không nắm chắc, mới nhận việc chưa nắm, mới nhận việc,
        không biết đã có chưa, chưa biết đã có chưa, chưa biết có chưa, không biết có chưa, không
        biết
        họp chưa, không biết lắp chưa, chưa biết có hay chưa, không biết có hay chưa,
        unknown, don't know, dont know, dunno, i don't know, no idea, not sure, not counted,
        not counted yet, not known, not known yet, don't know yet, idk, i do not know, do not
        know, unsure, no data, no figures, no figure yet, no data yet""",
    "same": """
        như kỳ trước, như cũ, vẫn thế, giữ nguyên, y như trước, không thay đổi, như tháng
        trước, như lần trước, giống lần trước, giống kỳ trước, giống tháng trước, như trước,
        giống trước, vẫn vậy, vẫn như cũ, vẫn như trước,
        không đổi, y nguyên, nguyên như cũ, y cũ, y như cũ, vẫn như thế, vẫn như vậy, không có
        gì thay đổi, không có thay đổi, không có gì mới, chưa thay đổi, chưa có gì thay đổi,
        như đợt trước, như quý trước, giống đợt trước, giống quý trước, bằng kỳ trước, bằng
        lần trước, bằng tháng trước,
        như báo cáo trước, như hôm trước, như hồi trước, như bữa trước, lấy số cũ, số cũ, để
        nguyên, nguyên, giữ số cũ, dùng số cũ, vẫn số cũ, như năm ngoái, cũ, vẫn thế thôi,
        theo số cũ, y hệt, y hệt kỳ trước, y hệt lần trước, y hệt tháng trước, y xì, y chang,
        vẫn giữ nguyên, như lần báo cáo trước, như kỳ báo cáo trước, không thay đổi gì, không
        có gì đổi, chưa có thay đổi, không khác gì, không khác gì kỳ trước, không khác gì lần
        trước, không khác, vẫn nguyên, vẫn như kỳ trước, vẫn như tháng trước, vẫn như lần
        trước, vẫn giống kỳ trước, vẫn giống lần trước, y kỳ trước, y lần trước, y tháng
        trước, cứ như kỳ trước, cứ như cũ, cứ như lần trước, giống như kỳ trước, giống như lần
        trước, giống như cũ, giống cũ, giống như trước, không có biến động, không biến động,
        như quý vừa rồi, như tháng vừa rồi, như số cũ, theo kỳ trước,
        y như lần trước, y như kỳ trước, y như tháng trước, y như đợt trước, y như hôm trước, y
        như
        năm ngoái, vẫn y như cũ, vẫn y như trước, vẫn y nguyên, vẫn y như lần trước, vẫn y như kỳ
        trước, cũng như kỳ trước, cũng như lần trước, cũng như tháng trước, cũng thế, cũng vậy,
        cũng
        như cũ, số vẫn thế, số vẫn như cũ,
        same, same as last time, same as before, no change, unchanged, as before, as last
        time, the same, same as last month, same as last period, same as previous, like last
        time, like before, no changes, keep it, still the same, keep the same""",
    "back": """
        quay lại, lùi, lùi lại, trở lại, câu trước, về câu trước, quay về, trở về, quay lại
        câu trước, lùi lại một câu, lùi một câu, câu vừa rồi, quay lại câu vừa rồi, câu vừa
        nãy, quay lại câu vừa nãy, trở lại câu trước, lui, lui lại, về trước, trước, sửa câu
        trước, sửa lại câu trước, sửa câu vừa rồi,
        cho quay lại, quay trở lại, quay ngược lại, xem lại câu trước, quay lại một câu, về
        lại câu trước, lên câu trước, quay về câu trước, quay đầu, back, go back, previous,
        previous question, back one, last question, prev""",
    "undo": """
        nhầm, nhầm rồi, hoàn tác, ghi nhầm, gõ nhầm, nhập nhầm, bấm nhầm, báo nhầm, viết nhầm,
        ghi sai, nhập sai, gõ sai, sai rồi, nhầm số, lộn rồi, lộn, nhầm câu, trả lời nhầm, em
        nhầm, tôi nhầm, lỡ tay, ấn nhầm, chọn nhầm, nhắn nhầm, gửi nhầm, sai số, báo sai, ghi
        lộn, gõ lộn, nhầm mất, nhầm mất rồi, nhầm lẫn, lại nhầm, bấm sai, chọn sai, điền sai,
        điền nhầm, trả lời sai, đánh nhầm, đánh sai, sai, lấy lại số cũ, trả lại số cũ, bị
        nhầm, bị sai, bấm lộn, ghi nhầm số, nhầm số liệu,
        undo, mistake, wrong, oops, my mistake, typo, wrong number, that was wrong, that's
        wrong, i made a mistake""",
    "done": """
        xong, xong rồi, đã xong, xong hết, xong hết rồi, hoàn thành, đã hoàn thành, làm xong,
        làm xong rồi, đã làm xong, xong xuôi, kết thúc, hoàn tất, xong cả rồi, thế là xong, đã
        trả lời hết, trả lời xong, trả lời xong rồi, trả lời hết rồi, điền xong, điền xong
        rồi, xong báo cáo, báo cáo xong, báo cáo xong rồi, nhập xong, nhập xong rồi, xg, xog,
        hết câu hỏi, xong tất, xong tất cả, xong xuôi rồi, hoàn thành rồi, done, finished,
        finish, all done, that's all, complete, completed, i'm done, i am done""",
    "send": """
        gửi, gửi báo cáo, gửi đi, nộp, nộp báo cáo, nộp bài, gửi luôn, gửi lên xã, gửi về xã,
        gửi xã, gửi cho xã, nộp lên xã, nộp luôn, chốt, chốt gửi, gửi nhé, gửi ngay, cho gửi,
        nộp đi, chốt số, chốt luôn, gửi số liệu, chuyển đi, chuyển lên xã, gửi lên, nộp cho
        xã, đồng ý gửi, gửi hết, gửi tất cả, gửi luôn báo cáo, gởi, gởi đi, gởi báo cáo, gửi
        bc, nộp bc, báo cáo lên xã, send, submit, send it, send report, send the report,
        submit report, submit the report, send now""",
    "cancel": """
        huỷ, hủy, hủy bỏ, thôi, thôi không gửi nữa, thôi không, thoát, dừng, dừng lại, không
        gửi nữa, không làm nữa, bỏ, bỏ đi, thôi bỏ, thoát ra, thôi khỏi, huỷ đi, thôi để đấy,
        không sửa nữa, thôi không sửa nữa, ngừng, ngừng lại, khỏi, đóng, đóng lại, cancel,
        stop, quit, abort, exit, never mind, nevermind""",
    "help": """
        trợ giúp, giúp, giúp với, hướng dẫn, giúp đỡ, hỗ trợ, cứu, cứu với, chỉ với, hướng dẫn
        với, làm sao, làm thế nào, không hiểu, chưa hiểu, là sao, là gì, thế nào, hỏi gì,
        nghĩa là sao, nghĩa là gì, sao, sao cơ, như thế nào, giải thích, giải thích với, cái
        gì, gì,
        chưa hiểu câu hỏi, chưa hiểu câu này, chưa hiểu rõ, không hiểu rõ, chưa hiểu lắm, không
        hiểu
        lắm, không hiểu ý, chưa hiểu ý, không hiểu gì, không hiểu câu hỏi, không hiểu câu này,
        câu này là sao, câu này hỏi gì,
        câu này là gì, tính thế nào, tính như thế nào, tính ai, đếm thế nào, trả lời thế nào,
        trả lời sao, trả lời như thế nào, ghi thế nào, ghi sao, nhập thế nào, bấm vào đâu, bấm
        đâu, bấm gì, làm gì, làm gì bây giờ, phải làm gì, phải làm sao, phải làm thế nào, là
        thế nào, là như thế nào, ý là sao, ý là gì, hả, hử, ủa, gì thế, gì vậy, cái gì thế,
        cái gì vậy, hiểu chết liền, cần giúp, giúp đỡ em, cần giúp đỡ, cần hỗ trợ, cần hướng
        dẫn, hỏi, cho
        hỏi, muốn hỏi, gồm những ai, gồm ai, tính cả trẻ con không, tính cả trẻ em không, tính
        từ bao nhiêu tuổi, bao nhiêu tuổi, chưa rõ câu hỏi, không rõ câu hỏi, giải nghĩa, xem
        hướng dẫn, cách làm, chỉ cách, dùng thế nào, sử dụng thế nào, không biết làm, không
        biết làm thế nào, không biết làm sao, không biết trả lời thế nào, không biết trả lời
        sao, không biết bấm, không biết nhập, không biết dùng, có chưa, có không, có hay
        không, có hay chưa, thế nào là có, sao lại hỏi, hỏi ai, hỏi cái gì, hỏi gì đấy, hỏi gì
        thế,
        help, help me, what, how, explain, i don't understand, don't understand, what do you
        mean, what is this, how do i, huh, what does it mean, what does this mean, please
        help, need help""",
    "difficulty": """
        bị vướng mắc, đang vướng mắc, đang có vướng mắc, đang có khó khăn,
        vướng mắc, khó khăn, vướng, gặp khó khăn, có vướng mắc, có khó khăn, báo vướng mắc,
        báo khó khăn, khó khăn vướng mắc, nêu khó khăn, nêu vướng mắc, phản ánh, kiến nghị,
        muốn phản ánh, đang vướng, bị vướng, gặp vướng mắc, đang gặp khó khăn, đang khó khăn,
        khó quá, khó lắm, khó, ý kiến, có ý kiến, difficulty, difficulties, problem, obstacle,
        trouble, report a difficulty, report a problem, issue, i have a problem""",
    "fix_total": """
        sửa tổng số, sửa tổng, sửa lại tổng số, sửa lại tổng, tổng số sai, tổng sai, sửa mẫu
        số, tổng sai rồi, tổng số sai rồi, đổi tổng số, sai tổng số, sai tổng, tổng số không
        đúng, tổng không đúng, fix total, fix the total, edit total, change total, change the
        total, edit the total""",
}
# Of two commands in one text, the one with the smallest effect is used.
PRECEDENCE: tuple[Command, ...] = (
    "difficulty", "fix_total", "cancel", "back", "skip", "unknown", "undo", "same", "done",
    "send", "help",
)  # fmt: skip

EDIT = """
        sửa, sửa lại, chỉnh, chỉnh sửa, chỉnh lại, đổi, thay, đính chính, chữa, chữa lại, điều
        chỉnh, muốn sửa, cần sửa, xin sửa, sửa đổi, thay đổi, làm lại, trả lời, trả lời lại,
        quay lại, về, trở lại, xem lại, sửa hộ, sửa giúp, edit, change, fix, correct, redo, go
        to, go back to, back to"""
# These words alone are the command, without "câu". "về 3" needs "câu".
EDIT_ALONE = """
        sửa, sửa lại, chỉnh sửa, chỉnh, chỉnh lại, đính chính, chữa, chữa lại, muốn sửa, cần
        sửa, sửa số, sửa số liệu, sửa lại số, sửa câu trả lời, sửa báo cáo, sửa câu này, edit,
        change, fix, correct"""
QUESTION = """
        câu, câu số, câu hỏi, câu hỏi số, mục, số, chỉ tiêu, câu thứ, question, no, number,
        item, q, question number"""
INSTEAD = "thành, là, bằng, sang, lại, to, as, into, thành ra, lại là, lại thành, giúp"
# Polite words around a command.
AROUND = """
    báo,
        dạ, vâng, ạ, nhé, nhá, nha, với, ơi, thưa, xin, cho, em, bác, cháu, anh, chị, cô, chú,
        ông, bà, mình, tôi, tớ, con, giúp, hộ, cái, đã, đi, thì, là, thôi, nào, này, đấy, đây,
        nữa, rồi, à, ừ, câu này, câu hỏi này,
        ad, bot, luôn, please, lắm, quá, hết, được, mà, cứ, vẫn, phép, nói, bên, các, khu,
        xóm, thôn, tổ, báo cáo, em xin, làm ơn, ấy, kia, cả, đâu, vậy, thế, vì, việc, số,
        ngay, hiện, hiện tại, hôm nay, nay, giờ, bây giờ, lúc này, phần này, mục
        này, cái này, chuyện này, vụ này, về, muốn, cần, nhỉ, hử, hả, this, the, it, question,
        ok, thanks, i, want, now, can, you, me, for, again"""
