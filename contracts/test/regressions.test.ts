import { expect } from 'chai'
import { type AnyContract, CODE, deployed, ethers, FLAG, investmentId, networkHelpers, order, PROJECT, today, ZERO } from './fixture.ts'

const REASON = ethers.id('reason')

/** Alice holds 100 units of project 7. */
async function withAlice() {
  const world = await deployed()
  await world.mint(world.alice, 100, { id: investmentId('alice') })
  return { ...world, enforcer: world.ledger.connect(world.operator) }
}

/** Bugs that other suites had, each with the place where it was reported. Here each is impossible. */
describe('Freezes', () => {
  it('a duplicate id in one batch cannot move frozen units (ethereum/ERCs#1814)', async () => {
    const { ledger, enforcer, alice, bob } = await networkHelpers.loadFixture(withAlice)
    await enforcer.setFrozenTokens(alice, PROJECT, 40)
    await expect(ledger.connect(alice).safeBatchTransferFrom(alice, bob, [PROJECT, PROJECT], [50, 50], '0x'))
      .to.be.revertedWithCustomError(ledger, 'ERC7943InsufficientUnfrozenBalance')
      .withArgs(alice, PROJECT, 50, 10)
    await ledger.connect(alice).safeBatchTransferFrom(alice, bob, [PROJECT, PROJECT], [50, 10], '0x')
    expect([await ledger.balanceOf(alice, PROJECT), await ledger.getFrozenTokens(alice, PROJECT)]).to.deep.equal([40n, 40n])
  })

  it('a duplicate id in one batch cannot move locked units, nor pass the most that one may hold (ethereum/ERCs#1814)', async () => {
    const { ledger, alice, bob, mint, createProject } = await networkHelpers.loadFixture(withAlice)
    const day = (await today()) + 5
    await mint(alice, 20, { unlockDay: day })
    await expect(ledger.connect(alice).safeBatchTransferFrom(alice, bob, [PROJECT, PROJECT], [60, 60], '0x'))
      .to.be.revertedWithCustomError(ledger, 'TransferRestricted')
      .withArgs(CODE.locked, alice, bob, PROJECT, 60, day)
    await createProject(8, { cap: 100, maxHolderBps: 5000 })
    await mint(alice, 50, { projectId: 8 })
    await mint(bob, 10, { projectId: 8 })
    await expect(ledger.connect(alice).safeBatchTransferFrom(alice, bob, [8, 8], [25, 25], '0x'))
      .to.be.revertedWithCustomError(ledger, 'TransferRestricted')
      .withArgs(CODE.maxBalance, alice, bob, 8, 25, 50)
  })

  it('a forced transfer to oneself cannot unfreeze (CMTA/CMTAT#380)', async () => {
    const { ledger, enforcer, alice } = await networkHelpers.loadFixture(withAlice)
    await enforcer.setFrozenTokens(alice, PROJECT, 100)
    await expect(enforcer.forcedTransfer(alice, alice, PROJECT, 100)).to.be.revertedWithCustomError(ledger, 'SelfForcedTransfer')
    await expect(enforcer.transferLots([investmentId('alice')], alice, REASON)).to.be.revertedWithCustomError(ledger, 'SelfForcedTransfer')
    expect(await ledger.getFrozenTokens(alice, PROJECT)).to.equal(100)
  })

  it('more frozen than held underflows nowhere (CMTA/CMTAT#375)', async () => {
    const { ledger, enforcer, alice, bob, mint, send } = await networkHelpers.loadFixture(withAlice)
    await enforcer.setFrozenTokens(alice, PROJECT, 2n ** 256n - 1n)
    expect(await ledger.movableOf(alice, PROJECT)).to.equal(0)
    expect(await ledger.canTransfer(alice, bob, PROJECT, 1)).to.equal(false)
    await expect(send(alice, bob, 1))
      .to.be.revertedWithCustomError(ledger, 'ERC7943InsufficientUnfrozenBalance')
      .withArgs(alice, PROJECT, 1, 0)
    await mint(alice, 5)
    await enforcer.forcedTransfer(alice, bob, PROJECT, 105)
    expect([await ledger.balanceOf(alice, PROJECT), await ledger.getFrozenTokens(alice, PROJECT)]).to.deep.equal([0n, 0n])
  })

  it('a transfer of nothing is possible, whatever is frozen or locked (OpenZeppelin’s triage of T-REX 5, L-01)', async () => {
    const { ledger, enforcer, alice, bob, mint, send } = await networkHelpers.loadFixture(withAlice)
    await mint(alice, 10, { unlockDay: 65_000 })
    await enforcer.setFrozenTokens(alice, PROJECT, 500)
    await expect(send(alice, bob, 0))
      .to.emit(ledger, 'TransferSingle')
      .withArgs(alice, alice, bob, PROJECT, 0)
  })
})

