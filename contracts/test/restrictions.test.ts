import { expect } from 'chai'
import {
  type AnyContract,
  BOTH_WAYS,
  CODE,
  deployed,
  ethers,
  FLAG,
  networkHelpers,
  order,
  PROJECT,
  STATE,
  today,
  ZERO,
  ZERO_HASH,
} from './fixture.ts'

type World = Awaited<ReturnType<typeof withHoldings>>
/** What is asked for: by default Alice sends one unit of project 7 to Bob. */
interface Ask {
  operator?: keyof World
  to?: keyof World
  units?: number | bigint
  projectId?: number
}
const SMALL = 8
const DAYS = 10
const blocked = (country: number) => Array.from({ length: 4 }, (_, word) => (country >> 8 === word ? 1n << BigInt(country & 255) : 0n))

/** Alice and Bob hold units of project 7 and of a project for two holders with at most 60 of 100 units each. */
async function withHoldings() {
  const world = await deployed()
  const rules: AnyContract = await ethers.deployContract('RawRules', [ethers.toBeHex(0, 32)])
  await world.createProject(SMALL, { cap: 100, maxHolders: 2, maxHolderBps: 6000, dailyMintCap: 90 })
  for (const holder of [world.alice, world.bob]) {
    await world.mint(holder, 100)
    await world.mint(holder, 40, { projectId: SMALL })
  }
  await world.ledger.connect(world.alice).setApprovalForAll(world.dave, true)
  return { ...world, rules, day: (await today()) + DAYS }
}

const freeze = (name: 'alice' | 'bob' | 'dave') => (world: World) => world.setAccount(world[name], { flags: BOTH_WAYS | FLAG.frozen })
const pauseProject = ({ ledger, operator }: World) => ledger.connect(operator).setProjectState(PROJECT, STATE.paused, ZERO_HASH)
const expire = async ({ setAccount, bob }: World) => setAccount(bob, { expiry: (await networkHelpers.time.latest()) - 1 })
const expiryOfBob = async ({ ledger, bob }: World) => (await ledger.accountOf(bob)).expiry
const answering = (answer: number | string) => async (world: World) => {
  const rules = await ethers.deployContract('RawRules', [typeof answer === 'string' ? answer : ethers.toBeHex(answer, 32)])
  await world.ledger.connect(world.admin).setRules(PROJECT, rules)
}
const finishExit = async ({ beginExit, ledger, alice, bob }: World) => {
  await beginExit()
  await ledger.exitBatch(PROJECT, [alice, bob])
  await ledger.finalizeExit(PROJECT)
}

/** How each code comes about, its limit, what to do first, and the transfer that it then stops. */
const REFUSALS: [string, number, number | ((world: World) => unknown), (world: World) => Promise<unknown>, Ask?][] = [
  ['the ledger is paused', CODE.paused, 0, ({ ledger, operator }) => ledger.connect(operator).pause()],
  ['there is no such project', CODE.projectState, STATE.none, async () => undefined, { projectId: 99 }],
  ['there is no such project, for nothing', CODE.projectState, STATE.none, async () => undefined, { projectId: 99, units: 0 }],
  ['the project’s id is beyond all projects', CODE.projectState, STATE.none, async () => undefined, { projectId: 2 ** 24 + PROJECT }],
  ['the project is paused', CODE.projectState, STATE.paused, pauseProject],
  ['the exit is over', CODE.projectState, STATE.exited, finishExit],
  ['the sender may not send', CODE.senderBlocked, 0, ({ setAccount, alice }) => setAccount(alice, { flags: FLAG.receive })],
  ['the receiver is unknown', CODE.receiverNotEligible, 0, async () => undefined, { to: 'stranger' }],
  ['the receiver is unknown, for nothing', CODE.receiverNotEligible, 0, async () => undefined, { to: 'stranger', units: 0 }],
  ['the receiver may not receive', CODE.receiverNotEligible, 0, ({ setAccount, bob }) => setAccount(bob, { flags: FLAG.send })],
  ['the receiver has expired', CODE.receiverExpired, expiryOfBob, expire],
  ['the sender is frozen', CODE.frozen, 0, freeze('alice')],
  ['the receiver is frozen', CODE.frozen, 0, freeze('bob')],
  ['the units are locked', CODE.locked, ({ day }) => day, ({ mint, alice, day }) => mint(alice, 10, { unlockDay: day }), { units: 101 }],
  ['the project is full', CODE.holderCap, 2, async () => undefined, { to: 'carol', projectId: SMALL }],
  ['the receiver would have too much', CODE.maxBalance, 60, async () => undefined, { units: 21, projectId: SMALL }],
  [
    'the receiver’s country is blocked',
    CODE.country,
    276,
    ({ ledger, admin }) => ledger.connect(admin).setBlockedCountries(PROJECT, blocked(276)),
  ],
  ['the operator is frozen', CODE.operatorBlocked, 0, freeze('dave'), { operator: 'dave' }],
  ['the exit runs', CODE.exitRunning, STATE.exiting, ({ beginExit }) => beginExit()],
  ['the rules contract answers nothing', CODE.rulesFailed, 0, answering('0x')],
  ['the rules contract refuses', 17, 0, answering(17)],
  ['the rules contract refuses with its last code', 255, 0, answering(255)],
]

