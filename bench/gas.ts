import { createWalletClient, type Hex, http, keccak256, type Log, maxUint256, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { ownershipAbi, payoutTokenAbi, registrarAbi, vaultAbi } from '../common/abi.ts'
import { deployContracts } from '../common/node/deploy-contracts.ts'
import { startTestChain, TEST_KEYS } from '../common/node/testing.ts'

/**
 * Gas of every operation that users or operators pay for, from receipts of a fresh chain: intrinsic gas and calldata included,
 * holders are ordinary addresses. Prints a table; exits with 1 when a gate is missed. `--json` prints one object.
 */
interface Row {
  operation: string
  gas: number
  gate?: number
}

const PROJECT = 1
const UNLOCK_DAY = 65_535
const zeroHash = `0x${'00'.repeat(32)}` as const

const chain = await startTestChain()
try {
  const rows = await measure()
  if (process.argv.includes('--json')) console.log(JSON.stringify(rows))
  else print(rows)
  process.exitCode = rows.some((row) => row.gate !== undefined && row.gas > row.gate) ? 1 : 0
} finally {
  await chain.stop()
}

async function measure(): Promise<Row[]> {
  const operator = privateKeyToAccount(TEST_KEYS[0])
  const attestor = privateKeyToAccount(TEST_KEYS[2])
  const wallet = createWalletClient({ account: operator, transport: http(chain.url), pollingInterval: 10 })
  const at = await deployContracts(wallet as never, { minter: operator.address, attestor: attestor.address, minNoticeSeconds: 10 })
  const [ledger, vault, registrar, token] = [at.ownership, at.vault, at.registrar, at.payoutToken] as Hex[] as [Hex, Hex, Hex, Hex]
  const rows: Row[] = []
  const investors = Array.from({ length: 320 }, (_, index) => keccak256(toHex(`investor ${index}`)).slice(0, 42) as Hex)

  const call = async (
    from: Hex,
    address: Hex,
    abi: unknown,
    functionName: string,
    args: unknown[],
  ): Promise<{ gas: number; logs: Log[] }> => {
    const hash = await wallet.writeContract({
      chain: null,
      account: from,
      address,
      abi,
      functionName,
      args,
      gas: 29_000_000n,
    } as never)
    const receipt = await chain.client.waitForTransactionReceipt({ hash })
    if (receipt.status !== 'success') throw new Error(`${functionName} reverted`)
    return { gas: Number(receipt.gasUsed), logs: receipt.logs }
  }
  const byOperator = (address: Hex, abi: unknown, name: string, args: unknown[]) => call(operator.address, address, abi, name, args)
  const add = (operation: string, gas: number, gate?: number) => rows.push({ operation, gas: Math.round(gas), ...(gate && { gate }) })
  const order = (index: number, units = 1000n, unlockDay = 0) => ({
    investmentId: keccak256(toHex(`order ${index} ${units}`)),
    investor: investors[index]!,
    units,
    unlockDay,
  })
  const mint = async (index: number, units = 1000n, unlockDay = UNLOCK_DAY) => {
    const one = order(index, units)
    return (await byOperator(ledger, ownershipAbi, 'mintInvestment', [one.investmentId, PROJECT, one.investor, units, unlockDay])).gas
  }
  const transfer = async (from: number, to: number, units: bigint) =>
    (await call(investors[from]!, ledger, ownershipAbi, 'safeTransferFrom', [investors[from], investors[to], PROJECT, units, '0x'])).gas
  const distribute = async (round: number) =>
    (
      await byOperator(vault, vaultAbi, 'distributeReturns', [
        keccak256(toHex(`round ${round}`)),
        PROJECT,
        50_000_000n,
        zeroHash,
        'ipfs://report',
      ])
    ).gas

  for (const investor of investors.slice(0, 10)) {
    await chain.client.setBalance({ address: investor, value: 10n ** 18n })
    await chain.client.impersonateAccount({ address: investor })
  }
  const deadline = 2_000_000_000
  const attest = async (index: number) => {
    const message = {
      account: investors[index]!,
      flags: 3,
      expiry: 4_000_000_000,
      country: 276,
      class: 0,
      investorId: BigInt(index + 1),
      issuedAt: 1,
      deadline,
    }
    const signature = await attestor.signTypedData({
      domain: { name: 'TerraLuminaRegistrar', version: '1', chainId: at.chainId, verifyingContract: registrar },
      types: { Attestation: registrarAbi.find((part) => 'name' in part && part.name === 'hashOf')!.inputs[0]!.components as never },
      primaryType: 'Attestation',
      message: message as never,
    })
    return { message, signature }
  }
  for (let from = 0; from < investors.length; from += 100) {
    const signed = await Promise.all(investors.slice(from, from + 100).map((_, index) => attest(from + index)))
    const { gas } = await byOperator(registrar, registrarAbi, 'registerMany', [
      signed.map((one) => one.message),
      signed.map((one) => one.signature),
    ])
    if (from === 0) add('register 100 investors by attestation, per investor', gas / 100, 24_000)
  }

  const terms = {
    cap: 10n ** 9n,
    maxHolders: 1000,
    lockDays: 365,
    payoutToken: token,
    exitTargetPerUnit: 0n,
    metadataHash: keccak256('0x01'),
    uri: 'ipfs://bafkreiexample',
  }
  for (let project = PROJECT; project <= 12; project++) await byOperator(ledger, ownershipAbi, 'createProject', [project, terms])
  add('mint → fresh holder', await mint(0, 5000n), 90_000)
  add('mint → existing holder', await mint(0, 1000n))
  add('mint, identical replay', await mint(0, 1000n))
  await mint(1, 5000n, 0)
  await mint(2, 5000n, 0)
  add('transfer → existing holder', await transfer(1, 2, 10n), 49_500)
  add('transfer → fresh holder', await transfer(1, 3, 10n), 70_000)
  for (let project = 2; project <= 12; project++) {
    for (const index of [1, 2])
      await byOperator(ledger, ownershipAbi, 'mintInvestment', [
        keccak256(toHex(`${project} ${index}`)),
        project,
        investors[index],
        100n,
        0,
      ])
  }
  const ids = Array.from({ length: 10 }, (_, index) => BigInt(index + 2))
  const batch = [investors[1], investors[2], ids, ids.map(() => 1n), '0x']
  add(
    'batch transfer of 10 projects → existing holder',
    (await call(investors[1]!, ledger, ownershipAbi, 'safeBatchTransferFrom', batch)).gas,
    185_000,
  )
  const hundred = Array.from({ length: 100 }, (_, index) => order(index + 200))
  add(
    'mint 100 orders in one call, per order',
    (await byOperator(ledger, ownershipAbi, 'mintInvestments', [PROJECT, hundred])).gas / 100,
    59_000,
  )

  await byOperator(token, payoutTokenAbi, 'mint', [operator.address, 10n ** 15n])
  await byOperator(token, payoutTokenAbi, 'approve', [vault, maxUint256 >> 1n])
  for (const index of [0, 1, 2]) await byOperator(token, payoutTokenAbi, 'mint', [investors[index], 1n])
  add('open a distribution, the vault’s first', await distribute(1))
  add('open a distribution', await distribute(2), 100_000)
  add('transfer → existing holder, first after an epoch', await transfer(1, 2, 10n))
  const claim = async (index: number) => (await call(investors[index]!, vault, vaultAbi, 'claim', [[PROJECT]])).gas
  await claim(0)
  await distribute(3)
  add('claim, 1 round', await claim(0), 57_000)
  for (let round = 4; round < 16; round++) await distribute(round)
  add('claim, 12 missed rounds', await claim(0), 57_000)
  const fifty = investors.slice(200, 250)
  for (const holder of fifty) await byOperator(token, payoutTokenAbi, 'mint', [holder, 1n])
  add('claim for 50 holders in one call, per holder', (await byOperator(vault, vaultAbi, 'claimMany', [PROJECT, fifty])).gas / 50, 20_000)

  const now = Number((await chain.client.getBlock()).timestamp)
  await byOperator(ledger, ownershipAbi, 'announceExit', [PROJECT, at.communityDao, now + 100])
  await chain.client.setNextBlockTimestamp({ timestamp: BigInt(now + 200) })
  await byOperator(ledger, ownershipAbi, 'beginExit', [PROJECT])
  const holders = investors.slice(200, 300)
  add(
    'exit of 100 holders in one call, per holder',
    (await byOperator(ledger, ownershipAbi, 'exitBatch', [PROJECT, holders])).gas / 100,
    11_500,
  )
  add('exit of 100 holders already moved, per holder', (await byOperator(ledger, ownershipAbi, 'exitBatch', [PROJECT, holders])).gas / 100)
  return rows
}

function print(rows: Row[]): void {
  console.log('| operation | gas | gate |\n|---|---:|---:|')
  for (const { operation, gas, gate } of rows) {
    const verdict = gate === undefined ? '' : `${gate.toLocaleString('en')} ${gas <= gate ? 'held' : 'MISSED'}`
    console.log(`| ${operation} | ${gas.toLocaleString('en')} | ${verdict} |`)
  }
}
