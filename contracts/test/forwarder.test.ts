import { expect } from 'chai'
import { type AnyContract, deployed, ethers, networkHelpers, PROJECT, type Signer, ZERO, ZERO_HASH } from './fixture.ts'

const TYPES = {
  ForwardRequest: [
    { name: 'from', type: 'address' },
    { name: 'to', type: 'address' },
    { name: 'value', type: 'uint256' },
    { name: 'gas', type: 'uint256' },
    { name: 'nonce', type: 'uint256' },
    { name: 'deadline', type: 'uint48' },
    { name: 'data', type: 'bytes' },
  ],
}

async function relayed() {
  const world = await deployed()
  await world.mint(world.alice, 100)
  const relay = world.forwarder.connect(world.stranger)
  const domain = {
    name: 'TerraLumina',
    version: '1',
    chainId: (await ethers.provider.getNetwork()).chainId,
    verifyingContract: await world.forwarder.getAddress(),
  }
  /** What `signer` asks of `target`, signed; `changes` are made before signing. */
  const request = async (signer: Signer, target: AnyContract, method: string, args: unknown[], changes = {}) => {
    const asked = {
      from: signer.address,
      to: await target.getAddress(),
      value: 0n,
      gas: 500_000n,
      nonce: await world.forwarder.nonces(signer),
      deadline: BigInt(await networkHelpers.time.latest()) + 3600n,
      data: target.interface.encodeFunctionData(method, args),
      ...changes,
    }
    return { ...asked, signature: await signer.signTypedData(domain, TYPES, asked) }
  }
  return { ...world, relay, request }
}

