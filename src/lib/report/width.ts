const ASCII = /^[\x20-\x7e]*$/

/** Marks that sit on the character before them. */
const COMBINING = /[\p{Mn}\p{Me}]/u

/** East Asian Wide and Fullwidth, and emoji that show as pictures: two columns (Unicode TR 11). */
const WIDE =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\p{Script=Yi}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]/u

/** Columns of printable text on a terminal. Escape it first: control characters have no width. */
export function displayWidth(text: string): number {
  if (ASCII.test(text)) return text.length
  let width = 0
  for (const character of text) {
    if (!COMBINING.test(character)) width += WIDE.test(character) ? 2 : 1
  }
  return width
}
