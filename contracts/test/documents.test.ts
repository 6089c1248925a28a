import { expect } from 'chai'
import { deployed, ethers, networkHelpers, PROJECT } from './fixture.ts'

const PROSPECTUS = ethers.encodeBytes32String('prospectus')
const AUDIT = ethers.encodeBytes32String('audit')
const EMPTY = ethers.ZeroHash
const hash = (name: string) => ethers.sha256(ethers.toUtf8Bytes(name))

async function register() {
  const world = await deployed()
  const { documents, operator } = world
  const add = (kind: string, name: string, uri = `ipfs://${name}`, projectId = PROJECT) =>
    documents.connect(operator).addDocument(projectId, kind, hash(name), uri)
  const read = async (kind: string, version: number) => (await documents.documentOf(PROJECT, kind, version)).toArray()
  return { ...world, add, read }
}

describe('The register of documents', () => {
  it('keeps every version of every kind, with hash, place and time', async () => {
    const { documents, add, read, ledger } = await networkHelpers.loadFixture(register)
    expect(await documents.ledger()).to.equal(await ledger.getAddress())
    await networkHelpers.time.setNextBlockTimestamp(2_000_000_000)
    await expect(add(PROSPECTUS, 'first')).to.emit(documents, 'DocumentSet').withArgs(PROJECT, PROSPECTUS, 1, hash('first'), 'ipfs://first')
    await expect(add(PROSPECTUS, 'second'))
      .to.emit(documents, 'DocumentSet')
      .withArgs(PROJECT, PROSPECTUS, 2, hash('second'), 'ipfs://second')
    expect(await read(PROSPECTUS, 1)).to.deep.equal([hash('first'), 2_000_000_000n, 'ipfs://first'])
    expect(await read(PROSPECTUS, 2)).to.deep.equal([hash('second'), 2_000_000_001n, 'ipfs://second'])
    expect(await documents.versionsOf(PROJECT, PROSPECTUS)).to.equal(2)
    const [version, document] = await documents.latestDocument(PROJECT, PROSPECTUS)
    expect([version, document.hash]).to.deep.equal([2n, hash('second')])
  })

  it('tells the version it gives before the call is sent', async () => {
    const { documents, operator, add } = await networkHelpers.loadFixture(register)
    const ask = () => documents.connect(operator).addDocument.staticCall(PROJECT, PROSPECTUS, hash('next'), 'ipfs://next')
    expect(await ask()).to.equal(1)
    await add(PROSPECTUS, 'first')
    expect(await ask()).to.equal(2)
  })

  it('counts versions apart in each kind and lists the kinds in the order of their first', async () => {
    const { documents, add, read } = await networkHelpers.loadFixture(register)
    await add(PROSPECTUS, 'prospectus 1')
    await add(AUDIT, 'audit 1')
    await add(PROSPECTUS, 'prospectus 2')
    expect(await documents.kindsOf(PROJECT)).to.deep.equal([PROSPECTUS, AUDIT])
    expect(await documents.versionsOf(PROJECT, AUDIT)).to.equal(1)
    expect((await read(AUDIT, 1))[0]).to.equal(hash('audit 1'))
  })

  it('answers all zero for what is not there', async () => {
    const { documents, add, read } = await networkHelpers.loadFixture(register)
    await add(PROSPECTUS, 'first')
    const nothing = [EMPTY, 0n, '']
    for (const [kind, version] of [
      [PROSPECTUS, 0],
      [PROSPECTUS, 2],
      [AUDIT, 1],
    ] as const) {
      expect(await read(kind, version)).to.deep.equal(nothing)
    }
    expect(await documents.documentOf(PROJECT, PROSPECTUS, ethers.MaxUint256)).to.deep.equal(nothing)
    expect(await documents.latestDocument(PROJECT, AUDIT)).to.deep.equal([0n, nothing])
    expect(await documents.kindsOf(8)).to.deep.equal([])
  })

  it('refuses what is empty and projects that do not exist', async () => {
    const { documents, operator, add } = await networkHelpers.loadFixture(register)
    const refused = (kind: string, digest: string, uri: string) =>
      expect(documents.connect(operator).addDocument(PROJECT, kind, digest, uri))
        .to.be.revertedWithCustomError(documents, 'EmptyDocument')
        .withArgs(PROJECT, kind, digest, uri)
    await refused(EMPTY, hash('x'), 'ipfs://x')
    await refused(AUDIT, EMPTY, 'ipfs://x')
    await refused(AUDIT, hash('x'), '')
    await expect(add(AUDIT, 'x', 'ipfs://x', 8))
      .to.be.revertedWithCustomError(documents, 'UnknownProject')
      .withArgs(8)
    expect(await documents.kindsOf(PROJECT)).to.deep.equal([])
  })

  it('refuses the newest version again, but takes an older one or another place', async () => {
    const { documents, add } = await networkHelpers.loadFixture(register)
    await add(AUDIT, 'one')
    await expect(add(AUDIT, 'one')).to.be.revertedWithCustomError(documents, 'DocumentUnchanged').withArgs(PROJECT, AUDIT, 1)
    await add(AUDIT, 'one', 'https://elsewhere.example/one')
    await add(AUDIT, 'two', 'https://elsewhere.example/one')
    await expect(add(AUDIT, 'two', 'https://elsewhere.example/one'))
      .to.be.revertedWithCustomError(documents, 'DocumentUnchanged')
      .withArgs(PROJECT, AUDIT, 3)
    await add(AUDIT, 'one')
    expect(await documents.versionsOf(PROJECT, AUDIT)).to.equal(4)
    expect(await documents.kindsOf(PROJECT)).to.deep.equal([AUDIT])
  })

  it('is written by officers only, and by nobody changed or shortened', async () => {
    const { documents, stranger } = await networkHelpers.loadFixture(register)
    await expect(documents.connect(stranger).addDocument(PROJECT, AUDIT, hash('x'), 'ipfs://x'))
      .to.be.revertedWithCustomError(documents, 'AccessManagedUnauthorized')
      .withArgs(stranger)
    const writers = documents.interface.fragments.filter((one: { type: string; stateMutability?: string }) => {
      return one.type === 'function' && one.stateMutability === 'nonpayable'
    })
    expect(writers.map((one: { name: string }) => one.name).sort()).to.deep.equal(['addDocument', 'setAuthority'])
  })
})
