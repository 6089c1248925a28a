import { describe, it } from 'node:test'
import { expect } from 'chai'
import { prepareComparison, type Subject } from './compare.ts'
import type { Entry } from './entry.ts'
import { nameTokens, skeletonOf } from './name-tokens.ts'
import { makeSanctionsWorld } from './testing-world.ts'

const ETHER = '0xabcdef0123456789abcdef0123456789abcdef01'
const entry = (ref: string, names: (string | [string])[], more: Partial<Entry> = {}): Entry => ({
  ref,
  kind: 'person',
  // A name in brackets is a weak alias.
  names: names.map((name) => (typeof name === 'string' ? { name, isWeak: false } : { name: name[0], isWeak: true })),
  births: [],
  countries: [],
  programs: [],
  wallets: [],
  ...more,
})
const LIST = [
  entry('khal', ['Muhammad Khaleel AL-DARWISH', 'محمد خليل الدرويش', ['Abu Khalil']], { births: ['1961-04-05'], countries: ['IQ'] }),
  entry('grig', ['Grigorij Jakowlewitsch SCHUKOWETZ', 'Григорий Яковлевич Жуковец'], { births: ['1958-09-01'], countries: ['RU'] }),
  entry('mora', ['Nicolás MORADO ROJAS'], { births: ['1962'], countries: ['VE'] }),
  entry('rahm', ['Abd al-Rahman ZUBAIDI'], { births: [], countries: ['SY'] }),
  entry('naut', ['NAUTILUS SHIPPING LLC'], { kind: 'entity', countries: ['CY'] }),
  entry('coin', ['Ivan PETROV'], {
    births: ['1980-01-01'],
    wallets: [
      { ticker: 'ETH', address: ETHER },
      { ticker: 'USDT', address: ETHER },
    ],
  }),
  // So that words have their usual weights.
  ...makeSanctionsWorld(7, { people: 0, entries: 2_000 }).entries,
]
const comparer = prepareComparison(LIST)

function refsOf(name: string, birthDate: string | null = null, country: string | null = null, more: Partial<Subject> = {}): string[] {
  const findings = comparer.compare({ kind: 'person', name, birthDate, country, wallets: [], ...more })
  return findings.map(({ entry: { ref } }) => ref)
}

