/** The page's own texts, and the attributes in the markup that name them. */

const TEXTS = {
  vi: {
    title: "Xã nông thôn mới thông minh",
    lead: "Các khu báo số liệu qua Telegram, chủ tịch xã thấy kết quả cả xã trong cùng một phút. Xin dùng thử: bấm, gõ như máy thật; số liệu là giả định.",
    clock: "Đồng hồ của bản dùng thử",
    moveClock: "Chỉnh giờ tới trước",
    nothingAtNight: "Đang đêm: từ 21:00 đến 07:00 không nhắn ai. Chỉnh tới sáng mai thì các tin đang chờ sẽ tới.",
    nothingNow: "Lúc này không có tin nhắc nào đến lượt.",
    again: "Làm lại từ đầu",
    againHint: "Xoá hết mọi thứ đã thử, bắt đầu với xã mẫu mới",
    againAsk: "Xoá hết mọi thứ đã thử và bắt đầu lại từ đầu?",
    power: "Bot",
    powerHint: "Tắt bot như khi máy chủ hỏng; bật lại thì bot nhận những tin đang chờ",
    botOff: "Bot đang tắt, tin nhắn chờ đến khi bật lại.",
    transcript: "Tải hội thoại",
    transcriptFile: "hoi-thoai.json",
    transcriptHint: "Mọi điều đã nói trên các máy, dạng JSON",
    pageLanguage: "Ngôn ngữ của trang và các máy",
    phones: "Các điện thoại",
    addPhone: "Thêm máy",
    boards: "Mở trên máy tính:",
    offline: "Mất kết nối với máy chủ, đang nối lại…",
    phoneOf: "Điện thoại của {name}",
    showPhone: "Tới máy của {name}; bấm lần nữa thì ẩn",
    hidePhone: "Ẩn máy này",
    allHidden: "Các máy đang được ẩn. Bấm vào một tên ở trên để hiện lại.",
    unread: "{count} tin chưa đọc",
    bot: "bot",
    typing: "đang nhập…",
    sendingFile: "đang gửi tệp…",
    messages: "Tin nhắn",
    today: "Hôm nay",
    edited: "đã sửa",
    delivered: "Đã gửi",
    emptyTitle: "Bot này làm được gì?",
    emptyText: "Giúp tổ công nghệ số cộng đồng báo cáo số liệu của khu dân cư, và xã xem ngay kết quả.",
    emptyInvited: "Máy này có thư mời. Bấm vào đường dẫn, hoặc “Bắt đầu”:",
    start: "Bắt đầu",
    unblock: "Bỏ chặn bot",
    block: "Chặn bot",
    openInvitation: "Mở lại thư mời",
    moreActions: "Thao tác khác",
    commands: "Các lệnh",
    menu: "Menu",
    draft: "Tin nhắn",
    send: "Gửi",
    attach: "Đính kèm",
    photo: "Ảnh",
    file: "Tệp",
    samplePhoto: "Ảnh mẫu",
    voice: "Tin thoại",
    sticker: "Nhãn dán",
    caption: "Chú thích (không bắt buộc)",
    removeFile: "Bỏ tệp này",
    dropHere: "Thả ảnh hoặc tệp vào đây",
    editing: "Sửa tin nhắn",
    replying: "Trả lời",
    cancel: "Huỷ",
    edit: "Sửa",
    reply: "Trả lời",
    copy: "Chép",
    copied: "Đã chép.",
    scrollDown: "Xuống tin mới nhất",
    close: "Đóng",
    ok: "Đã hiểu",
    open: "Mở",
    viewPhoto: "Xem ảnh to",
    photoAlt: "Ảnh",
    video: "Video",
    unsupported: "Tin nhắn loại này chưa xem được ở đây.",
    whichPhone: "Mở trên máy nào?",
    whichPhoneText: "Đường dẫn này mở bot với mã mời {code}",
    whichPhonePlain: "Đường dẫn này mở bot.",
    newPhone: "Máy mới",
    newPhoneTitle: "Thêm một điện thoại",
    personName: "Họ và tên",
    personExample: "Ví dụ: Đỗ Văn Năm",
    phoneLanguage: "Ngôn ngữ máy",
    phoneMessenger: "Nhắn bằng",
    invitation: "Đường dẫn hoặc mã mời (nếu có)",
    add: "Thêm",
    failed: "Chưa làm được: {reason}",
    unreachable: "không nối được tới máy chủ",
    tooBig: "Tệp này lớn quá 20 MB.",
  },
  en: {
    title: "Smart new-rural commune",
    lead: "Volunteers report their area's figures in a Telegram chat; the commune's chair sees the whole result the same minute. Try it: press and type as on a phone. All figures are invented.",
    clock: "The demo's clock",
    moveClock: "Move the clock",
    nothingAtNight: "It is night: nobody is written to between 21:00 and 07:00. Move on to the morning, and what waits will come.",
    nothingNow: "No reminder is due at this moment.",
    again: "Start again",
    againHint: "Throw away all that was tried, and begin with a fresh sample commune",
    againAsk: "Throw away all that was tried, and start again?",
    power: "Bot",
    powerHint: "Switch the bot off, as when its server is down; switched on, it gets what waits",
    botOff: "The bot is off; messages wait until it is on again.",
    transcript: "Transcript",
    transcriptFile: "transcript.json",
    transcriptHint: "Everything said on the telephones, as JSON",
    pageLanguage: "Language of the page and the telephones",
    phones: "Telephones",
    addPhone: "Add a telephone",
    boards: "On the computer:",
    offline: "The server cannot be reached, trying again…",
    phoneOf: "{name}'s telephone",
    showPhone: "To {name}'s telephone; pressed there, it is hidden",
    hidePhone: "Hide this telephone",
    allHidden: "All telephones are hidden. Press a name above to show one.",
    unread: "{count} unread",
    bot: "bot",
    typing: "typing…",
    sendingFile: "sending a file…",
    messages: "Messages",
    today: "Today",
    edited: "edited",
    delivered: "Sent",
    emptyTitle: "What can this bot do?",
    emptyText: "It lets community digital teams report their area's figures, and the commune see the result at once.",
    emptyInvited: "This telephone was invited. Open the link, or press “Start”:",
    start: "Start",
    unblock: "Unblock the bot",
    block: "Block the bot",
    openInvitation: "Open the invitation again",
    moreActions: "More actions",
    commands: "Commands",
    menu: "Menu",
    draft: "Message",
    send: "Send",
    attach: "Attach",
    photo: "Photo",
    file: "File",
    samplePhoto: "Sample photo",
    voice: "Voice message",
    sticker: "Sticker",
    caption: "Caption (optional)",
    removeFile: "Remove this file",
    dropHere: "Drop photos or files here",
    editing: "Edit message",
    replying: "Reply",
    cancel: "Cancel",
    edit: "Edit",
    reply: "Reply",
    copy: "Copy",
    copied: "Copied.",
    scrollDown: "To the newest message",
    close: "Close",
    ok: "OK",
    open: "Open",
    viewPhoto: "Enlarge the photo",
    photoAlt: "Photo",
    video: "Video",
    unsupported: "This kind of message cannot be shown here yet.",
    whichPhone: "On which telephone?",
    whichPhoneText: "This link opens the bot with invitation {code}",
    whichPhonePlain: "This link opens the bot.",
    newPhone: "New telephone",
    newPhoneTitle: "Add a telephone",
    personName: "Name",
    personExample: "For example: Đỗ Văn Năm",
    phoneLanguage: "Language of the telephone",
    phoneMessenger: "Messenger",
    invitation: "Invitation link or code (if any)",
    add: "Add",
    failed: "That did not work: {reason}",
    unreachable: "the server cannot be reached",
    tooBig: "This file is larger than 20 MB.",
  },
};