describe('Rules', () => {
  it('a rules contract is asked once per transfer and once per mint (CMTA/CMTAT#354)', async () => {
    const { ledger, admin, enforcer, alice, bob, mint, send } = await networkHelpers.loadFixture(withAlice)
    const rules = await ethers.deployContract('RawRules', [ethers.toBeHex(0, 32)])
    await ledger.connect(admin).setRules(PROJECT, rules)
    const asked = async (sent: Promise<AnyContract>) => {
      const trace = await ethers.provider.send('debug_traceTransaction', [(await sent).hash, { disableStorage: true, enableMemory: false }])
      const address = BigInt(await rules.getAddress())
      return trace.structLogs.filter((step: AnyContract) => step.op === 'STATICCALL' && BigInt(step.stack.at(-2)) === address).length
    }
    expect(await asked(send(alice, bob, 1))).to.equal(1)
    expect(await asked(mint(bob, 1))).to.equal(1)
    expect(await asked(enforcer.forcedTransfer(alice, bob, PROJECT, 1)), 'never of a forced transfer').to.equal(0)
  })

  it('the operator is known to the rule about operators and to the log (CMTA/CMTAT#376)', async () => {
    const { ledger, alice, bob, dave, setAccount } = await networkHelpers.loadFixture(withAlice)
    await ledger.connect(alice).setApprovalForAll(dave, true)
    await expect(ledger.connect(dave).safeTransferFrom(alice, bob, PROJECT, 1, '0x'))
      .to.emit(ledger, 'TransferSingle')
      .withArgs(dave, alice, bob, PROJECT, 1)
    await setAccount(dave, { flags: FLAG.frozen })
    await expect(ledger.connect(dave).safeTransferFrom(alice, bob, PROJECT, 1, '0x'))
      .to.be.revertedWithCustomError(ledger, 'TransferRestricted')
      .withArgs(CODE.operatorBlocked, alice, bob, PROJECT, 1, 0)
  })

  it('a mint is no transfer: limits on senders and operators don’t hit it (CMTA/CMTAT#95)', async () => {
    const { ledger, enforcer, minter, alice, setAccount, mint } = await networkHelpers.loadFixture(withAlice)
    await setAccount(alice, { flags: FLAG.receive })
    await setAccount(minter, { flags: FLAG.frozen })
    await enforcer.setFrozenTokens(alice, PROJECT, 2n ** 56n - 1n)
    await mint(alice, 1, { unlockDay: 65_000 })
    await mint(alice, 1)
    expect(await ledger.balanceOf(alice, PROJECT)).to.equal(102)
  })

  it('a broken rules contract cannot veto its own removal (OpenZeppelin’s triage of T-REX 5, M-11)', async () => {
    const { ledger, admin, alice, bob, send } = await networkHelpers.loadFixture(withAlice)
    for (const name of ['RevertingRules', 'GreedyRules'] as const) {
      await ledger.connect(admin).setRules(PROJECT, await ethers.deployContract(name))
      await expect(send(alice, bob, 1)).to.be.revertedWithCustomError(ledger, 'TransferRestricted')
      await ledger.connect(admin).setRules(PROJECT, ZERO)
      await send(alice, bob, 1)
    }
  })

  it('what a project’s rules are can be rebuilt from the logs (T-REX 5, changelog)', async () => {
    const { ledger, admin } = await networkHelpers.loadFixture(withAlice)
    const rules = await ethers.deployContract('RawRules', ['0x'])
    await ledger.connect(admin).setRules(PROJECT, rules)
    await ledger.connect(admin).setBlockedCountries(PROJECT, [1, 2, 3, 4])
    await ledger.connect(admin).setDailyMintCap(PROJECT, 5)
    const last = async (name: string) => (await ledger.queryFilter(ledger.filters[name](PROJECT))).at(-1).args[1]
    const project = await ledger.projectOf(PROJECT)
    expect(await last('RulesSet')).to.equal(project.rules)
    expect(await last('CountriesSet')).to.deep.equal(await ledger.blockedCountriesOf(PROJECT))
    expect(await last('DailyMintCapSet')).to.equal(project.dailyMintCap)
    expect(await last('ProjectStateChanged')).to.equal(project.state)
  })
})

