import { expect } from 'chai'
import { type AnyContract, BOTH_WAYS, FLAG, FOREVER, networkHelpers, type Signer, ZERO } from './fixture.ts'
import { INVESTOR, record, withInvestor } from './relink-scene.ts'

describe('Accounts', () => {
  it('are written whole and told whole', async () => {
    const { ledger, registry, dave } = await networkHelpers.loadFixture(withInvestor)
    await expect(
      ledger.connect(registry).setAccount(dave, { flags: 15, expiry: FOREVER, country: 65_535, class: 255, investorId: 2n ** 64n - 1n }),
    )
      .to.emit(ledger, 'AccountSet')
      .withArgs(dave, 15, FOREVER, 65_535, 255, 2n ** 64n - 1n)
    expect((await ledger.accountOf(dave)).toArray()).to.deep.equal([15n, BigInt(FOREVER), 65_535n, 255n, 2n ** 64n - 1n])
    await ledger.connect(registry).setAccount(dave, record({ flags: 0 }))
    expect((await ledger.accountOf(dave)).toArray()).to.deep.equal([0n, BigInt(FOREVER), 276n, 1n, 5n])
  })

  it('have no flags that only the ledger sets', async () => {
    const { ledger, dave, alice, relink, setAccount } = await networkHelpers.loadFixture(withInvestor)
    for (const flags of [16, 19, 128, 255]) {
      await expect(setAccount(dave, { flags })).to.be.revertedWithCustomError(ledger, 'InvalidFlags').withArgs(flags)
      await expect(relink(alice, dave, { flags }))
        .to.be.revertedWithCustomError(ledger, 'InvalidFlags')
        .withArgs(flags)
    }
  })

  it('are nobody’s at the zero address', async () => {
    const { ledger, setAccount } = await networkHelpers.loadFixture(withInvestor)
    await expect(setAccount(ZERO)).to.be.revertedWithCustomError(ledger, 'ERC1155InvalidReceiver').withArgs(ZERO)
  })
})

describe('A change of wallet', () => {
  it('retires the old one for ever and registers the new one', async () => {
    const { ledger, alice, dave, relink, setAccount } = await networkHelpers.loadFixture(withInvestor)
    const change = relink(alice, dave)
    await expect(change).to.emit(ledger, 'AccountSet').withArgs(alice, FLAG.retired, FOREVER, 276, 0, INVESTOR)
    await expect(change).to.emit(ledger, 'AccountSet').withArgs(dave, BOTH_WAYS, FOREVER, 276, 1, INVESTOR)
    await expect(change).to.emit(ledger, 'WalletRelinked').withArgs(INVESTOR, alice, dave)
    expect(await ledger.successorOf(alice)).to.equal(dave.address)
    expect(await ledger.successorOf(dave)).to.equal(ZERO)
    expect([await ledger.canSend(alice), await ledger.canReceive(alice), await ledger.canReceive(dave)]).to.deep.equal([false, false, true])
    await expect(setAccount(alice)).to.be.revertedWithCustomError(ledger, 'AccountRetired').withArgs(alice)
  })

  it('is refused where it makes no sense or would be a way out', async () => {
    const { ledger, alice, bob, carol, dave, relink, setAccount } = await networkHelpers.loadFixture(withInvestor)
    const refused = async (from: Signer, to: AnyContract, changes: Record<string, unknown> = {}) =>
      expect(relink(from, to, changes))
        .to.be.revertedWithCustomError(ledger, 'InvalidRelink')
        .withArgs(from, to)
    await refused(alice, alice)
    await refused(alice, ZERO)
    await refused(alice, dave, { investorId: 6 })
    await refused(alice, dave, { flags: FLAG.send })
    await refused(bob, dave, { investorId: 0 })
    await refused(bob, dave)
    await setAccount(carol, { investorId: 6 })
    await refused(alice, carol)
    await setAccount(alice, { investorId: INVESTOR, flags: BOTH_WAYS | FLAG.frozen })
    await refused(alice, dave)
    await setAccount(alice, { investorId: INVESTOR })
    await setAccount(dave, { flags: FLAG.frozen })
    await refused(alice, dave)
    await relink(alice, dave, { flags: BOTH_WAYS | FLAG.frozen })
    for (const [from, to] of [
      [alice, carol],
      [dave, alice],
    ] as const)
      await expect(relink(from, to, { flags: BOTH_WAYS | FLAG.frozen }))
        .to.be.revertedWithCustomError(ledger, 'AccountRetired')
        .withArgs(alice)
  })

  it('may lead to another wallet of the same investor', async () => {
    const { ledger, alice, carol, relink, setAccount } = await networkHelpers.loadFixture(withInvestor)
    await setAccount(carol, { investorId: INVESTOR })
    await relink(alice, carol)
    expect(await ledger.successorOf(alice)).to.equal(carol.address)
  })
})
