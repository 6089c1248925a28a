import { expect } from 'chai'
import { BOTH_WAYS, CODE, DAY, deployed, FLAG, investmentId, LOT, networkHelpers, PROJECT, today } from './fixture.ts'

const lock = async ({ ledger }: Awaited<ReturnType<typeof deployed>>, holder: unknown) => {
  const { locked, unlockDay, clearedDay } = await ledger.holdingOf(PROJECT, holder)
  return [locked, unlockDay, clearedDay].map(Number)
}

describe('Lock-ups', () => {
  it('hold one lot until the day begins, and then nobody has to do anything', async () => {
    const { ledger, alice, bob, mint, send } = await networkHelpers.loadFixture(deployed)
    const day = (await today()) + 365
    await mint(alice, 10, { unlockDay: day })
    expect(await ledger.movableOf(alice, PROJECT)).to.equal(0)
    await expect(send(alice, bob, 1))
      .to.be.revertedWithCustomError(ledger, 'TransferRestricted')
      .withArgs(CODE.locked, alice, bob, PROJECT, 1, day)
    await send(alice, bob, 0)
    await networkHelpers.time.setNextBlockTimestamp(day * DAY - 1)
    await expect(send(alice, bob, 1)).to.be.revertedWithCustomError(ledger, 'TransferRestricted')
    await networkHelpers.time.setNextBlockTimestamp(day * DAY)
    await send(alice, bob, 10)
  })

  it('hold the locked units only', async () => {
    const world = await networkHelpers.loadFixture(deployed)
    const { ledger, alice, bob, mint, send } = world
    const day = (await today()) + 10
    await mint(alice, 10)
    await mint(alice, 5, { unlockDay: day })
    expect(await lock(world, alice)).to.deep.equal([5, day, 0])
    expect(await ledger.movableOf(alice, PROJECT)).to.equal(10)
    await expect(send(alice, bob, 11))
      .to.be.revertedWithCustomError(ledger, 'TransferRestricted')
      .withArgs(CODE.locked, alice, bob, PROJECT, 11, day)
    await expect(send(alice, bob, 10)).not.to.emit(ledger, 'LockCarried')
    expect(await ledger.detectTransferRestriction(alice, bob, PROJECT, 1)).to.equal(CODE.locked)
    expect(await lock(world, bob)).to.deep.equal([0, 0, 0])
  })

  it('of several lots end one by one when somebody releases them', async () => {
    const { ledger, alice, bob, stranger, mint, send } = await networkHelpers.loadFixture(deployed)
    const start = await today()
    await mint(alice, 10, { id: investmentId('a'), unlockDay: start + 10 })
    await mint(alice, 7, { id: investmentId('b'), unlockDay: start + 20 })
    await mint(alice, 3, { id: investmentId('c') })
    const release = (...names: string[]) => ledger.connect(stranger).release(names.map(investmentId))
    await expect(release('a'))
      .to.be.revertedWithCustomError(ledger, 'LotStillLocked')
      .withArgs(investmentId('a'), start + 10)
    await networkHelpers.time.increaseTo((start + 10) * DAY)
    expect(await ledger.movableOf(alice, PROJECT)).to.equal(3)
    await expect(release('a', 'c')).to.emit(ledger, 'LotReleased').withArgs(investmentId('a'), PROJECT, alice, 10)
    expect((await ledger.lotOf(investmentId('a'))).toArray()).to.deep.equal([alice.address, BigInt(LOT.released)])
    expect(await ledger.movableOf(alice, PROJECT)).to.equal(13)
    await expect(release('a', 'a'), 'once released, a lot stays released').not.to.emit(ledger, 'LotReleased')
    expect(await ledger.movableOf(alice, PROJECT)).to.equal(13)
    await expect(release('b')).to.be.revertedWithCustomError(ledger, 'LotStillLocked')
    await send(alice, bob, 13)
    await networkHelpers.time.increaseTo((start + 20) * DAY)
    await send(alice, bob, 7)
    await release('b')
    await mint(alice, 5)
    expect(await ledger.movableOf(alice, PROJECT)).to.equal(5)
  })

  it('end with the last lot when every lot was released', async () => {
    const world = await networkHelpers.loadFixture(deployed)
    const start = await today()
    await world.mint(world.alice, 10, { id: investmentId('a'), unlockDay: start + 10 })
    await world.mint(world.alice, 7, { id: investmentId('b'), unlockDay: start + 20 })
    await networkHelpers.time.increaseTo((start + 20) * DAY)
    await world.ledger.release([investmentId('b'), investmentId('a')])
    expect(await lock(world, world.alice)).to.deep.equal([0, 0, 0])
  })

  it('that are over never come back with a new lot', async () => {
    const { ledger, alice, bob, mint, send } = await networkHelpers.loadFixture(deployed)
    const start = await today()
    await mint(alice, 10, { id: investmentId('a'), unlockDay: start + 10 })
    await networkHelpers.time.increaseTo((start + 15) * DAY)
    await send(alice, bob, 4)
    await mint(alice, 7, { id: investmentId('b'), unlockDay: start + 400 })
    expect(await ledger.movableOf(alice, PROJECT), 'the rest of the old lot').to.equal(6)
    await expect(ledger.release([investmentId('a')])).not.to.emit(ledger, 'LotReleased')
    expect(await ledger.movableOf(alice, PROJECT), 'releasing the old lot frees nothing of the new one').to.equal(6)
    await send(alice, bob, 6)
    await expect(send(alice, bob, 1)).to.be.revertedWithCustomError(ledger, 'TransferRestricted')
  })

  it('whose day is over before the mint hold nothing', async () => {
    const { ledger, alice, mint } = await networkHelpers.loadFixture(deployed)
    const start = await today()
    await mint(alice, 9, { id: investmentId('late'), unlockDay: start - 3 })
    await mint(alice, 9, { id: investmentId('same day'), unlockDay: start })
    expect((await ledger.lotOf(investmentId('same day'))).state).to.equal(LOT.released)
    expect(await ledger.movableOf(alice, PROJECT)).to.equal(18)
    await mint(alice, 5, { unlockDay: start + 3 })
    await expect(ledger.release([investmentId('late'), investmentId('same day')])).not.to.emit(ledger, 'LotReleased')
    expect(await ledger.movableOf(alice, PROJECT)).to.equal(18)
  })

  it('don’t bind what is sent to an exempt account, and go there with the units', async () => {
    const world = await networkHelpers.loadFixture(deployed)
    const { ledger, alice, bob, carol, mint, send, setAccount } = world
    const day = (await today()) + 10
    await mint(alice, 10, { unlockDay: day })
    await mint(alice, 2)
    await setAccount(bob, { flags: BOTH_WAYS | FLAG.lockExempt })
    await expect(send(alice, bob, 6))
      .to.emit(ledger, 'LockCarried')
      .withArgs(PROJECT, alice, bob, 4, day)
    expect(await lock(world, alice), 'the free ones went first').to.deep.equal([6, day, day])
    expect(await lock(world, bob)).to.deep.equal([4, day, 0])
    expect([await ledger.movableOf(alice, PROJECT), await ledger.movableOf(bob, PROJECT)]).to.deep.equal([0n, 2n])
    await expect(send(bob, carol, 3))
      .to.be.revertedWithCustomError(ledger, 'TransferRestricted')
      .withArgs(CODE.locked, bob, carol, PROJECT, 3, day)
    await setAccount(alice, { flags: BOTH_WAYS | FLAG.lockExempt })
    await expect(send(alice, carol, 1), 'being exempt frees nothing that one sends oneself').to.be.revertedWithCustomError(
      ledger,
      'TransferRestricted',
    )
    await expect(send(bob, alice, 6))
      .to.emit(ledger, 'LockCarried')
      .withArgs(PROJECT, bob, alice, 4, day)
    expect(await lock(world, bob)).to.deep.equal([0, 0, day])
    expect(await lock(world, alice)).to.deep.equal([10, day, day])
    await networkHelpers.time.increaseTo(day * DAY)
    await send(alice, carol, 12)
  })

  it('that moved are of no lot any more, so that no release frees another lot instead', async () => {
    const world = await networkHelpers.loadFixture(deployed)
    const { ledger, alice, bob, mint, send, setAccount } = world
    const start = await today()
    await setAccount(bob, { flags: BOTH_WAYS | FLAG.lockExempt })
    await mint(alice, 10, { id: investmentId('a'), unlockDay: start + 10 })
    await mint(alice, 10, { id: investmentId('b'), unlockDay: start + 20 })
    await mint(bob, 5, { id: investmentId('c'), unlockDay: start + 15 })
    await send(alice, bob, 15)
    expect(await lock(world, alice)).to.deep.equal([5, start + 20, start + 20])
    expect(await lock(world, bob)).to.deep.equal([20, start + 20, 0])
    await networkHelpers.time.increaseTo((start + 15) * DAY)
    await expect(ledger.release([investmentId('a')])).not.to.emit(ledger, 'LotReleased')
    expect(await lock(world, alice)).to.deep.equal([5, start + 20, start + 20])
    await expect(ledger.release([investmentId('c')]))
      .to.emit(ledger, 'LotReleased')
      .withArgs(investmentId('c'), PROJECT, bob, 5)
    expect(await ledger.movableOf(bob, PROJECT), 'the receiver’s own lot goes its own way').to.equal(5)
    await networkHelpers.time.increaseTo((start + 20) * DAY)
    expect([await ledger.movableOf(alice, PROJECT), await ledger.movableOf(bob, PROJECT)]).to.deep.equal([5n, 20n])
  })

  it('of a lot minted after some moved stand on their own', async () => {
    const world = await networkHelpers.loadFixture(deployed)
    const { ledger, alice, bob, mint, send, setAccount } = world
    const start = await today()
    await setAccount(bob, { flags: BOTH_WAYS | FLAG.lockExempt })
    await mint(alice, 10, { id: investmentId('a'), unlockDay: start + 10 })
    await send(alice, bob, 4)
    await mint(alice, 7, { id: investmentId('b'), unlockDay: start + 30 })
    expect(await lock(world, alice)).to.deep.equal([13, start + 30, start + 10])
    await networkHelpers.time.increaseTo((start + 30) * DAY)
    await expect(ledger.release([investmentId('b')]))
      .to.emit(ledger, 'LotReleased')
      .withArgs(investmentId('b'), PROJECT, alice, 7)
    expect(await ledger.movableOf(alice, PROJECT)).to.equal(13)
  })

  it('never count a lot again that was cut, however short the lock-ups after it are', async () => {
    const world = await networkHelpers.loadFixture(deployed)
    const { ledger, operator, alice, bob, mint } = world
    const start = await today()
    const take = (units: number) => ledger.connect(operator).forcedTransfer(alice, bob, PROJECT, units)
    await mint(alice, 10, { id: investmentId('a'), unlockDay: start + 10 })
    await take(10)
    expect(await lock(world, alice)).to.deep.equal([0, 0, start + 10])
    await mint(alice, 10, { unlockDay: start + 5 })
    await take(4)
    expect(await lock(world, alice)).to.deep.equal([6, start + 5, start + 10])
    await networkHelpers.time.increaseTo((start + 6) * DAY)
    await mint(alice, 10, { unlockDay: start + 30 })
    expect(await lock(world, alice), 'the short one is over').to.deep.equal([10, start + 30, start + 10])
    await networkHelpers.time.increaseTo((start + 10) * DAY)
    await expect(ledger.release([investmentId('a')])).not.to.emit(ledger, 'LotReleased')
    expect(await lock(world, alice)).to.deep.equal([10, start + 30, start + 10])
  })

  it('of investments that nobody made are told apart', async () => {
    const { ledger } = await networkHelpers.loadFixture(deployed)
    await expect(ledger.release([investmentId('x')]))
      .to.be.revertedWithCustomError(ledger, 'UnknownInvestment')
      .withArgs(investmentId('x'))
    expect((await ledger.lotOf(investmentId('x'))).toArray()).to.deep.equal(['0x0000000000000000000000000000000000000000', 0n])
  })

  it('are released at most 256 at a time', async () => {
    const { ledger, alice, mint } = await networkHelpers.loadFixture(deployed)
    await mint(alice, 1, { id: investmentId('a') })
    const many = Array.from({ length: 257 }, () => investmentId('a'))
    await expect(ledger.release(many)).to.be.revertedWithCustomError(ledger, 'TooMany').withArgs(257, 256)
    await ledger.release(many.slice(1))
    await ledger.release([])
  })
})
