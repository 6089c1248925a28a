import anyAscii from 'any-ascii'

/** What is written before names and tells nobody apart. */
const ARTICLES = new Set(['al', 'el', 'ul', 'ad', 'ar', 'as', 'the', 'mr', 'mrs', 'dr', 'haji', 'hajji', 'sheikh', 'mullah'])
/** "Abd al-Rahman", "Abdul Rahman" and "Abdulrahman" are one name. */
const SERVANT = new Set(['abd', 'abdul', 'abdel', 'abdal', 'abdu'])
/** Legal forms, which change from register to register. */
const FORMS = new Set([
  'llc',
  'ltd',
  'limited',
  'inc',
  'gmbh',
  'ag',
  'sa',
  'sarl',
  'co',
  'company',
  'corp',
  'corporation',
  'plc',
  'jsc',
  'ooo',
  'oao',
  'pjsc',
])

/** The words of a name: any script in Latin letters without marks, lower case, without articles, titles and legal forms. */
export function nameTokens(name: string): string[] {
  const words = anyAscii(name.normalize('NFKC'))
    .toLowerCase()
    .replace(/['’`]/g, '')
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
  const kept = words.filter((word) => !ARTICLES.has(word) && !FORMS.has(word))
  const tokens: string[] = []
  for (let at = 0; at < kept.length; at++) {
    const word = kept[at]!
    const next = kept[at + 1]
    if (SERVANT.has(word) && next !== undefined) {
      tokens.push(`abdul${next}`)
      at++
    } else tokens.push(word)
  }
  // A name that is nothing but such words stays as it is.
  return [...new Set(tokens.length > 0 ? tokens : words)]
}

/**
 * What of a word stays the same however it is spelled: consonants in classes of sound, no vowels but a leading one, nothing doubled.
 * "Mohammed", "Muhammad" and "محمد" are all "mhmd".
 */
export function skeletonOf(token: string): string {
  const sounds = token
    .replace(/(ij|iy|yj|yy|ii)$/, 'i')
    .replace(/ph/g, 'f')
    .replace(/tch|tsch|zh|sh|sch|ch|kh|gh|dj/g, (sound) =>
      sound === 'kh' || sound === 'gh' ? 'k' : sound === 'zh' || sound === 'dj' ? 'j' : 's',
    )
    .replace(/[cq]/g, 'k')
    .replace(/x/g, 'ks')
    .replace(/z/g, 's')
    .replace(/w/g, 'v')
    .replace(/g/g, 'k')
    .replace(/[iy]/g, 'i')
  const lead = /^[aeiou]/.test(sounds) ? 'a' : ''
  // Doubled letters go first: two sounds with a vowel between them stay two.
  return lead + sounds.replace(/(.)\1+/g, '$1').replace(/[aeiou]/g, '')
}