describe('comparing with a sanctions list', () => {
  for (const [what, name, birthDate, country, ref] of [
    ['another transliteration', 'Mohammed Khalil Darwish', '1961-04-05', 'IQ', 'khal'],
    ['another order', 'Darwish, Mohamed Khalil', '1961-04-05', 'DE', 'khal'],
    ['another script', 'محمد خليل الدرويش', '1961-04-05', null, 'khal'],
    ['an unknown birth date', 'Muhammad Khaleel Al Darwish', null, null, 'khal'],
    ['Cyrillic and German spelling', 'Grigory Yakovlevich Zhukovets', '1958-09-01', 'RU', 'grig'],
    ['a name left out, with the year of birth', 'Nicolas Morado', '1962-11-23', 'VE', 'mora'],
    ['no accents', 'NICOLAS MORADO ROJAS', '1962-01-01', 'VE', 'mora'],
    ['Abdulrahman in one word', 'Abdulrahman Al-Zubaidi', '1990-01-01', 'SY', 'rahm'],
    ['a typing error', 'Nicolas Moraddo Rojsa', '1962-11-23', 'VE', 'mora'],
  ] as const) {
    it(`finds a person in spite of ${what}`, () => {
      expect(refsOf(name, birthDate, country)).to.include(ref)
    })
  }

  for (const [what, name, birthDate, country] of [
    ['has the first name only', 'Nicolas Weber', '1962-11-23', 'VE'],
    ['has the same name, another birth year and another country', 'Nicolás Morado Rojas', '1991-03-03', 'ES'],
    ['has a weak alias and nothing else', 'Abu Khalil', '1999-01-01', 'DE'],
    ['shares a common word', 'Mohammed Schneider', '1985-01-01', 'DE'],
    ['is called like an organisation', 'Nautilus Shipping', '1985-01-01', 'CY'],
  ] as const) {
    it(`leaves alone who ${what}`, () => {
      expect(refsOf(name, birthDate, country)).to.not.include.members(['khal', 'mora', 'naut'])
      expect(refsOf(name, birthDate, country).filter((ref) => /[a-z]/.test(ref))).to.deep.equal([])
    })
  }

  it('finds organisations whatever their legal form', () => {
    expect(refsOf('Nautilus Shipping Ltd.', null, 'CY', { kind: 'entity' })).to.deep.equal(['naut'])
  })

  it('finds wallets by any ticker, once, and is certain of them', () => {
    const findings = comparer.compare({ kind: 'person', name: '', birthDate: null, country: null, wallets: [ETHER] })
    expect(findings.map(({ entry: { ref }, kind, isCertain, score }) => ({ ref, kind, isCertain, score }))).to.deep.equal([
      { ref: 'coin', kind: 'wallet', isCertain: true, score: 1 },
    ])
    expect(findings[0]?.matched).to.deep.include({ address: ETHER, ticker: 'USDT' })
  })

  it('is certain of a name only with the very day of birth', () => {
    const certain = (birthDate: string, name = 'Grigory Yakovlevich Zhukovets') =>
      comparer.compare({ kind: 'person', name, birthDate, country: 'RU', wallets: [] }).map(({ isCertain }) => isCertain)
    expect(certain('1958-09-01', 'Григорий Яковлевич Жуковец')).to.deep.equal([true])
    expect(certain('1958-09-02', 'Григорий Яковлевич Жуковец')).to.deep.equal([false])
    expect(certain('1958-09-01', 'Grigori Yakowlewitsch Schukovez')).to.deep.equal([false])
  })

  it('tells what fitted', () => {
    const [finding] = comparer.compare({
      kind: 'person',
      name: 'Mohammed Khalil Darwish',
      birthDate: '1961-12-31',
      country: 'IR',
      wallets: [],
    })
    expect(finding?.matched).to.deep.equal({
      name: 'Muhammad Khaleel AL-DARWISH',
      isWeak: false,
      birth: 'year',
      country: 'other',
      programs: [],
    })
  })

  it('finds at least nine of ten people under another spelling, and leaves more than nine of ten others alone', () => {
    const world = makeSanctionsWorld(3, { people: 10_000, entries: 5_000 })
    const own = prepareComparison(world.entries)
    let found = 0
    let others = 0
    world.people.forEach(({ firstName, lastName, birthDate, country }, at) => {
      const findings = own.compare({ kind: 'person', name: `${firstName} ${lastName}`, birthDate, country, wallets: [] })
      const ref = world.planted.get(at)
      if (ref === undefined) others += findings.length > 0 ? 1 : 0
      else if (findings.some(({ entry: { ref: known } }) => known === ref)) found++
    })
    expect(world.planted.size).to.equal(20)
    expect(found / world.planted.size).to.be.at.least(0.9)
    expect(others / world.people.length).to.be.at.most(0.1)
  })
})

describe('the words of a name', () => {
  it('are the same in every script and spelling', () => {
    expect(nameTokens('Al-Ḥusayn, ‘Abd  al-Karīm')).to.deep.equal(['husayn', 'abdulkarim'])
    expect(nameTokens('Müller-Lüdenscheidt GmbH')).to.deep.equal(['muller', 'ludenscheidt'])
    expect(nameTokens('LTD.')).to.deep.equal(['ltd'])
    expect(nameTokens(' — ')).to.deep.equal([])
  })

  it('sound alike when they are the same', () => {
    for (const family of [
      ['mohammed', 'muhammad', 'mohamad', 'mhmd'],
      ['zhukov', 'jukow', 'zhukow'],
      ['khalil', 'khaleel', 'kalil'],
      ['philip', 'filip'],
    ])
      expect(new Set(family.map(skeletonOf)).size, family.join()).to.equal(1)
    expect(skeletonOf('ahmad')).to.not.equal(skeletonOf('hamid'))
  })
})
