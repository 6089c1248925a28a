import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import { openIdentity } from './identity.ts'
import { sanctionsJobs } from './jobs.ts'
import { countUnscreened, screenAccount, screenDue } from './screen.ts'
import { openSanctionsScene, type SanctionsScene, TEST_SEAL_KEYS } from './testing.ts'
import { EU_XML, type SdnPerson, sdnXml, UN_XML } from './testing-lists.ts'

const WALLET = '0xabcdef0123456789abcdef0123456789abcdef01'
const SMUGGLER: SdnPerson = { uid: 101, first: 'Anatolij', last: 'DROBYSCHEW', births: ['07 Jul 1970'], countries: ['Russia'] }
const MIXER: SdnPerson = {
  uid: 102,
  last: 'Wirbel Mixer',
  type: 'Entity',
  wallets: [{ ticker: 'USDC', address: WALLET.toUpperCase().replace('0X', '0x') }],
}
/** Fillers, so that words have weights. */
const OTHERS: SdnPerson[] = Array.from({ length: 30 }, (_, at) => ({ uid: 500 + at, first: `Filler${at}`, last: `Nobodyson${at}` }))

describe('sanctions screening', () => {
  let scene: SanctionsScene
  before(async () => {
    scene = await openSanctionsScene()
  })
  after(() => scene.close())
  const code = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      ({ code, message }) => `${code} ${message}`,
    )

  it('loads each list once, and keeps what was in force before', async () => {
    const first = await scene.load(sdnXml([SMUGGLER, ...OTHERS]))
    expect(first).to.deep.include({ source: 'ofac_sdn', publishedOn: '2026-11-20', entries: 31, isNew: true, isInForce: true })
    expect(await scene.load(sdnXml([SMUGGLER, ...OTHERS]))).to.deep.equal({ ...first, isNew: false })
    expect(await scene.load(EU_XML)).to.include({ source: 'eu_consolidated', entries: 2, isInForce: true })
    expect(await scene.load(UN_XML)).to.include({ source: 'un_consolidated', entries: 2, isInForce: true })
    const older = await scene.load(sdnXml([...OTHERS], { date: '10/01/2026' }))
    expect(older).to.include({ isNew: true, isInForce: false })
    const { rows } = await scene.pool.query('select source, published_on::text from app.sanctions_current')
    expect(rows).to.deep.equal([
      { source: 'eu_consolidated', published_on: '2026-11-19' },
      { source: 'ofac_sdn', published_on: '2026-11-20' },
      { source: 'un_consolidated', published_on: '2026-11-18' },
    ])
  })

  it('refuses a list that is cut short, or far shorter than the one in force, and changes nothing', async () => {
    const digest = async () =>
      (await scene.pool.query('select encode(app.sanctions_digest(), $1) as d, (select count(*) from app.sanctions_entry)', ['hex'])).rows
    const before = await digest()
    const whole = sdnXml([SMUGGLER, MIXER, ...OTHERS], { date: '11/21/2026' })
    expect(await code(scene.load(whole.slice(0, whole.length / 2)))).to.match(
      /^LIST_REFUSED The file was not loaded: .*The list in force stays$/,
    )
    expect(await code(scene.load(sdnXml(OTHERS.slice(0, 20), { date: '11/22/2026' })))).to.contain(
      'it has 20 entries, the list in force 31',
    )
    expect(await digest()).to.deep.equal(before)
  })

  it('holds who gave a name until it was compared, and lets go who is on no list', async () => {
    const id = await scene.addPerson({ firstName: 'Greta', lastName: 'Sonnenschein' })
    expect(await scene.holdOf(id)).to.equal('unscreened')
    await screenAccount(scene.deps, id)
    expect(await scene.holdOf(id)).to.equal(null)
    expect(await scene.casesOf(id)).to.deep.equal([])
  })

  it('keeps names sealed, each for its own account', async () => {
    const id = await scene.addPerson({ lastName: 'Geheimnis' })
    const { rows } = await scene.pool.query<{ sealed: Buffer }>('select sealed from app.identity where account_id = $1', [id])
    expect(rows[0]!.sealed.toString('latin1')).to.not.contain('Geheimnis')
    expect(openIdentity(TEST_SEAL_KEYS, id, rows[0]!.sealed).lastName).to.equal('Geheimnis')
    expect(() => openIdentity(TEST_SEAL_KEYS, '00000000-0000-4000-8000-000000000000', rows[0]!.sealed)).to.throw()
  })

  it('opens a case with the evidence for who is like an entry, and holds the account', async () => {
    const id = await scene.addPerson({ firstName: 'Anatoly', lastName: 'Drobyshev', birthDate: '1970-01-01' }, { country: 'RU' })
    await screenAccount(scene.deps, id)
    expect(await scene.holdOf(id)).to.equal('review')
    const [found, ...more] = await scene.casesOf(id)
    expect(more).to.deep.equal([])
    expect(found?.reason).to.equal('Like an entry of a sanctions list')
    expect(found?.evidence).to.deep.include({ source: 'ofac_sdn', ref: '101', isCertain: false })
    expect(found?.evidence).to.have.deep.property('matched', {
      name: 'Anatolij DROBYSCHEW',
      isWeak: false,
      birth: 'year',
      country: 'same',
      programs: ['SDGT'],
    })
    expect(JSON.stringify(found)).to.not.contain('Drobyshev')
  })

  it('freezes at once who has the name and the day of birth', async () => {
    const id = await scene.addPerson({ firstName: 'Anatolij', lastName: 'Drobyschew', birthDate: '1970-07-07' })
    await screenAccount(scene.deps, id)
    expect(await scene.holdOf(id)).to.equal('frozen')
    expect((await scene.casesOf(id))[0]?.reason).to.equal('Frozen: the same as an entry of a sanctions list')
    const { rows } = await scene.pool.query(`select payload from app.outbox where topic = 'account.frozen'`)
    expect(rows.map(({ payload }) => payload.accountId)).to.deep.equal([id])
  })

  it('compares everybody again when a list changes, and freezes whose wallet is on it', async () => {
    const id = await scene.addPerson(undefined, { wallet: WALLET })
    const bystanders = await Promise.all(Array.from({ length: 5 }, (_, at) => scene.addPerson({ lastName: `Bystander${at}` })))
    await screenDue(scene.deps)
    expect([await scene.holdOf(id), await countUnscreened(scene.pool)]).to.deep.equal([null, 0])
    await scene.load(sdnXml([SMUGGLER, MIXER, ...OTHERS], { date: '11/21/2026' }))
    expect(await countUnscreened(scene.pool)).to.be.greaterThan(5)
    // Between two lists nobody is held who was compared with the one before.
    expect(await scene.holdOf(bystanders[0]!)).to.equal(null)
    const job = sanctionsJobs(scene.deps).find(({ topic }) => topic === 'sanctions.rescreen')!
    expect(await job.listOpen()).to.deep.equal([{}])
    await job.handle({})
    expect(await job.listOpen()).to.deep.equal([])
    expect(await scene.holdOf(id)).to.equal('frozen')
    expect((await scene.casesOf(id))[0]?.evidence).to.deep.include({ source: 'ofac_sdn', ref: '102', score: 1 })
    expect(await scene.holdOf(bystanders[0]!)).to.equal(null)
  })

  it('goes on where it was stopped', async () => {
    await scene.load(sdnXml([SMUGGLER, MIXER, ...OTHERS], { date: '11/23/2026' }))
    const all = await countUnscreened(scene.pool)
    const { rows } = await scene.pool.query<{ id: string }>('select account_id as id from app.screening order by account_id limit 2')
    for (const { id } of rows) await screenAccount(scene.deps, id)
    const told: number[] = []
    expect(await screenDue(scene.deps, (done) => told.push(done))).to.equal(all - 2)
    expect(told).to.deep.equal([all - 2])
  })

  it('opens nothing twice for the same entry and person, but does when either changes', async () => {
    const id = await scene.addPerson({ firstName: 'Anatoly', lastName: 'Drobyshev', birthDate: '1970-02-02' }, { country: 'RU' })
    await screenAccount(scene.deps, id)
    await scene.load(sdnXml([SMUGGLER, ...OTHERS], { date: '11/24/2026' }))
    await screenDue(scene.deps)
    expect(await scene.casesOf(id)).to.have.length(1)
    await scene.load(sdnXml([{ ...SMUGGLER, akas: [{ last: 'DROBYSH' }] }, ...OTHERS], { date: '11/25/2026' }))
    await screenDue(scene.deps)
    expect(await scene.casesOf(id)).to.have.length(2)
  })

  it('compares with the lists of the EU and the UN, in every script', async () => {
    const minsk = await scene.addPerson({ firstName: 'Viktar', lastName: 'Dubrovin', birthDate: '1969-02-03' }, { country: 'BY' })
    const baghdad = await scene.addPerson(
      { firstName: 'Tareq Abd al-Rahman', lastName: 'Al Zoubadi', birthDate: '1971-05-05' },
      { country: 'IQ' },
    )
    await screenDue(scene.deps)
    expect((await scene.casesOf(minsk)).map(({ evidence }) => evidence.source)).to.deep.equal(['eu_consolidated'])
    expect((await scene.casesOf(baghdad)).map(({ evidence }) => evidence.source)).to.deep.equal(['un_consolidated'])
  })
})
