"""The words of replies to a question for numbers, as data: one comma-separated line a group.

Every word here is found with all its marks, with some or none of them, and in raw Telex or VNI.
"""

# What it means for the figures → the phrases. Longer phrases win over shorter ones.
FIGURE_PHRASES: dict[str, str] = {
    # Politeness, kinship, and words that change nothing about the figure.
    "noise": """
        bạn, các bạn, đến hôm nay, cho đến nay, tính đến, tính tới, tới nay, đến thời điểm này,
        đến hiện tại, tính đến thời điểm này, tính đến giờ, cho tới nay,
        dạ, vâng, ạ, ừ, nhé, nhá, nha, nghe, ơi, à, ơ, thưa, thưa bác, báo cáo, kính, kính
        gửi, kính thưa,
        xin, xin gửi, gửi, xin báo cáo, vâng ạ, dạ vâng, chào, xin chào, cảm ơn, cám ơn,
        bác, các bác, cháu, em, anh, chị, cô, chú, ông, bà, mình, tôi, tớ, con, bên, nhà, nhà
        em, dì, cậu, mợ,
        ban, sếp, đồng chí, đc chí, chúng em, chúng tôi, bọn em, admin, bot,
        là, thì, có, được, mới, chỉ, thôi, rồi, đấy, đây, đó, này, nè, kia, cho, với, để, cơ,
        ấy, luôn, mà,
        đúng, đúng là, chính xác, chuẩn, chẵn, tròn, vừa đúng, vừa tròn, đã, đang, hiện, hiện
        nay, hiện tại,
        nay, hôm nay, đến nay, tính đến nay, tính đến hôm nay, tháng này, kỳ này, đợt này, năm
        nay, lần này, quý này,
        đến giờ, bây giờ, giờ, số liệu, số lượng, số, con số, kết quả, cụ thể, như sau, thực
        tế, tức, tức là,
        đếm được, đếm, thống kê, thống kê được, nắm được, rà soát, rà soát được, khảo sát, vận
        động được, đi đếm,
        tổ em, khu em, thôn em, xóm em, khu mình, thôn mình, xóm mình, khu nhà, khu tôi, xã,
        ở, của khu, của thôn,
        khu, thôn, xóm, bản, ấp, khu dân cư, dân cư, tổ dân phố, tdp, kdc, bên em, bên mình, tổ,
        sử dụng, dùng, xài, biết dùng, cài, cài đặt, đạt, đạt được, sở hữu, trong khu, trong
        thôn, trong xóm,
        thông minh, internet, mạng, wifi, 4g, kết nối, có mạng, kết nối internet, kết nối
        mạng, nối mạng,
        smartphone, ngân hàng, thanh toán, điện tử, trực tuyến, online, qr, mã qr, quét mã,
        quét qr, chuyển khoản,
        trưởng thành, người lớn, lao động, độ tuổi, độ tuổi lao động, trong độ tuổi lao động,
        trong độ tuổi,
        đăng ký, kinh doanh, có đăng ký, trên địa bàn, tại khu, đều, đều có, ra, lên, trả lời,
        câu này, chứ,
        nộp trực tuyến, giải quyết, tiếp nhận, sim, ví điện tử, đọc, ghi,
        we, have, has, there, are, is, people, the, it, of them, only, just, adults, please,
        i, in, our, area,
        households, phones, with, smartphones, accounts, and the, answer""",
    # Numbers beside these are the whole.
    "total": """
        tổng, tổng số, tổng cộng, tổng là, mẫu, mẫu số, dân số, tổng dân, tổng số dân, toàn
        bộ, total, out of a total of,
        số dân, tổng số người, tổng thể, cộng tổng""",
    # Numbers beside these are the part.
    "part": "tử, tử số, số có",
    # The part before, the whole after.
    "of": """
        trên, trong, trong số, trong tổng, trong tổng số, trên tổng, trên tổng số, của, của
        tổng số, of, out of, over, of the, out of the, trên số, chia, chia cho, xẹt, xẹc,
        sẹt, xuyệt,
        xoẹt, gạch chéo, gạch""",
    # The whole before, the part after.
    "thereof": """
        trong đó, trong đấy, trong đó có, trong số đó, trong số này, thì có, of which, of whom""",
    "and": "và, còn, and, với lại",
    # Everybody.
    "all": """
        cả khu, cả thôn, cả xóm, cả tổ, cả bản, cả làng, toàn khu, toàn thôn, toàn xóm, tất
        cả, tất, tất tần tật,
        cả, đủ, đủ cả, đầy đủ, đủ hết, có đủ, có cả, có hết, hết, có tất, mọi người, ai cũng
        có, ai cũng, ai cũng có hết,
        ai cũng có rồi, nhà nào cũng có, người nào cũng có, có hết rồi, hết cả, cả rồi, đủ
        rồi, đủ cả rồi, có đủ cả, đủ hết rồi, cả làng cả xóm, toàn dân,
        all, everyone, everybody, all of them, không thiếu ai, không thiếu, không sót ai,
        không thiếu một ai, không thiếu người nào, hết thảy, hết sạch, tuốt,
        mọi nhà, mọi nhà đều có, tất cả mọi người, all people, full""",
    # About: one likely reading.
    "approximate": """
        khoảng, tầm, cỡ, ước, ước chừng, ước tính, ước lượng, chừng, độ, đâu, đâu đó, đâu
        khoảng, xấp xỉ, khoảng chừng,
        khoảng độ, độ chừng, chắc, chắc là, chắc khoảng, hình như, hình như là, có lẽ, có khi,
        tầm khoảng, vào khoảng,
        phỏng chừng, áng chừng, lối, cỡ khoảng, loanh quanh, nhớ là, nghe nói, chưa chắc, chưa
        chắc lắm, không chắc, không chắc lắm, nhưng chưa chắc, nhưng không chắc,
        thì phải, hay sao, about, around, approximately, roughly, maybe, approx, i think,
        probably, gì đó, vậy""",
    # More or fewer: no reading.
    "vague": """
        hơn, gần, ngót, ngót nghét, non, trên dưới, dưới, ít nhất, tối thiểu, nhiều nhất, tối
        đa, không quá, chưa đến, chưa tới,
        không đến, không tới, quá, hơn một, có hơn, trở lên, trở xuống, đổ lại, đổ lên, mấy,
        vài, dăm, nhiều, ít, một ít, một số, một vài, đa số,
        phần lớn, phần đông, hầu hết, hầu như, hầu như hết, gần hết, gần như hết, gần đủ, gần
        như đủ, đông, lác đác, kha khá, vô số, già nửa, quá nửa, hơn nửa, đại đa số, lẻ mấy,
        có nhiều, có ít, nhiều lắm, ít lắm, một phần, số ít, số đông, hơn kém, suýt soát, xuýt
        xoát, gần như tất cả, hầu hết mọi người, gần như cả,
        more than, over half, almost, nearly, less than, at least, at most, under, most, many,
        some, few, several, a few, a lot""",
    "half": "một nửa, nửa, nửa số, phân nửa, nửa khu, non nửa, half",
    "range": "từ, đến, tới, hoặc, hay, hay là, hoặc là, between, or, to",
    "arithmetic": """
        thêm, tăng, tăng thêm, tăng lên, giảm, bớt, cộng, cộng thêm, trừ, trừ đi, gấp đôi,
        gấp, nhiều hơn, ít hơn, kém, bớt đi, giảm đi,
        mất, hơn kỳ trước, hơn lần trước, kém kỳ trước, hơn tháng trước, kém lần trước, nhân,
        more, fewer, plus, minus, chênh""",
    "minus": "âm, negative",
    # Said of those who have not.
    "not": """
        không, chưa, chẳng, chả, thiếu, còn thiếu, còn lại, trừ ra, chưa có, không có, chưa
        được, không dùng, chưa dùng, không sử dụng,
        chưa sử dụng, không phải, nhầm, à nhầm, ghi nhầm, gõ nhầm, chưa biết dùng, chưa đạt,
        không đạt, chửa, chửa có, chả có, chẳng có, not, don't have, without, missing, no,
        hụt, sai,
        chưa biết, không biết""",
    # Nobody, said in full: the count is 0.
    "nobody": """
        chưa ai có cả, chưa ai dùng cả, không ai có cả, không có ai dùng cả,
        không có ai, không ai, chưa có ai, chưa ai, chả ai, chẳng ai, chả có ai, chẳng có ai,
        không ai có, chưa ai có, không có người nào, chưa có người nào,
        không người nào, chưa người nào, không có một ai, không một ai, chưa có một ai, chưa
        một ai, không có ai cả, chưa có ai cả, không ai cả, chẳng ai có, chả ai có, chưa ai
        dùng, không ai dùng,
        làm gì có ai, có ai đâu, có ai có đâu, đã có ai đâu, đã ai có đâu, nào có ai, không có
        ai dùng, chưa có ai dùng, không ai sử dụng, chưa ai sử dụng, không ai dùng cả, đâu có
        ai, chửa có ai, chửa ai có, chửa ai,
        không có ai sử dụng, chưa có ai sử dụng, không có ai có, chưa có ai có, không có máy
        nào, chưa có máy nào, không có cái nào, chưa có cái nào, không máy nào, không cái nào,
        chưa nhà nào, không nhà nào, chưa có nhà nào, không có nhà nào, chưa hộ nào, chưa có
        hộ nào, chưa cơ sở nào, chưa có cơ sở nào, chưa quán nào, chưa có quán nào,
        none, nobody, no one, zero, none at all, nobody has, no one has, nil, none of them,
        nobody yet, no one yet, not one, con số không, số không, zê rô""",
    # "không có" alone: 0, or no figure?
    "nobody_perhaps": """
        không có gì, chưa có gì, không có cả, chưa có cả, không có đâu, chưa có đâu, làm gì
        có, có đâu, đâu có, đã có đâu, nào có, không có đồng chí nào, không có cán bộ nào,
        chưa có cán bộ nào""",
    # Nobody the question applies to: the total is 0.
    "not_applicable": """
        không có đối tượng, không có đối tượng nào, không đối tượng nào, không có đối tượng áp
        dụng, không phát sinh, không phát sinh hồ sơ, không phát sinh hồ sơ nào,
        không có cơ sở nào, không có cơ sở, không cơ sở nào, không có cơ sở kinh doanh, không
        có cơ sở kinh doanh nào, không có cơ sở kinh doanh dịch vụ nào, không có hồ sơ, không
        có hồ sơ nào, không hồ sơ nào,
        không có hộ nào, không có hộ kinh doanh, không có hộ kinh doanh nào, không hộ nào,
        không hộ nào kinh doanh, không có quán nào, không có cửa hàng nào, không có hàng quán
        nào, không có hàng quán, không có ai kinh doanh, không ai kinh doanh, không có nhà nào
        kinh doanh, không nhà nào kinh doanh,
        khu không có đối tượng, không có đối tượng này, không thuộc diện, không áp dụng, không
        có cửa hàng, không có quán xá, làm gì có cơ sở nào, làm gì có hộ nào, làm gì có cửa
        hàng nào, làm gì có quán nào, chẳng có cơ sở nào, chả có cơ sở nào, chẳng có cửa hàng
        nào, chả có cửa hàng nào, chả có quán nào, chẳng có quán nào, đâu có cơ sở nào,
        not applicable, no businesses, no shops, no such people, no dossiers, doesn't apply,
        does not apply""",
    "question": """phải không, đúng không, đúng chưa, được không, được chưa, bao nhiêu, là
        sao, là gì, thế nào, như thế nào, nghĩa là gì, gì, sao, hỏi gì, ở đâu,
        thế à, what, how, how many, why, chưa nhỉ, nhỉ, hả""",
    "percent": "phần trăm, percent, pt",
    "decimal": "phẩy, phảy, point",
}

