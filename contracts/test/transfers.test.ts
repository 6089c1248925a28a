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
  STATE,
  terms,
  today,
  ZERO,
  ZERO_HASH,
} from './fixture.ts'

type World = Awaited<ReturnType<typeof deployed>>
const SECOND = 8

async function withHoldings() {
  const world = await deployed()
  await world.ledger.connect(world.operator).createProject(SECOND, terms(await world.token.getAddress(), { maxHolders: 2 }))
  await world.mint(world.alice, 100)
  await world.mint(world.bob, 50)
  await world.mint(world.alice, 30, { projectId: SECOND })
  await world.mint(world.bob, 20, { projectId: SECOND })
  return world
}

/** How each code comes about: what to do first, and the transfer that it then stops. */
const REFUSALS: [string, number, (world: World) => Promise<unknown>, Partial<{ to: keyof World; units: number; projectId: number }>?][] = [
  ['the ledger is paused', CODE.paused, ({ ledger, operator }) => ledger.connect(operator).pause()],
  ['there is no such project', CODE.projectState, async () => undefined, { projectId: 99 }],
  ['there is no such project, for nothing', CODE.projectState, async () => undefined, { projectId: 99, units: 0 }],
  [
    'the project is paused',
    CODE.projectState,
    ({ ledger, operator }) => ledger.connect(operator).setProjectState(PROJECT, STATE.paused, ZERO_HASH),
  ],
  ['the sender may not send', CODE.senderBlocked, ({ setAccount, alice }) => setAccount(alice, { flags: FLAG.receive })],
  ['the receiver is unknown', CODE.receiverNotEligible, async () => undefined, { to: 'stranger' }],
  ['the receiver is unknown, for nothing', CODE.receiverNotEligible, async () => undefined, { to: 'stranger', units: 0 }],
  ['the receiver may not receive', CODE.receiverNotEligible, ({ setAccount, bob }) => setAccount(bob, { flags: FLAG.send })],
  [
    'the receiver has expired',
    CODE.receiverExpired,
    async ({ setAccount, bob }) => setAccount(bob, { expiry: await networkHelpers.time.latest() }),
  ],
  ['the sender is frozen', CODE.frozen, ({ setAccount, alice }) => setAccount(alice, { flags: BOTH_WAYS | FLAG.frozen })],
  ['the receiver is frozen', CODE.frozen, ({ setAccount, bob }) => setAccount(bob, { flags: BOTH_WAYS | FLAG.frozen })],
  ['the units are locked', CODE.locked, async ({ mint, alice }) => mint(alice, 10, { unlockDay: (await today()) + 10 }), { units: 101 }],
  ['the project is full', CODE.holderCap, async () => undefined, { to: 'carol', projectId: SECOND }],
  ['the exit runs', CODE.exitRunning, ({ beginExit }) => beginExit()],
  [
    'the exit is over',
    CODE.projectState,
    async ({ beginExit, ledger, alice, bob }) => {
      await beginExit()
      await ledger.exitBatch(PROJECT, [alice, bob])
      await ledger.finalizeExit(PROJECT)
    },
  ],
]

