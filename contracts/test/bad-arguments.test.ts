import { expect } from 'chai'
import { DAY, deployed, ethers, investmentId, networkHelpers, PROJECT, ZERO, ZERO_HASH } from './fixture.ts'
import { withHolders } from './vault-scene.ts'

/** More than any list that has a limit. */
const LONG = 300

describe('The zero address', () => {
  it('stands for no authority, ledger or timelock that a contract is made with', async () => {
    const { manager, forwarder, ledger } = await networkHelpers.loadFixture(deployed)
    const [authority, known] = [await manager.getAddress(), await ledger.getAddress()]
    const relay = await forwarder.getAddress()
    for (const [name, args] of [
      ['TerraLuminaVault', [ZERO, relay, known, DAY]],
      ['TerraLuminaVault', [authority, relay, ZERO, DAY]],
      ['TerraLuminaSale', [ZERO, relay, known, DAY]],
      ['TerraLuminaSale', [authority, relay, ZERO, DAY]],
      ['TerraLuminaRegistrar', [ZERO, known]],
      ['TerraLuminaRegistrar', [authority, ZERO]],
      ['TerraLuminaDocuments', [ZERO, known]],
      ['TerraLuminaDocuments', [authority, ZERO]],
      ['TerraLuminaGovernor', [ZERO, PROJECT, authority, 1, 1, 1, 1, 'x']],
    ] as [string, unknown[]][]) {
      const factory = await ethers.getContractFactory(name)
      await expect(factory.deploy(...args), `${name} ${args.indexOf(ZERO)}`)
        .to.be.revertedWithCustomError(factory, 'NotDeployed')
        .withArgs(ZERO)
    }
    const libraries = Object.fromEntries(
      await Promise.all(
        ['Enforcement', 'Exits', 'OwnRules', 'Projects', 'Refusals', 'Relinks', 'Roles', 'Signatures'].map(async (name) => [
          name,
          await (await ethers.deployContract(name)).getAddress(),
        ]),
      ),
    )
    const factory = await ethers.getContractFactory('TerraLuminaOwnership', { libraries })
    await expect(factory.deploy(ZERO, relay, DAY))
      .to.be.revertedWithCustomError(factory, 'NotDeployed')
      .withArgs(ZERO)
  })

  it('receives no lots, is nobody’s claim and nobody’s wallet', async () => {
    const { ledger, vault, operator, registry, alice, mint } = await networkHelpers.loadFixture(deployed)
    await mint(alice, 10, { id: investmentId('a') })
    await expect(ledger.connect(operator).transferLots([investmentId('a')], ZERO, ZERO_HASH))
      .to.be.revertedWithCustomError(ledger, 'ERC7943CannotReceive')
      .withArgs(ZERO)
    await expect(ledger.connect(operator).forcedTransfer(alice, ZERO, PROJECT, 1))
      .to.be.revertedWithCustomError(ledger, 'ERC7943CannotReceive')
      .withArgs(ZERO)
    await expect(vault.claimFor(PROJECT, ZERO)).to.be.revertedWithCustomError(vault, 'NothingToClaim').withArgs(PROJECT, ZERO)
    expect(await vault.claimMany.staticCall(PROJECT, [ZERO])).to.equal(0)
    const record = { flags: 3, expiry: 1, country: 0, class: 0, investorId: 1 }
    await expect(ledger.connect(registry).setAccount(ZERO, record)).to.be.revertedWithCustomError(ledger, 'ERC1155InvalidReceiver')
  })
})

describe('Nothing frozen', () => {
  it('is a state like another: it frees what was frozen, and for a stranger changes nothing but the log', async () => {
    const { ledger, operator, alice, bob, stranger, mint, send } = await networkHelpers.loadFixture(deployed)
    await mint(alice, 10)
    const freeze = (account: unknown, units: number) => ledger.connect(operator).setFrozenTokens(account, PROJECT, units)
    await freeze(alice, 10)
    await expect(send(alice, bob, 1)).to.be.revertedWithCustomError(ledger, 'ERC7943InsufficientUnfrozenBalance')
    await expect(freeze(alice, 0)).to.emit(ledger, 'Frozen').withArgs(alice, PROJECT, 0)
    await send(alice, bob, 10)
    await expect(freeze(stranger, 0)).to.emit(ledger, 'Frozen').withArgs(stranger, PROJECT, 0)
    expect(await ledger.getFrozenTokens(stranger, PROJECT)).to.equal(0)
  })
})