# Families of units that do not fit together in one share.
UNITS: dict[str, str] = {
    "person": """
        người, nhân khẩu, khẩu, dân, người dân, cụ, bà con, công dân, cán bộ, thành viên, hội
        viên, đảng viên, cử tri, nam, nữ, lao động chính, cb,
        person, cadres""",
    "device": """
        điện thoại, đt, máy, cái, chiếc, điện thoại thông minh, đt thông minh, đttm, tài
        khoản, tk, phone, máy điện thoại, con máy, nick, zalo, account""",
    "household": "hộ, hộ dân, hộ gia đình, gia đình, nóc nhà, household, families",
    "place": """
        cơ sở, quán, cửa hàng, hộ kinh doanh, hàng quán, cơ sở kinh doanh, cửa hiệu, doanh
        nghiệp, hợp tác xã, htx, ki ốt, kiốt, shops, businesses, shop, cơ sở kinh doanh dịch
        vụ, hộ kd, cơ sở kd""",
    "dossier": "hồ sơ, hs, dossiers, files, bộ hồ sơ",
}

# Words that carry the reporter's own area or the period: the number after them is no answer.
LABELS = """
    tổ dân phố số, khu dân cư số, tdp số, khu phố số, ấp số, bản số,
        khu, thôn, xóm, bản, ấp, tổ, đội, cụm, khu dân cư, tổ dân phố, tdp, kdc, khu phố, khu
        số, thôn số, tổ số, xóm số, area, tháng, quý, kỳ, đợt, chỉ tiêu, khu hành chính, tháng
        số, kỳ tháng"""

