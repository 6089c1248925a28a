import { expect } from 'chai'
import { ALL, eventsOf, REASON, type World, withHolders } from './enforcement-scene.ts'
import { BOTH_WAYS, CODE, ethers, FLAG, investmentId, networkHelpers, PROJECT, STATE, ZERO, ZERO_HASH } from './fixture.ts'

const exiting = async ({ beginExit }: World) => beginExit()
const exited = async ({ beginExit, ledger, alice }: World) => {
  await beginExit()
  await ledger.exitBatch(PROJECT, [alice])
  await ledger.finalizeExit(PROJECT)
}

describe('Freezing', () => {
  it('is told with the units frozen after it, and holds them', async () => {
    const { ledger, enforcer, alice } = await networkHelpers.loadFixture(withHolders)
    await expect(enforcer.setFrozenTokens(alice, PROJECT, 30))
      .to.emit(ledger, 'Frozen')
      .withArgs(alice, PROJECT, 30)
    expect([await ledger.getFrozenTokens(alice, PROJECT), await ledger.movableOf(alice, PROJECT)]).to.deep.equal([30n, 70n])
    await expect(enforcer.setFrozenTokens(alice, PROJECT, 0))
      .to.emit(ledger, 'Frozen')
      .withArgs(alice, PROJECT, 0)
    expect(await enforcer.setFrozenTokens.staticCall(alice, PROJECT, 1)).to.equal(true)
  })

  it('may exceed the balance, holds what comes later, and is kept up to 56 bits', async () => {
    const { ledger, enforcer, alice, bob, mint, send } = await networkHelpers.loadFixture(withHolders)
    await enforcer.setFrozenTokens(bob, PROJECT, 40)
    await send(alice, bob, 30)
    expect(await ledger.movableOf(bob, PROJECT)).to.equal(0)
    await mint(bob, 15)
    expect(await ledger.movableOf(bob, PROJECT)).to.equal(5)
    for (const units of [ALL, ALL + 1n, 2n ** 256n - 1n])
      await expect(enforcer.setFrozenTokens(bob, PROJECT, units))
        .to.emit(ledger, 'Frozen')
        .withArgs(bob, PROJECT, ALL)
    expect(await ledger.getFrozenTokens(bob, PROJECT)).to.equal(ALL)
    expect(await ledger.balanceOf(bob, PROJECT), 'the balance beside it is untouched').to.equal(45)
  })

  it('and a lock-up hold the larger of the two, not their sum', async () => {
    const { ledger, enforcer, alice, mint, start } = await networkHelpers.loadFixture(withHolders)
    await mint(alice, 50, { unlockDay: start + 9 })
    await enforcer.setFrozenTokens(alice, PROJECT, 40)
    expect(await ledger.movableOf(alice, PROJECT)).to.equal(100)
    await enforcer.setFrozenTokens(alice, PROJECT, 60)
    expect(await ledger.movableOf(alice, PROJECT)).to.equal(90)
  })
})

