import { expect } from 'chai'
import {
  type AnyContract,
  BOTH_WAYS,
  CODE,
  deployed,
  ethers,
  FLAG,
  networkHelpers,
  PROJECT,
  random,
  type Signer,
  today,
  ZERO,
} from './fixture.ts'

type World = Awaited<ReturnType<typeof deployed>>
const SECOND = 8

async function withHoldings() {
  const world = await deployed()
  await world.createProject(SECOND, { maxHolders: 2 })
  await world.mint(world.alice, 100)
  await world.mint(world.bob, 50)
  await world.mint(world.alice, 30, { projectId: SECOND })
  await world.mint(world.bob, 20, { projectId: SECOND })
  return world
}

describe('Transfers', () => {
  it('move units, say who moved them and keep the count of holders', async () => {
    const { ledger, alice, bob, carol, send, holders } = await networkHelpers.loadFixture(withHoldings)
    await expect(send(alice, carol, 40))
      .to.emit(ledger, 'TransferSingle')
      .withArgs(alice, alice, carol, PROJECT, 40)
    expect(await holders()).to.equal(3)
    await send(bob, carol, 50)
    expect(await holders()).to.equal(2)
    expect(await ledger.balanceOfBatch([alice, bob, carol], [PROJECT, PROJECT, PROJECT])).to.deep.equal([60n, 0n, 90n])
  })

  it('of many projects are one event', async () => {
    const { ledger, alice, carol, bob, holders } = await networkHelpers.loadFixture(withHoldings)
    await expect(ledger.connect(alice).safeBatchTransferFrom(alice, bob, [PROJECT, SECOND], [40, 30], '0x'))
      .to.emit(ledger, 'TransferBatch')
      .withArgs(alice, alice, bob, [PROJECT, SECOND], [40, 30])
    expect(await holders(SECOND)).to.equal(1)
    await expect(ledger.connect(carol).safeBatchTransferFrom(carol, bob, [], [], '0x'))
      .to.emit(ledger, 'TransferBatch')
      .withArgs(carol, carol, bob, [], [])
  })

  it('of nothing and to oneself change nothing but are told', async () => {
    const { ledger, alice, bob, carol, send, holders } = await networkHelpers.loadFixture(withHoldings)
    await expect(send(alice, carol, 0))
      .to.emit(ledger, 'TransferSingle')
      .withArgs(alice, alice, carol, PROJECT, 0)
    await expect(send(alice, alice, 100))
      .to.emit(ledger, 'TransferSingle')
      .withArgs(alice, alice, alice, PROJECT, 100)
    await expect(send(alice, alice, 101))
      .to.be.revertedWithCustomError(ledger, 'ERC1155InsufficientBalance')
      .withArgs(alice, 100, 101, PROJECT)
    expect(await ledger.balanceOfBatch([alice, bob, carol], [PROJECT, PROJECT, PROJECT])).to.deep.equal([100n, 50n, 0n])
    expect(await holders()).to.equal(2)
  })

  it('keep to the standard’s own errors', async () => {
    const { ledger, operator, alice, bob, carol, mint, send } = await networkHelpers.loadFixture(withHoldings)
    const insufficient = (units: bigint, has = 100) =>
      expect(send(alice, bob, units))
        .to.be.revertedWithCustomError(ledger, 'ERC1155InsufficientBalance')
        .withArgs(alice, has, units, PROJECT)
    await insufficient(101n)
    await insufficient(2n ** 256n - 1n)
    await ledger.connect(operator).setFrozenTokens(alice, PROJECT, 10)
    await insufficient(101n)
    await ledger.connect(operator).setFrozenTokens(alice, PROJECT, 0)
    await mint(alice, 5, { unlockDay: (await today()) + 5 })
    await insufficient(106n, 105)
    await expect(send(alice, ZERO, 1))
      .to.be.revertedWithCustomError(ledger, 'ERC1155InvalidReceiver')
      .withArgs(ZERO)
    await expect(ledger.connect(alice).safeBatchTransferFrom(alice, ZERO, [PROJECT], [1], '0x'))
      .to.be.revertedWithCustomError(ledger, 'ERC1155InvalidReceiver')
      .withArgs(ZERO)
    await expect(ledger.connect(carol).safeTransferFrom(alice, bob, PROJECT, 1, '0x'))
      .to.be.revertedWithCustomError(ledger, 'ERC1155MissingApprovalForAll')
      .withArgs(carol, alice)
    await expect(ledger.connect(carol).safeBatchTransferFrom(alice, bob, [], [], '0x'))
      .to.be.revertedWithCustomError(ledger, 'ERC1155MissingApprovalForAll')
      .withArgs(carol, alice)
    await expect(ledger.connect(alice).safeBatchTransferFrom(alice, bob, [1], [], '0x'))
      .to.be.revertedWithCustomError(ledger, 'ERC1155InvalidArrayLength')
      .withArgs(1, 0)
    await expect(ledger.balanceOfBatch([alice], []))
      .to.be.revertedWithCustomError(ledger, 'ERC1155InvalidArrayLength')
      .withArgs(0, 1)
    await expect(ledger.connect(alice).setApprovalForAll(ZERO, true))
      .to.be.revertedWithCustomError(ledger, 'ERC1155InvalidOperator')
      .withArgs(ZERO)
  })

  it('to a contract need its consent', async () => {
    const { ledger, alice, setAccount, send } = await networkHelpers.loadFixture(withHoldings)
    for (const name of ['RefusingReceiver', 'WrongAnswerReceiver', 'PlainContract', 'SilentContract', 'GreedyReceiver'] as const) {
      const receiver = await ethers.deployContract(name)
      await setAccount(receiver)
      if (name === 'RefusingReceiver') await expect(send(alice, receiver, 1)).to.be.revertedWithCustomError(receiver, 'NoThanks')
      else if (name === 'SilentContract') await expect(send(alice, receiver, 1)).to.be.revertedWithoutReason(ethers)
      else
        await expect(send(alice, receiver, 1), name)
          .to.be.revertedWithCustomError(ledger, 'ERC1155InvalidReceiver')
          .withArgs(receiver)
      expect(await ledger.balanceOf(receiver, PROJECT)).to.equal(0)
    }
  })

  it('can be made by an approved operator until the approval ends', async () => {
    const { ledger, alice, bob, carol } = await networkHelpers.loadFixture(withHoldings)
    await expect(ledger.connect(alice).setApprovalForAll(carol, true)).to.emit(ledger, 'ApprovalForAll').withArgs(alice, carol, true)
    expect(await ledger.isApprovedForAll(alice, carol)).to.equal(true)
    await expect(ledger.connect(carol).safeTransferFrom(alice, bob, PROJECT, 1, '0x'))
      .to.emit(ledger, 'TransferSingle')
      .withArgs(carol, alice, bob, PROJECT, 1)
    await expect(ledger.connect(alice).setApprovalForAll(carol, false)).to.emit(ledger, 'ApprovalForAll').withArgs(alice, carol, false)
    await expect(ledger.connect(carol).safeTransferFrom(alice, bob, PROJECT, 1, '0x'))
      .to.be.revertedWithCustomError(ledger, 'ERC1155MissingApprovalForAll')
      .withArgs(carol, alice)
  })

  it('can’t be made by a frozen operator', async () => {
    const { ledger, alice, bob, dave, setAccount } = await networkHelpers.loadFixture(withHoldings)
    await ledger.connect(alice).setApprovalForAll(dave, true)
    await setAccount(dave, { flags: BOTH_WAYS | FLAG.frozen })
    expect(await ledger.detectTransferRestrictionFrom(dave, alice, bob, PROJECT, 1)).to.equal(CODE.operatorBlocked)
    expect(await ledger.detectTransferRestriction(alice, bob, PROJECT, 1)).to.equal(CODE.ok)
    for (const call of [
      () => ledger.connect(dave).safeTransferFrom(alice, bob, PROJECT, 1, '0x'),
      () => ledger.connect(dave).safeBatchTransferFrom(alice, bob, [PROJECT, 99], [1, 5], '0x'),
    ]) {
      await expect(call())
        .to.be.revertedWithCustomError(ledger, 'TransferRestricted')
        .withArgs(CODE.operatorBlocked, alice, bob, PROJECT, 1, 0)
    }
  })

  it('fill a project to its limit of holders and let a holder hand over a place', async () => {
    const { ledger, alice, bob, carol, mint, send, holders } = await networkHelpers.loadFixture(withHoldings)
    await expect(send(alice, carol, 1, SECOND))
      .to.be.revertedWithCustomError(ledger, 'TransferRestricted')
      .withArgs(CODE.holderCap, alice, carol, SECOND, 1, 2)
    await expect(mint(carol, 1, { projectId: SECOND }))
      .to.be.revertedWithCustomError(ledger, 'TransferRestricted')
      .withArgs(CODE.holderCap, ZERO, carol, SECOND, 1, 2)
    await send(alice, carol, 0, SECOND)
    expect(await ledger.canTransfer(ZERO, carol, SECOND, 0)).to.equal(true)
    await send(alice, bob, 1, SECOND)
    await send(alice, carol, 29, SECOND)
    expect(await holders(SECOND)).to.equal(2)
    await mint(carol, 1, { projectId: SECOND })
  })

  it('and mints end where one holder would have too much', async () => {
    const { ledger, alice, bob, carol, createProject, mint, send } = await networkHelpers.loadFixture(deployed)
    await createProject(9, { cap: 1999, maxHolderBps: 5000 })
    await mint(alice, 999, { projectId: 9 })
    await mint(bob, 900, { projectId: 9 })
    for (const units of [100n, 2n ** 256n - 1n])
      expect(await ledger.detectTransferRestriction(alice, bob, 9, units)).to.equal(CODE.maxBalance)
    await expect(send(alice, bob, 100, 9))
      .to.be.revertedWithCustomError(ledger, 'TransferRestricted')
      .withArgs(CODE.maxBalance, alice, bob, 9, 100, 999)
    await expect(mint(alice, 1, { projectId: 9 }))
      .to.be.revertedWithCustomError(ledger, 'TransferRestricted')
      .withArgs(CODE.maxBalance, ZERO, alice, 9, 1, 999)
    await send(alice, bob, 99, 9)
    await send(bob, bob, 999, 9)
    await send(alice, bob, 0, 9)
    await send(bob, carol, 999, 9)
  })

  it('call the receiver after everything is written, and it can’t move more from there', async () => {
    const { ledger, alice, bob, setAccount, send } = await networkHelpers.loadFixture(withHoldings)
    const receiver: AnyContract = await ethers.deployContract('CallingReceiver')
    await setAccount(receiver)
    const address = await receiver.getAddress()
    await receiver.arm(ledger, ledger.interface.encodeFunctionData('safeTransferFrom', [address, bob.address, PROJECT, 10, '0x']))
    await send(alice, receiver, 10)
    expect(await receiver.answer()).to.equal(ledger.interface.encodeErrorResult('ReentrancyGuardReentrantCall'))
    await receiver.arm(ledger, ledger.interface.encodeFunctionData('balanceOf', [address, PROJECT]))
    await ledger.connect(alice).safeBatchTransferFrom(alice, receiver, [PROJECT, SECOND, PROJECT], [1, 30, 2], '0x')
    expect(BigInt(await receiver.answer()), 'balance seen from the hook').to.equal(13n)
    expect(await ledger.balanceOf(receiver, SECOND)).to.equal(30)
  })

  it('in a batch do what the same singles do in the same order, ids occurring twice included', async () => {
    const seed = Number(process.env.SEED ?? 20_261_120)
    const pick = random(seed)
    for (let round = 0; round < 60; round++) {
      const world = await networkHelpers.loadFixture(withHoldings)
      const { ledger, operator, alice, bob, carol, mint } = world
      await mint(alice, 20, { unlockDay: (await today()) + 5 })
      if (pick(2)) await ledger.connect(operator).setFrozenTokens(alice, PROJECT, pick(150))
      const receiver = [alice, bob, carol][pick(3)] as Signer
      const ids = Array.from({ length: 1 + pick(5) }, () => (pick(2) ? PROJECT : SECOND))
      const values = ids.map(() => pick(60))
      const singles = await outcome(world, async () => {
        for (const [index, id] of ids.entries()) await ledger.connect(alice).safeTransferFrom(alice, receiver, id, values[index], '0x')
      })
      const batch = await outcome(world, () => ledger.connect(alice).safeBatchTransferFrom(alice, receiver, ids, values, '0x'))
      expect(batch, `seed ${seed} round ${round}: ${ids} × ${values}`).to.deep.equal(singles)
    }
  })
})

/** What a deed leaves behind, or that it failed; undone afterwards. */
async function outcome({ ledger, alice, bob, carol, holders }: World, deed: () => Promise<unknown>): Promise<unknown> {
  const before = await networkHelpers.takeSnapshot()
  try {
    await deed()
    const accounts = [alice, bob, carol, alice, bob, carol]
    const balances = await ledger.balanceOfBatch(accounts, [PROJECT, PROJECT, PROJECT, SECOND, SECOND, SECOND])
    return [balances, await holders(PROJECT), await holders(SECOND)]
  } catch (error) {
    return (error as { data?: string }).data?.slice(0, 10) ?? 'failed'
  } finally {
    await before.restore()
  }
}