describe('Lists that only gas bounds', () => {
  it('of transfers and balances are taken at any length, and do what their entries do', async () => {
    const { ledger, alice, bob, mint } = await networkHelpers.loadFixture(deployed)
    await mint(alice, LONG)
    const ids = Array.from({ length: LONG }, () => PROJECT)
    await ledger.connect(alice).safeBatchTransferFrom(
      alice,
      bob,
      ids,
      ids.map(() => 1),
      '0x',
    )
    const balances = await ledger.balanceOfBatch(
      ids.map((_, index) => (index % 2 === 0 ? alice : bob)),
      ids,
    )
    expect(balances.slice(0, 2)).to.deep.equal([0n, BigInt(LONG)])
    expect(balances).to.have.length(LONG)
  })

  it('of holders to exit are taken at any length: whoever sends more than a block holds hurts nobody else', async () => {
    const { ledger, alice, bob, beginExit } = await networkHelpers.loadFixture(withHolders)
    await beginExit()
    const holders = Array.from({ length: LONG }, (_, index) => (index === LONG - 1 ? bob : alice))
    await ledger.exitBatch(PROJECT, holders)
    expect(await ledger.exitBatch.staticCall(PROJECT, [])).to.equal(0)
    await ledger.finalizeExit(PROJECT)
  })
})

describe('A receiver that burns all gas', () => {
  it('stops only what was meant for it: forced transfers, lots and the change to its wallet', async () => {
    const { ledger, operator, registry, alice, bob, mint, setAccount } = await networkHelpers.loadFixture(deployed)
    const greedy = await ethers.deployContract('GreedyReceiver')
    await setAccount(alice, { investorId: 5 })
    await setAccount(greedy, { investorId: 5 })
    await mint(alice, 10, { id: investmentId('a') })
    const enforcer = ledger.connect(operator)
    const few = { gasLimit: 1_000_000 }
    await expect(enforcer.forcedTransfer(alice, greedy, PROJECT, 1, few)).to.be.revert(ethers)
    await expect(enforcer.transferLots([investmentId('a')], greedy, ZERO_HASH, few)).to.be.revert(ethers)
    const [flags, expiry, country, class_, investorId] = await ledger.accountOf(greedy)
    await ledger.connect(registry).relinkWallet(alice, greedy, { flags, expiry, country, class: class_, investorId })
    await expect(ledger.moveHoldings(alice, [PROJECT], few)).to.be.revert(ethers)
    // All is where it was, and can go on to somebody who takes it.
    expect(await ledger.balanceOf(alice, PROJECT)).to.equal(10)
    await enforcer.transferLots([investmentId('a')], bob, ZERO_HASH)
    expect(await ledger.balanceOf(bob, PROJECT)).to.equal(10)
  })
})

describe('A holder whose balance changed in very many epochs', () => {
  it('is passed over by claims for many, which have little gas for each, and is paid by a claim of its own', async () => {
    const { ledger, vault, token, alice, bob, elector, mint, distribute, send } = await networkHelpers.loadFixture(deployed)
    await mint(alice, 1000)
    await distribute(1000)
    for (let epoch = 0; epoch < 130; epoch++) {
      await send(alice, bob, 1)
      await ledger.connect(elector).openVoteEpoch(PROJECT)
    }
    await distribute(1000)
    await expect(vault.claimMany(PROJECT, [alice]))
      .to.emit(vault, 'ClaimSkipped')
      .withArgs(PROJECT, alice)
    const due = await ledger.claimableOf(PROJECT, alice)
    expect(due).to.equal(1000n + 870n)
    await expect(vault.connect(alice).claim([PROJECT])).to.changeTokenBalances(ethers, token, [alice], [due])
    // What is claimed in between costs nothing again.
    await distribute(1000)
    await expect(vault.claimMany(PROJECT, [alice])).to.changeTokenBalances(ethers, token, [alice], [870])
  })
})