describe('A forced transfer', () => {
  it('moves units whatever is frozen, unfreezes what it needs first, and says so in that order', async () => {
    const world = await networkHelpers.loadFixture(withHolders)
    const { ledger, enforcer, operator, alice, bob, holders } = world
    await enforcer.setFrozenTokens(alice, PROJECT, 30)
    await expect(enforcer.forcedTransfer(alice, bob, PROJECT, 70)).not.to.emit(ledger, 'Frozen')
    const taking = enforcer.forcedTransfer(alice, bob, PROJECT, 10)
    await expect(taking).to.emit(ledger, 'Frozen').withArgs(alice, PROJECT, 20)
    await expect(taking).to.emit(ledger, 'TransferSingle').withArgs(operator, alice, bob, PROJECT, 10)
    await expect(taking).to.emit(ledger, 'ForcedTransfer').withArgs(alice, bob, PROJECT, 10)
    expect(await eventsOf(world, taking)).to.deep.equal(['Frozen', 'TransferSingle', 'ForcedTransfer'])
    expect(await ledger.getFrozenTokens(alice, PROJECT)).to.equal(20)
    expect(await enforcer.forcedTransfer.staticCall(alice, bob, PROJECT, 20)).to.equal(true)
    await enforcer.forcedTransfer(alice, bob, PROJECT, 20)
    expect([await ledger.balanceOf(bob, PROJECT), await holders()]).to.deep.equal([100n, 1n])
  })

  it('works when more is frozen than there is', async () => {
    const { ledger, enforcer, alice, bob } = await networkHelpers.loadFixture(withHolders)
    await enforcer.setFrozenTokens(alice, PROJECT, ALL)
    await expect(enforcer.forcedTransfer(alice, bob, PROJECT, 40))
      .to.emit(ledger, 'Frozen')
      .withArgs(alice, PROJECT, 60)
    expect(await ledger.movableOf(alice, PROJECT)).to.equal(0)
  })

  it('takes a lock-up along and leaves the rest locked', async () => {
    const world = await networkHelpers.loadFixture(withHolders)
    const { ledger, enforcer, alice, bob, mint, start, holding } = world
    await mint(alice, 50, { id: investmentId('a'), unlockDay: start + 9 })
    const taking = enforcer.forcedTransfer(alice, bob, PROJECT, 120)
    await expect(taking)
      .to.emit(ledger, 'LockCarried')
      .withArgs(PROJECT, alice, bob, 20, start + 9)
    expect(await eventsOf(world, taking)).to.deep.equal(['LockCarried', 'TransferSingle', 'ForcedTransfer'])
    expect(await holding(alice)).to.deep.equal([30, 30, start + 9, start + 9, 0])
    expect(await holding(bob)).to.deep.equal([120, 20, start + 9, 0, 0])
  })

  it('asks whether the receiver is eligible and nothing else of accounts, states, countries or rules', async () => {
    const { ledger, enforcer, admin, alice, bob, setAccount } = await networkHelpers.loadFixture(withHolders)
    await setAccount(alice, { flags: FLAG.frozen })
    await ledger.connect(admin).setBlockedCountries(PROJECT, [0, 2n ** 20n, 0, 0])
    await enforcer.setProjectState(PROJECT, STATE.paused, ZERO_HASH)
    await enforcer.pause()
    await enforcer.forcedTransfer(alice, bob, PROJECT, 1)
    for (const changes of [{ flags: FLAG.send }, { flags: BOTH_WAYS | FLAG.frozen }, { expiry: 1 }, { flags: 0 }]) {
      await setAccount(bob, changes)
      await expect(enforcer.forcedTransfer(alice, bob, PROJECT, 1), JSON.stringify(changes))
        .to.be.revertedWithCustomError(ledger, 'ERC7943CannotReceive')
        .withArgs(bob)
    }
    await expect(enforcer.forcedTransfer(alice, ZERO, PROJECT, 1))
      .to.be.revertedWithCustomError(ledger, 'ERC7943CannotReceive')
      .withArgs(ZERO)
  })

  it('reaches a receiver up to the last second of its registration', async () => {
    const { ledger, enforcer, alice, bob, setAccount } = await networkHelpers.loadFixture(withHolders)
    const expiry = (await networkHelpers.time.latest()) + 100
    await setAccount(bob, { expiry })
    await networkHelpers.time.setNextBlockTimestamp(expiry)
    await enforcer.forcedTransfer(alice, bob, PROJECT, 1)
    await expect(enforcer.forcedTransfer(alice, bob, PROJECT, 1)).to.be.revertedWithCustomError(ledger, 'ERC7943CannotReceive')
  })

  it('makes no room where a project is full', async () => {
    const { ledger, enforcer, alice, bob, carol, createProject, mint, holders } = await networkHelpers.loadFixture(withHolders)
    await createProject(8, { maxHolders: 2 })
    await mint(alice, 10, { projectId: 8 })
    await mint(bob, 10, { projectId: 8 })
    await expect(enforcer.forcedTransfer(alice, carol, 8, 9))
      .to.be.revertedWithCustomError(ledger, 'TransferRestricted')
      .withArgs(CODE.holderCap, alice, carol, 8, 9, 2)
    await enforcer.forcedTransfer(alice, bob, 8, 9)
    await enforcer.forcedTransfer(alice, carol, 8, 1)
    expect(await holders(8)).to.equal(2)
  })

  it('of nothing, to oneself or of more than there is reverts', async () => {
    const { ledger, enforcer, alice, bob } = await networkHelpers.loadFixture(withHolders)
    await expect(enforcer.forcedTransfer(alice, bob, PROJECT, 0)).to.be.revertedWithCustomError(ledger, 'ZeroUnits')
    await expect(enforcer.forcedTransfer(alice, alice, PROJECT, 1)).to.be.revertedWithCustomError(ledger, 'SelfForcedTransfer')
    for (const units of [101n, 2n ** 256n - 1n])
      await expect(enforcer.forcedTransfer(alice, bob, PROJECT, units))
        .to.be.revertedWithCustomError(ledger, 'ERC1155InsufficientBalance')
        .withArgs(alice, 100, units, PROJECT)
  })

  it('to a contract needs its consent', async () => {
    const { enforcer, alice, setAccount } = await networkHelpers.loadFixture(withHolders)
    const refusing = await ethers.deployContract('RefusingReceiver')
    await setAccount(refusing)
    await expect(enforcer.forcedTransfer(alice, refusing, PROJECT, 1)).to.be.revertedWithCustomError(refusing, 'NoThanks')
  })
})

describe('While an exit runs and after it', () => {
  for (const [name, state, prepare] of [
    ['nothing is frozen, forced or reversed', STATE.exiting, exiting],
    ['still nothing is', STATE.exited, exited],
  ] as const) {
    it(`${name} (state ${state})`, async () => {
      const world = await networkHelpers.loadFixture(withHolders)
      const { ledger, enforcer, alice, bob, mint } = world
      await mint(alice, 10, { id: investmentId('a') })
      await prepare(world)
      for (const call of [
        () => enforcer.setFrozenTokens(alice, PROJECT, 1),
        () => enforcer.forcedTransfer(alice, bob, PROJECT, 1),
        () => enforcer.transferLots([investmentId('a')], bob, REASON),
        () => enforcer.reverseInvestment(investmentId('a'), REASON),
      ]) {
        await expect(call()).to.be.revertedWithCustomError(ledger, 'WrongState').withArgs(PROJECT, state)
      }
    })
  }
})