describe('A transfer', () => {
  for (const [reason, code, limit, prepare, ask = {}] of REFUSALS) {
    it(`is refused with code ${code} when ${reason}`, async () => {
      const world = await networkHelpers.loadFixture(withHoldings)
      await prepare(world)
      const { ledger, alice } = world
      const { operator = 'alice', to = 'bob', units = 1, projectId = PROJECT } = ask
      const [caller, receiver] = [world[operator] as AnyContract, world[to] as AnyContract]
      expect(await ledger.detectTransferRestrictionFrom(caller, alice, receiver, projectId, units)).to.equal(code)
      if (caller === alice) {
        expect(await ledger.detectTransferRestriction(alice, receiver, projectId, units)).to.equal(code)
        expect(await ledger.canTransfer(alice, receiver, projectId, units)).to.equal(false)
      }
      const args = [code, alice, receiver, projectId, units, typeof limit === 'function' ? await limit(world) : limit]
      for (const call of [
        () => ledger.connect(caller).safeTransferFrom(alice, receiver, projectId, units, '0x'),
        () => ledger.connect(caller).safeBatchTransferFrom(alice, receiver, [projectId], [units], '0x'),
      ]) {
        await expect(call())
          .to.be.revertedWithCustomError(ledger, 'TransferRestricted')
          .withArgs(...args)
      }
    })
  }

  it(`is refused with code ${CODE.frozen} and the standard’s own error when its units are frozen`, async () => {
    const { ledger, alice, bob, operator, send } = await networkHelpers.loadFixture(withHoldings)
    await ledger.connect(operator).setFrozenTokens(alice, PROJECT, 60)
    expect(await ledger.detectTransferRestriction(alice, bob, PROJECT, 41)).to.equal(CODE.frozen)
    expect(await ledger.canTransfer(alice, bob, PROJECT, 41)).to.equal(false)
    const refused = (units: number, unfrozen: number) =>
      expect(send(alice, bob, units))
        .to.be.revertedWithCustomError(ledger, 'ERC7943InsufficientUnfrozenBalance')
        .withArgs(alice, PROJECT, units, unfrozen)
    await refused(41, 40)
    await send(alice, bob, 40)
    await ledger.connect(operator).setFrozenTokens(alice, PROJECT, 1000)
    await refused(1, 0)
    await send(alice, bob, 0)
  })

  it('goes through with code 0, also by an approved operator and up to the last second of the receiver’s registration', async () => {
    const { ledger, alice, bob, dave, setAccount } = await networkHelpers.loadFixture(withHoldings)
    const expiry = (await networkHelpers.time.latest()) + 100
    await setAccount(bob, { expiry })
    await networkHelpers.time.setNextBlockTimestamp(expiry)
    expect(await ledger.detectTransferRestriction(alice, bob, PROJECT, 1)).to.equal(CODE.ok)
    expect(await ledger.detectTransferRestrictionFrom(dave, alice, bob, PROJECT, 1)).to.equal(CODE.ok)
    expect(await ledger.canTransfer(alice, bob, PROJECT, 1)).to.equal(true)
    await ledger.connect(dave).safeTransferFrom(alice, bob, PROJECT, 1, '0x')
    await expect(ledger.connect(dave).safeTransferFrom(alice, bob, PROJECT, 1, '0x'))
      .to.be.revertedWithCustomError(ledger, 'TransferRestricted')
      .withArgs(CODE.receiverExpired, alice, bob, PROJECT, 1, expiry)
  })
})