let language = wanted();

/** Return the language chosen before (the server reads the same cookie), else the browser's. */
function wanted() {
  const chosen = /(?:^|; )language=(\w+)/.exec(document.cookie)?.[1];
  const preferred = navigator.languages.map((tag) => tag.split("-")[0].toLowerCase());
  return [chosen, ...preferred].find((one) => one in TEXTS) ?? "en";
}

export function currentLanguage() {
  return language;
}

/** Return the text of `key` with its {placeholders} filled; the key itself if it has no text. */
export function text(key, values = {}) {
  return (TEXTS[language][key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

/** Return a text that the server sends in both languages, in the page's language. */
export function inLanguage(words) {
  return words?.[language] ?? "";
}

/** Fill each element under `root` that names a text in data-text, data-label, data-hint or data-placeholder. */
export function fillTexts(root) {
  const elements = [root, ...root.querySelectorAll("[data-text],[data-label],[data-hint],[data-placeholder],[data-download]")];
  for (const element of elements) {
    const { text: shown, label, hint, placeholder, download, values } = element.dataset ?? {};
    const places = values ? JSON.parse(values) : {};
    if (shown) element.textContent = text(shown, places);
    if (label) element.setAttribute("aria-label", text(label, places));
    if (hint) element.title = text(hint, places);
    if (download) element.download = text(download, places);
    if (placeholder) element.placeholder = text(placeholder, places);
  }
}

/** Store the current language for the next visit. */
export function rememberLanguage() {
  document.cookie = `language=${language}; path=/; max-age=31536000; SameSite=Lax`;
}

export function switchLanguage(to) {
  language = to in TEXTS ? to : "vi";
  document.documentElement.lang = language;
  document.title = `${text("title")} – demo`;
  fillTexts(document.body);
}
