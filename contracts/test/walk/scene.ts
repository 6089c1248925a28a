import { type AnyContract, DAY, deployLedger, ethers, ROLE, type Signer, ZERO } from '../fixture.ts'
import { emptyModel, type Model, show } from './model.ts'
import { CLAWBACK_NOTICE } from './money.ts'

/** The contracts of a walk, called by the bare protocol: a step costs a millisecond or two. */

export interface Scene {
  ledger: AnyContract
  vault: AnyContract
  registrar: AnyContract
  tokens: AnyContract[]
  rules: AnyContract
  daos: string[]
  documents: AnyContract
  receivers: string[]
  /** The receivers as contracts. */
  hooks: AnyContract[]
  refuser: string
  /** Holds every role of the access manager, here. */
  admin: string
  minter: string
  seller: string
  elector: string
  treasurer: string
  registry: string
  forwarder: string
  /** Key of the payment attestor, and of the identity attestor. */
  payments: AnyContract
  identity: AnyContract
  chainId: number
}
export interface Sent {
  /** Error and arguments of a call that reverted. */
  refusal: string | null
  /** Events of ledger, vault and registrar, as the model shows them. */
  log: string[]
}

export async function setScene(): Promise<Scene> {
  const signers = (await ethers.getSigners()) as Signer[]
  const [admin, minter, seller, elector, treasurer, registry] = signers.map(({ address }) => address) as [
    string,
    string,
    string,
    string,
    string,
    string,
  ]
  const payments = new ethers.Wallet(ethers.id('payment attestor'))
  const identity = new ethers.Wallet(ethers.id('identity attestor'))
  const manager: AnyContract = await ethers.deployContract('AccessManager', [admin])
  const forwarder: AnyContract = await ethers.deployContract('TerraLuminaForwarder')
  const ledger = await deployLedger(manager, forwarder)
  const vault: AnyContract = await ethers.deployContract('TerraLuminaVault', [manager, forwarder, ledger, CLAWBACK_NOTICE])
  const registrar: AnyContract = await ethers.deployContract('TerraLuminaRegistrar', [manager, ledger])
  const tokens: AnyContract[] = [await ethers.deployContract('TestUsdc'), await ethers.deployContract('BlockingToken')]
  const rules = await ethers.deployContract('ResidueRules')
  const dao = await ethers.deployContract('CommunityDao', [0, [], [], ZERO])
  const documents: AnyContract = await ethers.deployContract('TerraLuminaDocuments', [manager, ledger])
  const hooks: AnyContract[] = []
  for (let i = 0; i < 2; i++) hooks.push(await ethers.deployContract('CallingReceiver'))
  const receivers: string[] = hooks.map(({ target }) => target)
  const refuser = await (await ethers.deployContract('RefusingReceiver')).getAddress()
  const roles = [
    [minter, ROLE.minter],
    [payments.address, ROLE.paymentAttestor],
    [identity.address, ROLE.identityAttestor],
    [treasurer, ROLE.treasurer],
    [registry, ROLE.registrar],
    [registrar, ROLE.registrar],
    [vault, ROLE.vault],
    [seller, ROLE.sale],
    [elector, ROLE.governor],
  ] as const
  for (const [account, role] of roles) await ledger.setRole(account, role)
  for (const token of tokens) {
    await vault.setTokenAllowed(token, true)
    await token.mint(treasurer, 10n ** 18n)
    await token.connect(signers[4]).approve(vault, 10n ** 18n)
  }
  const { chainId } = await ethers.provider.getNetwork()
  for (const address of [...receivers, await forwarder.getAddress(), payments.address, identity.address]) await unlock(address)
  const daos = [await dao.getAddress(), receivers[0]!]
  return {
    ledger,
    vault,
    registrar,
    tokens,
    rules,
    daos,
    documents,
    receivers,
    hooks,
    refuser,
    admin,
    minter,
    seller,
    elector,
    treasurer,
    registry,
    forwarder: await forwarder.getAddress(),
    payments,
    identity,
    chainId: Number(chainId),
  }
}