describe('Receivers', () => {
  it('the supply that a receiver sees from its hook is the new one (OpenZeppelin/openzeppelin-contracts#2956)', async () => {
    const { ledger, seller, setAccount, mint } = await networkHelpers.loadFixture(withAlice)
    const receiver: AnyContract = await ethers.deployContract('CallingReceiver')
    await setAccount(receiver)
    await receiver.arm(ledger, ledger.interface.encodeFunctionData('totalSupply', [PROJECT]))
    await mint(receiver, 10)
    expect(BigInt(await receiver.answer())).to.equal(110n)
    await ledger.connect(seller).mintSettled(PROJECT, [order('batch', receiver, 5)])
    expect(BigInt(await receiver.answer())).to.equal(115n)
  })

  it('a receiver cannot enter the ledger again (OpenZeppelin’s triage of T-REX 5, M-06)', async () => {
    const { ledger, alice, bob, setAccount, send } = await networkHelpers.loadFixture(withAlice)
    const receiver: AnyContract = await ethers.deployContract('CallingReceiver')
    await setAccount(receiver)
    const back = [await receiver.getAddress(), bob.address, PROJECT, 1, '0x']
    await receiver.arm(ledger, ledger.interface.encodeFunctionData('safeTransferFrom', back))
    await send(alice, receiver, 1)
    expect(await receiver.answer()).to.equal(ledger.interface.encodeErrorResult('ReentrancyGuardReentrantCall'))
  })

  it('a wallet that can’t receive doesn’t block the mints of others (safe-global/safe-core-sdk#183)', async () => {
    const { ledger, bob, setAccount, mintMany } = await networkHelpers.loadFixture(withAlice)
    const wallet = await ethers.deployContract('SilentContract')
    await setAccount(wallet)
    const minting = mintMany([order('wallet', wallet, 1), order('bob', bob, 1)])
    await expect(minting).to.emit(ledger, 'InvestmentSkipped').withArgs(investmentId('wallet'), PROJECT, CODE.receiverRefuses)
    await expect(minting).to.emit(ledger, 'InvestmentMinted').withArgs(investmentId('bob'), PROJECT, bob, 1, 0)
  })
})

describe('Enforcement', () => {
  it('works while all is paused, by decision (OpenZeppelin’s triage of T-REX 5, M-09)', async () => {
    const { ledger, enforcer, alice, bob } = await networkHelpers.loadFixture(withAlice)
    await enforcer.pause()
    await enforcer.forcedTransfer(alice, bob, PROJECT, 1)
    await enforcer.setFrozenTokens(alice, PROJECT, 1)
    expect(await ledger.balanceOf(bob, PROJECT)).to.equal(1)
  })

  it('can be told from a transfer in the logs (T-REX 5, changelog)', async () => {
    const { ledger, enforcer, alice, bob, send } = await networkHelpers.loadFixture(withAlice)
    await expect(enforcer.forcedTransfer(alice, bob, PROJECT, 1))
      .to.emit(ledger, 'ForcedTransfer')
      .withArgs(alice, bob, PROJECT, 1)
    await expect(send(alice, bob, 1)).not.to.emit(ledger, 'ForcedTransfer')
  })
})

