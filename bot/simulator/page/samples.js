/** Samples to send for a person without files: a drawn photo, a sticker, a short voice message. */

const LEAF = "M14 38C14 22 28 12 51 12c1 22-9 37-25 37-7 0-12-4-12-11Z";

function drawn(width, height, type, name, draw) {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  draw(canvas.getContext("2d"));
  return new Promise((resolve) => {
    canvas.toBlob((blob) => resolve(new File([blob], name, { type })), type, 0.85);
  });
}

/** Draw tea hills in the morning, the picture of the invented commune. */
export function samplePhoto() {
  return drawn(960, 640, "image/jpeg", "doi-che.jpg", (pen) => {
    const sky = pen.createLinearGradient(0, 0, 0, 400);
    sky.addColorStop(0, "#f7d9a8");
    sky.addColorStop(1, "#f3efe0");
    pen.fillStyle = sky;
    pen.fillRect(0, 0, 960, 640);
    pen.fillStyle = "#f2a65a";
    pen.beginPath();
    pen.arc(700, 190, 60, 0, 7);
    pen.fill();
    for (const [top, colour, wide] of [[260, "#9dbf8f", 300], [340, "#6fa36a", 240], [430, "#3f8457", 330], [530, "#1f6a48", 270]]) {
      pen.fillStyle = colour;
      pen.beginPath();
      pen.moveTo(0, 640);
      for (let x = 0; x <= 960; x += 8) pen.lineTo(x, top + 42 * Math.sin(x / wide * 3.1 + top));
      pen.lineTo(960, 640);
      pen.fill();
      pen.strokeStyle = "rgba(255,255,255,.16)";
      pen.lineWidth = 3;
      for (let row = 18; row < 120; row += 18) {
        pen.beginPath();
        for (let x = 0; x <= 960; x += 8) pen.lineTo(x, top + row + 42 * Math.sin(x / wide * 3.1 + top));
        pen.stroke();
      }
    }
  });
}

export function sampleSticker() {
  return drawn(384, 384, "image/webp", "la-che.webp", (pen) => {
    pen.scale(6, 6);
    pen.fillStyle = "#5fb56b";
    pen.strokeStyle = "#fff";
    pen.lineWidth = 3;
    pen.stroke(new Path2D(LEAF));
    pen.fill(new Path2D(LEAF));
    pen.fillStyle = "#14573f";
    for (const x of [25, 37]) {
      pen.beginPath();
      pen.arc(x, 28, 2.2, 0, 7);
      pen.fill();
    }
    pen.strokeStyle = "#14573f";
    pen.lineWidth = 1.8;
    pen.beginPath();
    pen.arc(31, 33, 5, 0.3, 2.8);
    pen.stroke();
  });
}

/** Return one second of a soft tone as WAV. */
export function sampleVoice() {
  const rate = 8000;
  const sound = new DataView(new ArrayBuffer(44 + rate));
  const letters = (at, word) => [...word].forEach((letter, i) => sound.setUint8(at + i, letter.charCodeAt(0)));
  letters(0, "RIFF");
  sound.setUint32(4, 36 + rate, true);
  letters(8, "WAVEfmt ");
  sound.setUint32(16, 16, true);
  sound.setUint16(20, 1, true);
  sound.setUint16(22, 1, true);
  sound.setUint32(24, rate, true);
  sound.setUint32(28, rate, true);
  sound.setUint16(32, 1, true);
  sound.setUint16(34, 8, true);
  letters(36, "data");
  sound.setUint32(40, rate, true);
  for (let i = 0; i < rate; i += 1) sound.setUint8(44 + i, 128 + 40 * Math.sin(i / 6) * Math.sin((Math.PI * i) / rate));
  return Promise.resolve(new File([sound], "tin-thoai.wav", { type: "audio/wav" }));
}