/** The model of the scene as it was set. */
export async function firstModel(scene: Scene): Promise<Model> {
  const { ledger, vault, registrar, tokens, rules } = scene
  const block = await ethers.provider.send('eth_getBlockByNumber', ['latest', false])
  const model = emptyModel(Math.ceil((Number(block.timestamp) + 10 * DAY) / DAY) * DAY)
  const roles = [
    [scene.minter, ROLE.minter],
    [scene.payments.address, ROLE.paymentAttestor],
    [scene.identity.address, ROLE.identityAttestor],
    [scene.treasurer, ROLE.treasurer],
    [scene.registry, ROLE.registrar],
    [await registrar.getAddress(), ROLE.registrar],
    [await vault.getAddress(), ROLE.vault],
    [scene.seller, ROLE.sale],
    [scene.elector, ROLE.governor],
  ] as const
  for (const [account, role] of roles) model.roles.set(account, role)
  for (const token of tokens) {
    model.allowedTokens.set(await token.getAddress(), true)
    model.money.set(`${await token.getAddress()} ${scene.treasurer}`, 10n ** 18n)
  }
  model.rules.set(await rules.getAddress(), (units) => (units % 7 === 5 ? 16 : units % 7 === 6 ? 42 : 0))
  for (const address of [scene.refuser, await ledger.getAddress()]) model.refusing.add(address)
  for (const address of [...scene.daos, ...scene.receivers, scene.refuser, await ledger.getAddress()]) model.contracts.add(address)
  return model
}

/** Makes one call in a block of its own at `time`. */
export async function send(scene: Scene, time: number, from: string, to: AnyContract, data: string): Promise<Sent> {
  await mineAt(time)
  const target = await to.getAddress()
  try {
    const hash = await ethers.provider.send('eth_sendTransaction', [{ from, to: target, data, gas: '0xf42400' }])
    const receipt = await ethers.provider.send('eth_getTransactionReceipt', [hash])
    return { refusal: null, log: readLog(scene, receipt.logs) }
  } catch (error) {
    return { refusal: readError(scene, (error as { data?: string }).data ?? String(error)), log: [] }
  }
}

export async function view(contract: AnyContract, method: string, args: readonly unknown[]): Promise<AnyContract> {
  const data = contract.interface.encodeFunctionData(method, args)
  const answer = await ethers.provider.send('eth_call', [{ to: contract.target, data }, 'latest'])
  return contract.interface.decodeFunctionResult(method, answer)
}

/** Lets an address send without its key. */
export async function unlock(address: string): Promise<void> {
  await ethers.provider.send('hardhat_impersonateAccount', [address])
  await ethers.provider.send('hardhat_setBalance', [address, '0xffffffffffffffffff'])
}

/** The next block's time. */
export async function mineAt(time: number): Promise<void> {
  await ethers.provider.send('evm_setNextBlockTimestamp', [`0x${time.toString(16)}`])
}

function readLog({ ledger, vault, registrar, documents }: Scene, logs: { address: string; topics: string[]; data: string }[]): string[] {
  const ours = [ledger, vault, registrar, documents]
  return logs.flatMap((each) => {
    const contract = ours.find(({ target }) => target.toLowerCase() === each.address)
    const parsed = contract?.interface.parseLog(each)
    return parsed ? [show(parsed.name, parsed.args)] : contract ? ['unknown event'] : []
  })
}

function readError({ ledger, vault, registrar, documents, tokens, rules }: Scene, data: string): string {
  if (!data.startsWith('0x')) return data
  if (data === ethers.id('NoThanks()').slice(0, 10)) return 'NoThanks()'
  for (const { interface: abi } of [ledger, vault, registrar, documents, tokens[1], rules]) {
    const parsed = abi.parseError(data)
    // Whose a forged signature is can't be foretold.
    if (parsed) return show(parsed.name, parsed.name === 'InvalidVoucher' ? [] : parsed.args)
  }
  return data
}