# Teen code and other short forms → what they may stand for.
SHORT_FORMS: dict[str, str] = {
    "k": "không",
    "ch": "chưa",
    **dict.fromkeys(
        [
            "ko",
            "kh",
            "kg",
            "khg",
            "hok",
            "hong",
            "hông",
            "hem",
            "hổng",
            "hổn",
            "hôk",
            "kô",
            "kông",
            "hk",
            "khom",
            "hơm",
            "hôn",
            "hg",
            "khum",
            "kong",
            "khog",
            "khôg",
            "khôngg",
            "khoong",
            "kók",
        ],
        "không",
    ),
    **dict.fromkeys(["chx", "chwa", "cưa", "chưaa", "chưqa"], "chưa"),
    **dict.fromkeys(
        ["r", "ròi", "ùi", "rùi", "rui", "rr", "ròy", "roy", "rùii", "roài", "rồy", "gòi", "òi"],
        "rồi",
    ),
    **dict.fromkeys(["dc", "đc", "đx", "dk", "đk", "dx", "đượk", "đựơc"], "được"),
    **dict.fromkeys(["ng", "ngừi", "ngươi", "nguời", "ngừoi", "người"], "người"),
    **dict.fromkeys(["dt", "đthoai", "đthoại", "dthoai", "đth", "đtdđ"], "đt"),
    **dict.fromkeys(["nhìu", "nhiu"], "nhiều"),
    **dict.fromkeys(["mik", "mk", "mh"], "mình"),
    **dict.fromkeys(["ak", "ah", "a.", "ạk"], "ạ"),
    **dict.fromkeys(["e", "a", "c", "ac", "ae"], "em"),
    **dict.fromkeys(["thui", "hoy", "thoy"], "thôi"),
    **dict.fromkeys(["wa", "qa"], "qua"),
    **dict.fromkeys(["j", "ji", "gi`"], "gì"),
    **dict.fromkeys(["bik", "bít", "bit", "biêt", "bt"], "biết"),
    **dict.fromkeys(["bn"], "bao nhiêu"),
    **dict.fromkeys(["v", "z", "dzậy", "dị", "zậy"], "vậy"),
    **dict.fromkeys(["co'", "coá", "cóa", "cóo"], "có"),
    **dict.fromkeys(["sd"], "dùng"),
    **dict.fromkeys(["thoai"], "thoại"),
    **dict.fromkeys(
        [
            "oke",
            "oki",
            "okie",
            "okey",
            "okê",
            "okela",
            "okla",
            "oce",
            "okee",
            "okay",
            "oki",
            "ôkê",
            "ôk",
            "oke`",
        ],
        "ok",
    ),
    **dict.fromkeys(
        [
            "uh",
            "uk",
            "ukm",
            "uhm",
            "um",
            "ừm",
            "ừa",
            "ưa",
            "uhuh",
            "uhu",
            "uki",
            "ừh",
            "ư",
            "yep",
            "yeah",
            "yup",
            "ya",
            "yea",
        ],
        "ừ",
    ),
    **dict.fromkeys(["vg", "vag", "vâg", "dzâng", "dzạ", "vang.", "zâng", "zạ", "zâg"], "vâng"),
    **dict.fromkeys(["h"], "giờ"),
    **dict.fromkeys(["trc", "trk", "trướ"], "trước"),
    **dict.fromkeys(["bcao", "bc", "b/c"], "báo cáo"),
    **dict.fromkeys(["kq"], "kết quả"),
    **dict.fromkeys(["cbo", "cbộ"], "cán bộ"),
    **dict.fromkeys(["lun"], "luôn"),
    **dict.fromkeys(["tg"], "trong"),
}

# Never meant by letters without marks: a much commoner word has the same (có, chưa, …).
NEVER_PLAIN = frozenset({"cỡ", "chữa", "dừng", "tối", "cô", "cổng", "lối"})


def phrases(line: str) -> list[tuple[str, ...]]:
    """The phrases of one comma-separated line, each as its words."""
    return [tuple(phrase.split()) for phrase in line.replace("'", "").split(",") if phrase.strip()]
