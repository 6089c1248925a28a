import { expect } from 'chai'
import { type AnyContract, ethers, networkHelpers, PROJECT, ROLE, TREASURY, ZERO_HASH } from './fixture.ts'
import { OTHER, passClawbackDeadline, withHolders, withToken } from './vault-scene.ts'

const MOOD = { fine: 0, false: 1, greedy: 2, loud: 3 } as const
const REENTERED = ethers.id('ReentrancyGuardReentrantCall()').slice(0, 10)

describe('The vault, among bad tokens', () => {
  it('refuses a token that keeps a part of what it moves', async () => {
    const { vault, ledger, odd, treasurer, distribute } = await withToken('FeeToken')
    await expect(distribute(1000, OTHER)).to.be.revertedWithCustomError(vault, 'UnexpectedTokenAmount').withArgs(1000, 990)
    expect((await ledger.projectOf(OTHER)).epoch).to.equal(0)
    expect(await odd.balanceOf(treasurer)).to.equal(10n ** 18n)
    await distribute(99, OTHER)
    expect(await odd.balanceOf(vault), 'too little for a fee').to.equal(99)
  })

  it('works with a token that answers nothing', async () => {
    const { vault, odd, alice, bob, distribute } = await withToken('MuteToken')
    await distribute(1000, OTHER)
    await vault.connect(alice).claim([OTHER])
    await vault.claimMany(OTHER, [bob])
    expect([await odd.balanceOf(alice), await odd.balanceOf(bob), await odd.balanceOf(vault)]).to.deep.equal([600n, 400n, 0n])
  })

  it('takes a false answer for a refusal, both ways', async () => {
    const { vault, ledger, odd, alice, bob, distribute } = await withToken('MoodyToken')
    await odd.setMood(vault, MOOD.false)
    await expect(distribute(1000, OTHER)).to.be.revertedWithCustomError(vault, 'SafeERC20FailedOperation').withArgs(odd)
    expect((await ledger.projectOf(OTHER)).epoch).to.equal(0)
    await odd.setMood(vault, MOOD.fine)
    await distribute(1000, OTHER)
    await odd.setMood(alice, MOOD.false)
    await expect(vault.connect(alice).claim([OTHER]))
      .to.be.revertedWithCustomError(vault, 'SafeERC20FailedOperation')
      .withArgs(odd)
    await expect(vault.claimMany(OTHER, [alice, bob]))
      .to.emit(vault, 'ClaimSkipped')
      .withArgs(OTHER, alice)
    expect(await ledger.claimableOf(OTHER, alice)).to.equal(600)
    expect([await odd.balanceOf(alice), await odd.balanceOf(bob)]).to.deep.equal([0n, 400n])
  })

  it('of many claims skips those that burn all gas or answer with very much data, and pays the rest', async () => {
    const { vault, ledger, odd, alice, bob, carol, dave, mint, setAccount, distribute } = await withToken('MoodyToken')
    await setAccount(dave)
    await mint(carol, 50, { projectId: OTHER })
    await mint(dave, 50, { projectId: OTHER })
    await distribute(2000, OTHER)
    await odd.setMood(alice, MOOD.greedy)
    await odd.setMood(carol, MOOD.loud)
    const many = vault.claimMany(OTHER, [alice, bob, carol, dave], { gasLimit: 3_000_000 })
    for (const [holder, due] of [
      [alice, 600n],
      [carol, 500n],
    ] as const) {
      await expect(many).to.emit(vault, 'ClaimSkipped').withArgs(OTHER, holder)
      expect(await ledger.claimableOf(OTHER, holder)).to.equal(due)
    }
    expect([await odd.balanceOf(bob), await odd.balanceOf(dave)]).to.deep.equal([400n, 500n])
    expect(Number((await (await many).wait()).gasUsed), 'a payment may burn half a million, no more').to.be.below(1_500_000)
    await odd.setMood(alice, MOOD.fine)
    await vault.connect(alice).claim([OTHER])
    expect(await odd.balanceOf(alice)).to.equal(600)
  })

  it('pays once even when the token calls back in the middle', async () => {
    const { vault, ledger, odd, admin, alice, treasurer, distribute } = await withToken('CallingToken')
    await ledger.connect(admin).setRole(odd, ROLE.treasurer)
    await distribute(1000, OTHER)
    const calls: [string, unknown[]][] = [
      ['claimFor', [OTHER, alice.address]],
      ['claimMany', [OTHER, [alice.address]]],
      ['claim', [[OTHER]]],
      ['distributeReturns', [ethers.id('y'), OTHER, 1, ZERO_HASH, '']],
      ['buyOut', [ethers.id('y'), OTHER, 1, ZERO_HASH, '']],
    ]
    for (const [name, args] of calls) {
      for (const pay of [() => vault.connect(alice).claim([OTHER]), () => vault.claimMany(OTHER, [alice])]) {
        const before = await networkHelpers.takeSnapshot()
        await odd.arm(vault, vault.interface.encodeFunctionData(name, args))
        await pay()
        expect([await odd.called(), await odd.succeeded(), await odd.answer()], name).to.deep.equal([true, false, REENTERED])
        expect([await odd.balanceOf(alice), await odd.balanceOf(vault)], name).to.deep.equal([600n, 400n])
        await vault.connect(treasurer).distributeReturns(ethers.id(name), OTHER, 100, ZERO_HASH, '')
        expect([await odd.balanceOf(vault), await ledger.claimableOf(OTHER, alice)], name).to.deep.equal([500n, 60n])
        await before.restore()
      }
    }
  })

  it('lets nothing be claimed in the middle of a distribution, and never owes what it has not', async () => {
    const { vault, ledger, odd, alice, distribute } = await withToken('CallingToken')
    await distribute(1000, OTHER)
    await odd.arm(vault, vault.interface.encodeFunctionData('claimFor', [OTHER, alice.address]))
    await distribute(500, OTHER)
    expect([await odd.called(), await odd.answer()]).to.deep.equal([true, REENTERED])
    await odd.arm(ledger, ledger.interface.encodeFunctionData('claimableOf', [OTHER, alice.address]))
    await distribute(500, OTHER)
    expect(BigInt(await odd.answer()), 'the epoch opens after the money came').to.equal(900)
    expect(await ledger.claimableOf(OTHER, alice)).to.equal(1200)
  })

  it('shows the claim as made when the token looks in the middle of the payment', async () => {
    const { vault, ledger, odd, alice, distribute } = await withToken('CallingToken')
    await distribute(1000, OTHER)
    await odd.arm(ledger, ledger.interface.encodeFunctionData('claimableOf', [OTHER, alice.address]))
    await vault.connect(alice).claim([OTHER])
    expect(BigInt(await odd.answer())).to.equal(0)
  })

  it('clawing back calls no token before the ledger is settled, and can not be entered from it', async () => {
    const world = await withToken('CallingToken')
    const { vault, ledger, manager, odd, admin, alice, bob, distribute } = world
    await distribute(1000, OTHER)
    await passClawbackDeadline(world, OTHER)
    await manager.connect(admin).grantRole(await manager.ADMIN_ROLE(), odd, 0)
    await odd.arm(vault, vault.interface.encodeFunctionData('clawback', [OTHER, [bob.address]]))
    await vault.connect(admin).clawback(OTHER, [alice])
    expect([await odd.called(), await odd.answer()]).to.deep.equal([true, REENTERED])
    expect([await odd.balanceOf(TREASURY), await ledger.claimableOf(OTHER, bob)]).to.deep.equal([600n, 400n])
  })

  it('takes a false answer for a refusal when it claws back', async () => {
    const world = await withToken('MoodyToken')
    const { vault, ledger, odd, admin, alice, distribute } = world
    await distribute(1000, OTHER)
    await passClawbackDeadline(world, OTHER)
    await odd.setMood(TREASURY, MOOD.false)
    await expect(vault.connect(admin).clawback(OTHER, [alice]))
      .to.be.revertedWithCustomError(vault, 'SafeERC20FailedOperation')
      .withArgs(odd)
    expect(await ledger.claimableOf(OTHER, alice)).to.equal(600)
  })

  it('keeps its sums when the token moves units in the middle of a payment', async () => {
    const { vault, ledger, odd, alice, bob, operator, distribute, announceExit } = await withToken('CallingToken')
    await distribute(1000, OTHER)
    await ledger.connect(bob).setApprovalForAll(odd, true)
    await odd.arm(ledger, ledger.interface.encodeFunctionData('safeTransferFrom', [bob.address, alice.address, OTHER, 40, '0x']))
    await vault.connect(alice).claim([OTHER])
    expect(await odd.succeeded()).to.equal(true)
    expect([await ledger.claimableOf(OTHER, alice), await ledger.claimableOf(OTHER, bob)]).to.deep.equal([0n, 400n])
    await odd.arm(ethers.ZeroAddress, '0x')
    await distribute(100, OTHER)
    await announceExit()
    await ledger.connect(operator).beginExit(OTHER)
    await odd.arm(ledger, ledger.interface.encodeFunctionData('exitBatch', [OTHER, [alice.address, bob.address]]))
    await vault.claimMany(OTHER, [bob, alice])
    expect(await odd.succeeded()).to.equal(true)
    expect([await odd.balanceOf(alice), await odd.balanceOf(bob), await odd.balanceOf(vault)]).to.deep.equal([700n, 400n, 0n])
  })

  it('is not harmed by money that somebody just sends', async () => {
    const { vault, ledger, token, stranger, alice, distribute } = await networkHelpers.loadFixture(withHolders)
    await (token as AnyContract).mint(stranger, 77)
    await token.connect(stranger).transfer(vault, 77)
    await distribute(1000)
    expect(await ledger.claimableOf(PROJECT, alice)).to.equal(600)
    expect(await token.balanceOf(vault)).to.equal(1077)
  })
})