describe('Returns', () => {
  it('no amount makes a distribution overflow (hashgraph/asset-tokenization-studio#1203)', async () => {
    const { ledger, alice, openEpoch } = await networkHelpers.loadFixture(withAlice)
    for (let round = 0; round < 3; round++) await openEpoch(2n ** 112n - 1n)
    const most = (2n ** 112n - 1n) * 3n
    expect(most - (await ledger.claimableOf(PROJECT, alice))).to.be.within(0n, 3n)
    await expect(openEpoch(2n ** 112n))
      .to.be.revertedWithCustomError(ledger, 'SafeCastOverflowedUintDowncast')
      .withArgs(112, 2n ** 112n)
  })

  it('locked and frozen units count in the history and earn (hashgraph/asset-tokenization-studio#186)', async () => {
    const { ledger, enforcer, alice, bob, mint, openEpoch } = await networkHelpers.loadFixture(withAlice)
    await mint(bob, 100, { unlockDay: 65_000 })
    await enforcer.setFrozenTokens(alice, PROJECT, 100)
    await openEpoch(200)
    expect([await ledger.balanceAt(alice, PROJECT, 1), await ledger.balanceAt(bob, PROJECT, 1)]).to.deep.equal([100n, 100n])
    expect([await ledger.claimableOf(PROJECT, alice), await ledger.claimableOf(PROJECT, bob)]).to.deep.equal([100n, 100n])
  })

  it('who held how much at an opening can be listed from the logs and proven on chain (hashgraph/asset-tokenization-studio#535)', async () => {
    const { ledger, alice, bob, carol, mint, send, openEpoch } = await networkHelpers.loadFixture(withAlice)
    await mint(bob, 11)
    await send(alice, carol, 3)
    await openEpoch(100)
    await send(carol, bob, 3)
    const balances = new Map<string, bigint>()
    const opened = (await ledger.queryFilter(ledger.filters.EpochOpened(PROJECT, 1)))[0].blockNumber
    for (const { args } of await ledger.queryFilter(ledger.filters.TransferSingle(), 0, opened)) {
      balances.set(args.from, (balances.get(args.from) ?? 0n) - args.value)
      balances.set(args.to, (balances.get(args.to) ?? 0n) + args.value)
    }
    balances.delete(ZERO)
    for (const [holder, balance] of balances) expect(await ledger.balanceAt(holder, PROJECT, 1)).to.equal(balance)
    expect([...balances.values()].reduce((sum, each) => sum + each)).to.equal(await ledger.supplyAt(PROJECT, 1))
  })

  it('selling or losing units before collecting costs nobody what was earned (nayms/contracts-v3#104)', async () => {
    const { ledger, enforcer, alice, bob, mint, send, openEpoch } = await networkHelpers.loadFixture(withAlice)
    await mint(bob, 100, { id: investmentId('bob') })
    await openEpoch(200)
    await send(alice, bob, 50)
    await enforcer.forcedTransfer(alice, bob, PROJECT, 50)
    await enforcer.reverseInvestment(investmentId('bob'), REASON)
    expect([await ledger.claimableOf(PROJECT, alice), await ledger.claimableOf(PROJECT, bob)]).to.deep.equal([100n, 100n])
  })

  it('a payee whom the payout token blocks doesn’t keep others from their money (corpus-io/tokenize.it-smart-contracts#424)', async () => {
    const { ledger, vault, admin, treasurer, alice, bob, createProject, mint, distribute } = await networkHelpers.loadFixture(withAlice)
    const token: AnyContract = await ethers.deployContract('BlockingToken')
    await createProject(8, { payoutToken: await token.getAddress() })
    await vault.connect(admin).setTokenAllowed(token, true)
    await token.mint(treasurer, 1000)
    await token.connect(treasurer).approve(vault, 1000)
    await mint(alice, 1, { projectId: 8 })
    await mint(bob, 1, { projectId: 8 })
    await distribute(1000, 8)
    await token.setBlocked(alice, true)
    await expect(vault.claimMany(8, [alice, bob]))
      .to.emit(vault, 'ClaimSkipped')
      .withArgs(8, alice)
    expect([await token.balanceOf(bob), await ledger.claimableOf(8, alice)]).to.deep.equal([500n, 500n])
  })
})