describe('A signed request', () => {
  it('moves the signer’s units while somebody else pays the gas', async () => {
    const { relay, forwarder, ledger, alice, bob, request } = await networkHelpers.loadFixture(relayed)
    const asked = await request(alice, ledger, 'safeTransferFrom', [alice.address, bob.address, PROJECT, 40, '0x'])
    expect(await forwarder.verify(asked)).to.equal(true)
    const sent = relay.execute(asked)
    // The operator of the event is the holder, not the forwarder.
    await expect(sent).to.emit(ledger, 'TransferSingle').withArgs(alice, alice, bob, PROJECT, 40)
    await expect(sent).to.emit(forwarder, 'ExecutedForwardRequest').withArgs(alice, 0, true)
    await expect(sent).to.changeEtherBalance(ethers, alice, 0)
    expect([await ledger.balanceOf(alice, PROJECT), await ledger.balanceOf(bob, PROJECT)]).to.deep.equal([60n, 40n])
  })

  it('is heard as the signer’s own call, without what the forwarder puts behind it', async () => {
    const { relay, manager, forwarder, alice, bob, request } = await networkHelpers.loadFixture(relayed)
    const probe = await ethers.deployContract('CallersProbe', [manager, forwarder])
    const data = probe.interface.encodeFunctionData('hear', [7])
    await expect(relay.execute(await request(alice, probe, 'hear', [7])))
      .to.emit(probe, 'Heard')
      .withArgs(alice, data)
    await expect(probe.connect(bob).getFunction('hear')(7)).to.emit(probe, 'Heard').withArgs(bob, data)
  })

  it('approves an operator', async () => {
    const { relay, ledger, alice, bob, request } = await networkHelpers.loadFixture(relayed)
    await relay.execute(await request(alice, ledger, 'setApprovalForAll', [bob.address, true]))
    expect(await ledger.isApprovedForAll(alice, bob)).to.equal(true)
  })

  it('claims the signer’s returns', async () => {
    const { relay, vault, token, alice, distribute, request } = await networkHelpers.loadFixture(relayed)
    await distribute(500)
    const asked = await request(alice, vault, 'claim', [[PROJECT]])
    await expect(relay.execute(asked)).to.changeTokenBalances(ethers, token, [alice], [500])
  })

  it('moves nobody else’s units', async () => {
    const { relay, forwarder, ledger, alice, bob, request } = await networkHelpers.loadFixture(relayed)
    const asked = await request(bob, ledger, 'safeTransferFrom', [alice.address, bob.address, PROJECT, 40, '0x'])
    await expect(relay.execute(asked)).to.be.revertedWithCustomError(forwarder, 'FailedCall')
    expect(await ledger.balanceOf(alice, PROJECT)).to.equal(100)
  })

  it('is used once', async () => {
    const { relay, forwarder, ledger, alice, bob, request } = await networkHelpers.loadFixture(relayed)
    const asked = await request(alice, ledger, 'safeTransferFrom', [alice.address, bob.address, PROJECT, 40, '0x'])
    await relay.execute(asked)
    expect(await forwarder.verify(asked)).to.equal(false)
    await expect(relay.execute(asked)).to.be.revertedWithCustomError(forwarder, 'ERC2771ForwarderInvalidSigner')
    expect(await ledger.balanceOf(alice, PROJECT)).to.equal(60)
  })

  it('expires', async () => {
    const { relay, forwarder, ledger, alice, bob, request } = await networkHelpers.loadFixture(relayed)
    const asked = await request(alice, ledger, 'setApprovalForAll', [bob.address, true])
    await networkHelpers.time.setNextBlockTimestamp(asked.deadline + 1n)
    await expect(relay.execute(asked)).to.be.revertedWithCustomError(forwarder, 'ERC2771ForwarderExpiredRequest').withArgs(asked.deadline)
  })

  it('is worth nothing when another signed it or a word of it was changed', async () => {
    const { relay, forwarder, ledger, alice, bob, stranger, request } = await networkHelpers.loadFixture(relayed)
    const forged = await request(bob, ledger, 'setApprovalForAll', [bob.address, true], { from: alice.address })
    await expect(relay.execute(forged)).to.be.revertedWithCustomError(forwarder, 'ERC2771ForwarderInvalidSigner').withArgs(bob, alice)
    const asked = await request(alice, ledger, 'setApprovalForAll', [bob.address, true])
    const other = ledger.interface.encodeFunctionData('setApprovalForAll', [stranger.address, true])
    for (const change of [{ data: other }, { gas: 1n }, { deadline: asked.deadline + 1n }]) {
      await expect(relay.execute({ ...asked, ...change })).to.be.revertedWithCustomError(forwarder, 'ERC2771ForwarderInvalidSigner')
    }
    await expect(relay.execute({ ...asked, value: 1n }))
      .to.be.revertedWithCustomError(forwarder, 'ERC2771ForwarderMismatchedValue')
      .withArgs(1, 0)
    expect(await ledger.isApprovedForAll(alice, bob)).to.equal(false)
  })

  it('is worth nothing with the other signature of the same key', async () => {
    const { relay, forwarder, ledger, alice, bob, request } = await networkHelpers.loadFixture(relayed)
    const asked = await request(alice, ledger, 'safeTransferFrom', [alice.address, bob.address, PROJECT, 40, '0x'])
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
    const { r, s, v } = ethers.Signature.from(asked.signature)
    const signature = ethers.concat([r, ethers.toBeHex(order - BigInt(s), 32), v === 27 ? '0x1c' : '0x1b'])
    await expect(relay.execute({ ...asked, signature })).to.be.revertedWithCustomError(forwarder, 'ERC2771ForwarderInvalidSigner')
    await relay.execute(asked)
    expect(await ledger.balanceOf(bob, PROJECT)).to.equal(40)
  })

  it('for another chain or another forwarder is worth nothing', async () => {
    const { relay, forwarder, ledger, alice, bob, request } = await networkHelpers.loadFixture(relayed)
    const asked = await request(alice, ledger, 'setApprovalForAll', [bob.address, true])
    const { signature: _, ...unsigned } = asked
    const own = { name: 'TerraLumina', version: '1', chainId: 31337n, verifyingContract: await forwarder.getAddress() }
    for (const domain of [
      { ...own, chainId: 137n },
      { ...own, verifyingContract: bob.address },
      { ...own, name: 'TerraLuminaOwnership' },
    ]) {
      const signature = await alice.signTypedData(domain, TYPES, unsigned)
      await expect(relay.execute({ ...asked, signature })).to.be.revertedWithCustomError(forwarder, 'ERC2771ForwarderInvalidSigner')
    }
  })

  it('among many that is not valid is left out, and the others go through', async () => {
    const { relay, forwarder, ledger, alice, bob, request } = await networkHelpers.loadFixture(relayed)
    const good = await request(alice, ledger, 'safeTransferFrom', [alice.address, bob.address, PROJECT, 40, '0x'])
    const forged = await request(bob, ledger, 'setApprovalForAll', [bob.address, true], { from: alice.address, nonce: 1n })
    await relay.executeBatch([good, forged], bob)
    expect(await ledger.balanceOf(bob, PROJECT)).to.equal(40)
    expect(await ledger.isApprovedForAll(alice, bob)).to.equal(false)
    await expect(relay.executeBatch([good, forged], ZERO)).to.be.revertedWithCustomError(forwarder, 'ERC2771ForwarderInvalidSigner')
  })

  it('reaches only contracts that trust the forwarder', async () => {
    const { relay, forwarder, token, alice, bob, request } = await networkHelpers.loadFixture(relayed)
    const asked = await request(alice, token, 'approve', [bob.address, 1])
    await expect(relay.execute(asked)).to.be.revertedWithCustomError(forwarder, 'ERC2771UntrustfulTarget').withArgs(token, forwarder)
  })
})

