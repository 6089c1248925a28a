import { expect } from 'chai'
import {
  type AnyContract,
  CANCEL_BEFORE_CLOSE,
  COMMITMENT_STATE,
  deployed,
  ethers,
  FLAG,
  failed,
  HARD_CAP,
  METHOD,
  networkHelpers,
  OTHER_PROJECT,
  onSale,
  PRICE,
  PROJECT,
  SALE_STATE,
  type Signer,
  salt,
  succeeded,
  ZERO,
} from './sale-scene.ts'

const { loadFixture, time } = networkHelpers

describe('A commitment', () => {
  it('takes exactly units times price into escrow, under an id that names its buyer', async () => {
    const { sale, ledger, currency, alice } = await loadFixture(onSale)
    const id = await sale.investmentIdOf(PROJECT, alice, salt('a'))
    expect(await sale.connect(alice).commit.staticCall(PROJECT, 30, salt('a'))).to.equal(id)
    const committing = sale.connect(alice).commit(PROJECT, 30, salt('a'))
    await expect(committing)
      .to.emit(sale, 'Committed')
      .withArgs(id, PROJECT, alice, 30, 30 * PRICE, METHOD.escrow, 30)
    await expect(committing).to.changeTokenBalances(ethers, currency, [alice, sale], [-30 * PRICE, 30 * PRICE])
    const now = await time.latest()
    const { terms, ...shown } = (await sale.saleOf(PROJECT)).toObject()
    expect(shown).to.deep.include({ openUnits: 30n, openFiatUnits: 0n, investors: 1n, escrow: BigInt(30 * PRICE), proceeds: 0n })
    expect((await sale.commitmentOf(id)).toObject()).to.deep.equal({
      state: BigInt(COMMITMENT_STATE.open),
      method: BigInt(METHOD.escrow),
      projectId: BigInt(PROJECT),
      buyer: alice.address,
      units: 30n,
      amount: BigInt(30 * PRICE),
      committedAt: BigInt(now),
      cancellableUntil: terms.closesAt - BigInt(CANCEL_BEFORE_CLOSE),
    })
    expect(await sale.committedUnitsOf(PROJECT, alice)).to.equal(30)
    expect(await ledger.totalSupply(PROJECT)).to.equal(0)
    expect((await ledger.receiptOf(id)).investor).to.equal(ZERO)
  })

  it('has an id of its own for every chain, contract, project, buyer and salt', async () => {
    const { sale, alice, bob } = await loadFixture(onSale)
    const ids = [
      await sale.investmentIdOf(PROJECT, alice, salt('a')),
      await sale.investmentIdOf(PROJECT, alice, salt('b')),
      await sale.investmentIdOf(PROJECT, bob, salt('a')),
      await sale.investmentIdOf(OTHER_PROJECT, alice, salt('a')),
    ]
    expect(new Set(ids).size).to.equal(4)
    const types = ['uint256', 'address', 'uint24', 'address', 'bytes32']
    const { chainId } = await ethers.provider.getNetwork()
    const values = [chainId, await sale.getAddress(), PROJECT, alice.address, salt('a')]
    expect(ids[0]).to.equal(ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode(types, values)))
  })

  it('can be made from the first second to the last before the close', async () => {
    const { sale, alice, open } = await loadFixture(deployed)
    const commit = (name: string) => sale.connect(alice).commit(PROJECT, 1, salt(name))
    await expect(commit('none')).to.be.revertedWithCustomError(sale, 'WrongSaleState').withArgs(PROJECT, SALE_STATE.none)
    const terms = await open()
    await commit('first')
    await time.setNextBlockTimestamp(terms.closesAt - 1)
    await commit('last')
    await time.setNextBlockTimestamp(terms.closesAt)
    await expect(commit('late'))
      .to.be.revertedWithCustomError(sale, 'OutsideOpeningPeriod')
      .withArgs(PROJECT, terms.opensAt, terms.closesAt)
  })

  it('is refused before the opening', async () => {
    const { sale, alice, saleTerms } = await loadFixture(deployed)
    const terms = await saleTerms()
    await sale.openSale(PROJECT, terms)
    await time.setNextBlockTimestamp(terms.opensAt - 1)
    await expect(sale.connect(alice).commit(PROJECT, 1, salt('early')))
      .to.be.revertedWithCustomError(sale, 'OutsideOpeningPeriod')
      .withArgs(PROJECT, terms.opensAt, terms.closesAt)
    await time.setNextBlockTimestamp(terms.opensAt)
    await sale.connect(alice).commit(PROJECT, 1, salt('in time'))
  })

  it('is refused after the outcome, whatever it was', async () => {
    for (const [scene, state] of [
      [succeeded, SALE_STATE.succeeded],
      [failed, SALE_STATE.failed],
    ] as const) {
      const { sale, alice } = await loadFixture(scene)
      for (const call of [
        () => sale.connect(alice).commit(PROJECT, 1, salt('late')),
        () => sale.connect(alice).commitWithPermit(PROJECT, 1, salt('late'), 0, 27, ethers.ZeroHash, ethers.ZeroHash),
      ])
        await expect(call()).to.be.revertedWithCustomError(sale, 'WrongSaleState').withArgs(PROJECT, state)
    }
  })

  it('of nothing, or under a used id, is refused', async () => {
    const { sale, alice, bob } = await loadFixture(onSale)
    await expect(sale.connect(alice).commit(PROJECT, 0, salt('a')))
      .to.be.revertedWithCustomError(sale, 'ZeroUnits')
      .withArgs(await sale.investmentIdOf(PROJECT, alice, salt('a')))
    await sale.connect(alice).commit(PROJECT, 1, salt('a'))
    const id = await sale.investmentIdOf(PROJECT, alice, salt('a'))
    const again = () => sale.connect(alice).commit(PROJECT, 1, salt('a'))
    await expect(again()).to.be.revertedWithCustomError(sale, 'InvestmentIdUsed').withArgs(id)
    await sale.connect(alice).cancel(id)
    await expect(again()).to.be.revertedWithCustomError(sale, 'InvestmentIdUsed').withArgs(id)
    await sale.connect(bob).commit(PROJECT, 1, salt('a'))
  })

  it('needs money and allowance', async () => {
    const { sale, currency, alice, stranger, setAccount } = await loadFixture(onSale)
    await setAccount(stranger)
    await expect(sale.connect(stranger).commit(PROJECT, 1, salt('a')))
      .to.be.revertedWithCustomError(currency, 'ERC20InsufficientAllowance')
      .withArgs(sale, 0, PRICE)
    await currency.connect(alice).transfer(stranger, await currency.balanceOf(alice))
    await expect(sale.connect(alice).commit(PROJECT, 1, salt('a')))
      .to.be.revertedWithCustomError(currency, 'ERC20InsufficientBalance')
      .withArgs(alice, 0, PRICE)
    expect((await sale.saleOf(PROJECT)).openUnits).to.equal(0)
  })

  it('is refused to whoever could not receive the units', async () => {
    const { sale, ledger, alice, stranger, setAccount, fund } = await loadFixture(onSale)
    const refused = async (buyer: Signer) =>
      expect(sale.connect(buyer).commit(PROJECT, 1, salt('a')))
        .to.be.revertedWithCustomError(sale, 'BuyerNotEligible')
        .withArgs(PROJECT, buyer)
    await fund(stranger)
    await refused(stranger)
    await setAccount(alice, { flags: FLAG.send })
    await refused(alice)
    await setAccount(alice, { expiry: await time.latest() })
    await refused(alice)
    const blocked = [0n, 0n, 0n, 0n]
    blocked[276 >> 8] = 1n << 20n // 276 = 256 + 20
    await ledger.setBlockedCountries(PROJECT, blocked)
    await setAccount(alice)
    await refused(alice)
    await setAccount(alice, { country: 277 })
    await sale.connect(alice).commit(PROJECT, 1, salt('c'))
    await setAccount(alice, { country: 1024 })
    for (const word of [0, 1, 2, 3]) {
      await ledger.setBlockedCountries(PROJECT, Object.assign([0n, 0n, 0n, 0n], { [word]: 1n }))
      await refused(alice)
    }
    await ledger.setBlockedCountries(PROJECT, [0n, 0n, 0n, 0n])
    await sale.connect(alice).commit(PROJECT, 1, salt('b'))
  })

  it('never exceeds the hard cap, and the last unit goes to whoever is first', async () => {
    const { sale, alice, bob, carol, commit } = await loadFixture(onSale)
    await commit(alice, HARD_CAP - 1)
    await expect(commit(bob, 2))
      .to.be.revertedWithCustomError(sale, 'HardCapExceeded')
      .withArgs(PROJECT, HARD_CAP, HARD_CAP + 1)
    // Both in one block.
    const { provider } = ethers
    await provider.send('evm_setAutomine', [false])
    const race = []
    for (const buyer of [bob, carol]) race.push(await sale.connect(buyer).commit(PROJECT, 1, salt('race'), { gasLimit: 1_000_000 }))
    await provider.send('evm_mine', [])
    await provider.send('evm_setAutomine', [true])
    const receipts = await Promise.all(race.map((sent) => provider.getTransactionReceipt(sent.hash)))
    expect(receipts.map((receipt) => receipt?.status).sort()).to.deep.equal([0, 1])
    expect(receipts[0]?.blockNumber).to.equal(receipts[1]?.blockNumber)
    expect((await sale.saleOf(PROJECT)).openUnits).to.equal(HARD_CAP)
    await expect(commit(bob, 2n ** 56n - 1n))
      .to.be.revertedWithCustomError(sale, 'HardCapExceeded')
      .withArgs(PROJECT, HARD_CAP, BigInt(HARD_CAP) + 2n ** 56n - 1n)
  })

  it('frees its units for others when it is cancelled', async () => {
    const { sale, alice, bob, commit } = await loadFixture(onSale)
    const id = await commit(alice, HARD_CAP)
    await sale.connect(alice).cancel(id)
    await commit(bob, HARD_CAP)
    expect((await sale.saleOf(PROJECT)).investors).to.equal(1)
  })

  it('counts against the limit of the investor, whatever the address', async () => {
    const { sale, alice, bob, carol, setAccount, open, commit, commitFiat } = await loadFixture(deployed)
    await open({ maxUnitsPerInvestor: 50 })
    await setAccount(alice, { investorId: 42 })
    await setAccount(bob, { investorId: 42 })
    const first = await commit(alice, 30)
    await commitFiat(bob, 20)
    expect(await sale.committedUnitsOf(PROJECT, alice)).to.equal(50)
    expect((await sale.saleOf(PROJECT)).investors).to.equal(1)
    for (const buyer of [alice, bob])
      await expect(commit(buyer, 1)).to.be.revertedWithCustomError(sale, 'InvestorLimitExceeded').withArgs(PROJECT, 50, 51)
    await commit(carol, 50)
    await sale.connect(alice).cancel(first)
    await commit(bob, 30)
    expect((await sale.saleOf(PROJECT)).investors).to.equal(2)
  })

  it('counts an account that names nobody by its address', async () => {
    const { sale, alice, bob, setAccount, open, commit } = await loadFixture(deployed)
    await open({ maxUnitsPerInvestor: 50 })
    for (const account of [alice, bob]) await setAccount(account, { investorId: 0 })
    await commit(alice, 50)
    await commit(bob, 50)
    await expect(commit(alice, 1)).to.be.revertedWithCustomError(sale, 'InvestorLimitExceeded').withArgs(PROJECT, 50, 51)
    expect((await sale.saleOf(PROJECT)).investors).to.equal(2)
  })

  it('is refused to more investors than the project may have holders', async () => {
    const { sale, alice, bob, carol, createProject, open, commit } = await loadFixture(deployed)
    await createProject(OTHER_PROJECT, { maxHolders: 2 })
    await open({}, OTHER_PROJECT)
    await commit(alice, 1, OTHER_PROJECT)
    const id = await commit(bob, 1, OTHER_PROJECT)
    await expect(commit(carol, 1, OTHER_PROJECT))
      .to.be.revertedWithCustomError(sale, 'TooManyInvestors')
      .withArgs(OTHER_PROJECT, 2)
    await commit(alice, 1, OTHER_PROJECT)
    await sale.connect(bob).cancel(id)
    await commit(carol, 1, OTHER_PROJECT)
  })

  it('costs the exact product also where both factors are as large as they can be', async () => {
    const { sale, currency, alice, createProject, open } = await loadFixture(deployed)
    const units = 2n ** 56n - 1n
    const price = 2n ** 96n - 1n
    await createProject(OTHER_PROJECT, { cap: units })
    await open({ pricePerUnit: price, targetUnits: units, hardCapUnits: units }, OTHER_PROJECT)
    await currency.mint(alice, units * price)
    const committing = sale.connect(alice).commit(OTHER_PROJECT, units, salt('all'))
    await expect(committing).to.changeTokenBalances(ethers, currency, [alice, sale], [-(units * price), units * price])
    expect((await sale.saleOf(OTHER_PROJECT)).escrow).to.equal(units * price)
  })

  it('takes currencies that return nothing and refuses those that keep a part, lie or answer false', async () => {
    for (const [name, error] of [
      ['MuteToken', null],
      ['FeeToken', 'UnexpectedTokenAmount'],
      ['SaleFalseToken', 'SafeERC20FailedOperation'],
      ['SaleLyingToken', 'UnexpectedTokenAmount'],
    ] as const) {
      const { sale, alice, open, fund } = await loadFixture(deployed)
      const token: AnyContract = await ethers.deployContract(name)
      await fund(alice, token)
      await open({ currency: await token.getAddress(), pricePerUnit: 100 })
      const committing = sale.connect(alice).commit(PROJECT, 10, salt('a'))
      if (error === null) await expect(committing).to.emit(sale, 'Committed')
      else if (error === 'SafeERC20FailedOperation') await expect(committing).to.be.revertedWithCustomError(sale, error).withArgs(token)
      else
        await expect(committing)
          .to.be.revertedWithCustomError(sale, error)
          .withArgs(1000, name === 'FeeToken' ? 990 : 0)
    }
  })
})