/** The same for mints: by default one unit of project 7 for Bob. `view` is what the view says where it differs. */
const MINT_REFUSALS: [
  string,
  number,
  number | ((world: World) => unknown),
  (world: World) => Promise<unknown>,
  (Ask & { view?: number })?,
][] = [
  ['the ledger is paused', CODE.paused, 0, ({ ledger, operator }) => ledger.connect(operator).pause()],
  ['there is no such project', CODE.projectState, STATE.none, async () => undefined, { projectId: 99 }],
  ['the project is paused', CODE.projectState, STATE.paused, pauseProject],
  ['the receiver is unknown', CODE.receiverNotEligible, 0, async () => undefined, { to: 'stranger' }],
  ['the receiver has expired', CODE.receiverExpired, expiryOfBob, expire],
  ['the receiver is frozen', CODE.frozen, 0, freeze('bob')],
  ['the project is full', CODE.holderCap, 2, async () => undefined, { to: 'carol', projectId: SMALL }],
  ['the receiver would have too much', CODE.maxBalance, 60, ({ send, alice, bob }) => send(alice, bob, 20, SMALL), { projectId: SMALL }],
  [
    'the receiver’s country is blocked',
    CODE.country,
    276,
    ({ ledger, admin }) => ledger.connect(admin).setBlockedCountries(PROJECT, blocked(276)),
  ],
  ['the exit runs', CODE.exitRunning, STATE.exiting, ({ beginExit }) => beginExit()],
  ['the supply would exceed the cap', CODE.supplyCap, 100, async () => undefined, { units: 21, projectId: SMALL }],
  ['too much would be minted today', CODE.dailyMintCap, 90, async () => undefined, { units: 11, projectId: SMALL, view: CODE.ok }],
  ['the rules contract fails', CODE.rulesFailed, 0, answering('0x')],
  ['the rules contract refuses', 200, 0, answering(200)],
]

describe('A mint', () => {
  for (const [reason, code, limit, prepare, ask = {}] of MINT_REFUSALS) {
    it(`is refused with code ${code}, or skipped in a batch, when ${reason}`, async () => {
      const world = await networkHelpers.loadFixture(withHoldings)
      await prepare(world)
      const { ledger, seller, mint, mintMany } = world
      const { to = 'bob', units = 1, projectId = PROJECT, view = code } = ask
      const investor = world[to] as AnyContract
      expect(await ledger.detectTransferRestriction(ZERO, investor, projectId, units)).to.equal(view)
      expect(await ledger.canTransfer(ZERO, investor, projectId, units)).to.equal(view === CODE.ok)
      await expect(mint(investor, units, { projectId }))
        .to.be.revertedWithCustomError(ledger, 'TransferRestricted')
        .withArgs(code, ZERO, investor, projectId, units, typeof limit === 'function' ? await limit(world) : limit)
      const orders = [order('refused', investor, units)]
      const skipped = [orders[0]!.investmentId, projectId, code]
      await expect(mintMany(orders, projectId))
        .to.emit(ledger, 'InvestmentSkipped')
        .withArgs(...skipped)
      if (code === CODE.dailyMintCap) return
      await expect(ledger.connect(seller).mintSettled(projectId, orders))
        .to.emit(ledger, 'InvestmentSkipped')
        .withArgs(...skipped)
    })
  }
})

describe('Restriction codes', () => {
  it('have a sentence each', async () => {
    const { ledger } = await networkHelpers.loadFixture(deployed)
    const messages = await Promise.all(Array.from({ length: 18 }, (_, code) => ledger.messageForTransferRestriction(code)))
    expect(messages).to.deep.equal(
      [
        'No restriction',
        'The ledger is paused',
        'The project’s state doesn’t allow it',
        'The sender may not send',
        'The receiver isn’t registered to receive',
        'The receiver’s registration has expired',
        'The account or the units are frozen',
        'The units are locked up',
        'The project has as many holders as it may',
        'The receiver would hold too many units',
        'The receiver’s country isn’t allowed',
        'The operator is blocked',
        'The project’s exit is running',
        'The project’s supply cap is reached',
        'The receiving contract refuses units',
        'No more units can be minted today',
        'The project’s rules contract refuses or fails',
        'The project’s rules contract refuses',
      ].map((sentence) => sentence.replaceAll('’', "'")),
    )
    expect(await ledger.messageForTransferRestriction(255)).to.equal(messages[17])
  })
})

describe('A mint, asked about', () => {
  it('has no code 11: who sends it needs no account, so a frozen one binds nobody', async () => {
    const { ledger, minter, alice, mint, setAccount } = await networkHelpers.loadFixture(deployed)
    await setAccount(minter, { flags: 8 })
    expect(await ledger.detectTransferRestrictionFrom(minter, ZERO, alice, PROJECT, 1)).to.equal(CODE.ok)
    await mint(alice, 1)
    expect(await ledger.balanceOf(alice, PROJECT)).to.equal(1)
  })
})