describe('An officer’s signed request', () => {
  it('is refused, because roles are the sender’s and the sender is the forwarder', async () => {
    const { relay, forwarder, ledger, minter, registry, operator, alice, request } = await networkHelpers.loadFixture(relayed)
    const record = { flags: 3, expiry: 2n ** 40n - 1n, country: 276, class: 0, investorId: 5 }
    const voucher = { deadline: 2n ** 40n - 1n, signature: '0x' }
    for (const [officer, method, args] of [
      [minter, 'mintInvestments', [PROJECT, [], voucher]],
      [registry, 'setAccount', [alice.address, record]],
      [operator, 'setProjectState', [PROJECT, 4, ZERO_HASH]],
      [operator, 'pause', []],
    ] as [Signer, string, unknown[]][]) {
      const asked = await request(officer, ledger, method, args)
      await expect(relay.execute(asked), method).to.be.revertedWithCustomError(forwarder, 'FailedCall')
      // The forwarder hides why: ask the ledger the same as the forwarder would.
      const error = method === 'pause' || method === 'setProjectState' ? 'AccessManagedUnauthorized' : 'MissingRole'
      const call = ethers.provider.call({
        from: await forwarder.getAddress(),
        to: asked.to,
        data: ethers.concat([asked.data, officer.address]),
      })
      const revert = await call.then(
        () => 'none',
        (reason) => ledger.interface.parseError(reason.data ?? reason.error?.data),
      )
      expect(revert.name, method).to.equal(error)
      expect(revert.args[0], method).to.equal(await forwarder.getAddress())
    }
  })

  it('from anywhere else cannot pass for the holder’s by words at its end', async () => {
    const { ledger, alice, bob } = await networkHelpers.loadFixture(relayed)
    const data = ledger.interface.encodeFunctionData('safeTransferFrom', [alice.address, bob.address, PROJECT, 40, '0x'])
    await expect(bob.sendTransaction({ to: ledger, data: ethers.concat([data, alice.address]) }))
      .to.be.revertedWithCustomError(ledger, 'ERC1155MissingApprovalForAll')
      .withArgs(bob, alice)
  })
})