describe('Transfers', () => {
  for (const [reason, code, prepare, { to = 'bob', units = 1, projectId = PROJECT } = {}] of REFUSALS) {
    it(`are refused with code ${code} when ${reason}`, async () => {
      const world = await networkHelpers.loadFixture(withHoldings)
      await prepare(world)
      const { ledger, alice } = world
      const receiver = world[to] as Signer
      expect(await ledger.detectTransferRestriction(alice, receiver, projectId, units)).to.equal(code)
      const args = [code, alice, receiver, projectId, units]
      await expect(ledger.connect(alice).safeTransferFrom(alice, receiver, projectId, units, '0x'))
        .to.be.revertedWithCustomError(ledger, 'TransferRestricted')
        .withArgs(...args)
      await expect(ledger.connect(alice).safeBatchTransferFrom(alice, receiver, [projectId], [units], '0x'))
        .to.be.revertedWithCustomError(ledger, 'TransferRestricted')
        .withArgs(...args)
    })
  }

  it('have a sentence for every code', async () => {
    const { ledger } = await networkHelpers.loadFixture(deployed)
    const messages = await Promise.all(Array.from({ length: 15 }, (_, code) => ledger.messageForTransferRestriction(code)))
    expect(new Set(messages)).to.have.length(15)
    expect(await ledger.messageForTransferRestriction(200)).to.equal('Unknown code')
  })

  it('move units, say who moved them and keep the count of holders', async () => {
    const { ledger, alice, bob, carol, send } = await networkHelpers.loadFixture(withHoldings)
    await expect(send(alice, carol, 40))
      .to.emit(ledger, 'TransferSingle')
      .withArgs(alice, alice, carol, PROJECT, 40)
    expect(await ledger.holderCount(PROJECT)).to.equal(3)
    await send(bob, carol, 50)
    expect(await ledger.holderCount(PROJECT)).to.equal(2)
    expect(await ledger.balanceOfBatch([alice, bob, carol], [PROJECT, PROJECT, PROJECT])).to.deep.equal([60n, 0n, 90n])
  })

  it('of nothing and to oneself change nothing but are told', async () => {
    const { ledger, alice, bob, carol, send } = await networkHelpers.loadFixture(withHoldings)
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
    expect(await ledger.holderCount(PROJECT)).to.equal(2)
  })

  it('keep to the standard’s own errors', async () => {
    const { ledger, alice, bob, carol, send } = await networkHelpers.loadFixture(withHoldings)
    await expect(send(alice, bob, 2n ** 200n))
      .to.be.revertedWithCustomError(ledger, 'ERC1155InsufficientBalance')
      .withArgs(alice, 100, 2n ** 200n, PROJECT)
    await expect(send(alice, ZERO, 1))
      .to.be.revertedWithCustomError(ledger, 'ERC1155InvalidReceiver')
      .withArgs(ZERO)
    await expect(ledger.connect(carol).safeTransferFrom(alice, bob, PROJECT, 1, '0x'))
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

  it('can be made by an approved operator until the approval ends', async () => {
    const { ledger, alice, bob, carol } = await networkHelpers.loadFixture(withHoldings)
    await expect(ledger.connect(alice).setApprovalForAll(carol, true)).to.emit(ledger, 'ApprovalForAll').withArgs(alice, carol, true)
    await expect(ledger.connect(carol).safeTransferFrom(alice, bob, PROJECT, 1, '0x'))
      .to.emit(ledger, 'TransferSingle')
      .withArgs(carol, alice, bob, PROJECT, 1)
    await ledger.connect(alice).setApprovalForAll(carol, false)
    await expect(ledger.connect(carol).safeTransferFrom(alice, bob, PROJECT, 1, '0x')).to.be.revertedWithCustomError(
      ledger,
      'ERC1155MissingApprovalForAll',
    )
  })

  it('fill a project to its limit of holders and let a holder hand over a place', async () => {
    const { ledger, alice, bob, carol, mint, send } = await networkHelpers.loadFixture(withHoldings)
    const refusal = [CODE.holderCap, alice, carol, SECOND, 1]
    await expect(send(alice, carol, 1, SECOND))
      .to.be.revertedWithCustomError(ledger, 'TransferRestricted')
      .withArgs(...refusal)
    await expect(mint(carol, 1, { projectId: SECOND }))
      .to.be.revertedWithCustomError(ledger, 'TransferRestricted')
      .withArgs(CODE.holderCap, ZERO, carol, SECOND, 1)
    await send(alice, bob, 1, SECOND)
    await send(alice, carol, 29, SECOND)
    expect(await ledger.holderCount(SECOND)).to.equal(2)
    await mint(carol, 1, { projectId: SECOND })
  })

  it('call the receiver after everything is written, and it can’t move more from there', async () => {
    const { ledger, alice, bob, setAccount, send } = await networkHelpers.loadFixture(withHoldings)
    const receiver: AnyContract = await ethers.deployContract('CallingReceiver')
    await setAccount(receiver)
    const address = await receiver.getAddress()
    await receiver.arm(ledger, ledger.interface.encodeFunctionData('safeTransferFrom', [address, bob.address, PROJECT, 10, '0x']))
    await send(alice, receiver, 10)
    expect(await receiver.answer()).to.equal(ledger.interface.encodeErrorResult('ReentrancyGuardReentrantCall'))
    await receiver.arm(ledger, ledger.interface.encodeFunctionData('totalSupply', [PROJECT]))
    await send(alice, receiver, 10)
    expect(BigInt(await receiver.answer()), 'supply seen from the hook').to.equal(150n)
    expect(await ledger.balanceOf(receiver, PROJECT)).to.equal(20)
    await ledger.connect(alice).safeBatchTransferFrom(alice, receiver, [PROJECT, SECOND], [1, 30], '0x')
    expect(await ledger.balanceOf(receiver, SECOND)).to.equal(30)
  })

  it('in a batch do what the same singles do in the same order, ids occurring twice included', async () => {
    const seed = Number(process.env.SEED ?? 20_261_120)
    const pick = random(seed)
    for (let round = 0; round < 40; round++) {
      const world = await networkHelpers.loadFixture(withHoldings)
      const { ledger, alice, bob, carol, mint } = world
      await mint(alice, 20, { unlockDay: (await today()) + 5 })
      const receiver = [alice, bob, carol][pick(3)]!
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
async function outcome({ ledger, alice, bob, carol }: World, deed: () => Promise<unknown>): Promise<unknown> {
  const before = await networkHelpers.takeSnapshot()
  try {
    await deed()
    const accounts = [alice, bob, carol, alice, bob, carol]
    const balances = await ledger.balanceOfBatch(accounts, [PROJECT, PROJECT, PROJECT, SECOND, SECOND, SECOND])
    return [balances, await ledger.holderCount(PROJECT), await ledger.holderCount(SECOND)]
  } catch (error) {
    return (error as { data?: string }).data?.slice(0, 10) ?? 'failed'
  } finally {
    await before.restore()
  }
}
