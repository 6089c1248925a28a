import { describe, it } from 'node:test'
import { expect } from 'chai'
import { readDay } from './read-day.ts'
import { readList } from './read-list.ts'
import { EU_XML, sdnXml, UN_XML } from './testing-lists.ts'

/** In pieces of so many bytes, so that letters of several bytes and tags are cut. */
async function* pieces(text: string, size = 7) {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function refusal(text: string): Promise<string> {
  return readList(pieces(text, 64)).then(
    () => 'not refused',
    (error: Error) => error.message,
  )
}

const SDN = sdnXml([
  {
    uid: 36,
    first: 'Nikolaj',
    last: 'PETRÓW & SONS',
    akas: [
      { first: 'Mykola', last: 'PETRIV' },
      { last: 'KOLYA', isWeak: true },
    ],
    births: ['23 Nov 1962', 'circa 1963'],
    countries: ['Russia', 'Korea, North', 'Atlantis'],
    wallets: [
      { ticker: 'XBT', address: '1BoatSLRHtKNngkdXEeobR76b53LETtpyT' },
      { ticker: 'ETH', address: '0xABCDEF0123456789abcdef0123456789ABCDEF01' },
      { ticker: 'USDT', address: '0xABCDEF0123456789abcdef0123456789ABCDEF01' },
    ],
  },
  { uid: 37, last: 'MV DRIFTWOOD', type: 'Vessel' },
])

describe('a sanctions list', () => {
  it('of OFAC is read with aliases, birth dates, countries and every currency’s addresses', async () => {
    const { source, publishedOn, entries } = await readList(pieces(SDN))
    expect([source, publishedOn]).to.deep.equal(['ofac_sdn', '2026-11-20'])
    expect(entries[0]).to.deep.equal({
      ref: '36',
      kind: 'person',
      names: [
        { name: 'Nikolaj PETRÓW & SONS', isWeak: false },
        { name: 'Mykola PETRIV', isWeak: false },
        { name: 'KOLYA', isWeak: true },
      ],
      births: ['1962-11-23', '1963'],
      countries: ['RU', 'KP'],
      programs: ['SDGT'],
      wallets: [
        { ticker: 'XBT', address: '1BoatSLRHtKNngkdXEeobR76b53LETtpyT' },
        { ticker: 'ETH', address: '0xabcdef0123456789abcdef0123456789abcdef01' },
        { ticker: 'USDT', address: '0xabcdef0123456789abcdef0123456789abcdef01' },
      ],
    })
    expect(entries[1]).to.include({ ref: '37', kind: 'vessel' })
  })

  it('of the EU is read', async () => {
    const { source, publishedOn, entries } = await readList(pieces(EU_XML))
    expect([source, publishedOn]).to.deep.equal(['eu_consolidated', '2026-11-19'])
    expect(entries).to.deep.equal([
      {
        ref: '1234',
        kind: 'person',
        names: [
          { name: 'Віктар Дубровін', isWeak: false },
          { name: 'Vitya', isWeak: true },
        ],
        births: ['1969-02-03'],
        countries: ['BY'],
        programs: ['BLR'],
        wallets: [],
      },
      {
        ref: '77',
        kind: 'entity',
        names: [{ name: 'Zagrosh Turbine Company', isWeak: false }],
        births: [],
        countries: ['IR'],
        programs: ['IRN'],
        wallets: [],
      },
    ])
  })

  it('of the UN is read', async () => {
    const { source, publishedOn, entries } = await readList(pieces(UN_XML))
    expect([source, publishedOn]).to.deep.equal(['un_consolidated', '2026-11-18'])
    expect(entries[0]).to.deep.equal({
      ref: '6908001',
      kind: 'person',
      names: [
        { name: 'TARIQ ABDUL RAHMAN AL-ZUBADI', isWeak: false },
        { name: 'طارق عبد الرحمن الزبادي', isWeak: false },
        { name: 'Tarek Zubadi', isWeak: false },
        { name: 'Abu Tariq', isWeak: true },
      ],
      births: ['1971'],
      countries: ['IQ', 'SY'],
      programs: ['Al-Qaida'],
      wallets: [],
    })
    expect(entries[1]).to.deep.include({ kind: 'entity', countries: ['KP'] })
  })

  it('has the SHA-256 of its bytes', async () => {
    const { sha256 } = await readList(
      pieces(
        '<CONSOLIDATED_LIST dateGenerated="2026-01-02"><ENTITY><DATAID>1</DATAID><FIRST_NAME>A</FIRST_NAME></ENTITY></CONSOLIDATED_LIST>',
      ),
    )
    expect(sha256.toString('hex')).to.equal('1f5eb26b8bceaa9758179802bad1804789fb3de5df0e04bc300a2bc2fe38b027')
  })

  it('cut short at any of a hundred places is refused', async () => {
    for (const text of [SDN, EU_XML, UN_XML]) {
      const end = text.trimEnd().length
      for (let at = 1; at < 100; at++) {
        const part = text.slice(0, Math.floor((end * at) / 100))
        expect(await refusal(part), `${at} %`).to.not.equal('not refused')
      }
      expect(await refusal(text.slice(0, end))).to.equal('not refused')
    }
  })

  it('that lacks what it says it has, or has an entry twice, or nobody, is refused', async () => {
    expect(await refusal(sdnXml([{ uid: 1, last: 'A' }], { announced: 2 }))).to.contain('says that it has 2 entries, but has 1')
    expect(
      await refusal(
        sdnXml([
          { uid: 1, last: 'A' },
          { uid: 1, last: 'B' },
        ]),
      ),
    ).to.contain('1 is there twice')
    expect(await refusal(sdnXml([]))).to.contain('nobody is on it')
    expect(await refusal(sdnXml([{ uid: 1, last: 'A' }], { date: '13/45/2026' }))).to.contain('when it was published')
    expect(await refusal(sdnXml([{ uid: 1, last: ' ' }]))).to.contain('lastName')
  })

  it('of another format, with a document type, or that is not XML, is refused', async () => {
    expect(await refusal('<html><body>Service unavailable</body></html>')).to.contain('<html> is no sanctions list')
    expect(await refusal(`<!DOCTYPE sdnList [<!ENTITY a "b">]>${SDN.slice(SDN.indexOf('<sdnList'))}`)).to.contain('document type')
    expect(await refusal('36,"NAME","individual","SDGT"')).to.not.equal('not refused')
    expect(await refusal('')).to.contain('ends before its root')
  })

  it('writes days in many ways', () => {
    const days = ['23 Nov 1962', '3 March 1970', '1962-11-23', 'circa 1962', 'Nov 1962', '1955 to 1957', 'unknown', undefined]
    expect(days.map((day) => readDay(day))).to.deep.equal([
      '1962-11-23',
      '1970-03-03',
      '1962-11-23',
      '1962',
      '1962',
      '1955',
      undefined,
      undefined,
    ])
  })
})
