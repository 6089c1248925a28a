import { access, writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { type Address, createWalletClient, http } from 'viem'
import { deployContracts } from '../../../common/node/deploy-contracts.ts'
import { parseAddress, parseCount, parseSeconds } from '../arguments.ts'
import { CliError } from '../cli-error.ts'
import { addCommand, type Outcome, run } from '../command.ts'
import { type CommonOptions, type Context, lockDeployment, need, openRpc, openSender } from '../context.ts'
import { confirm, type Terminal } from '../terminal.ts'

interface Options extends CommonOptions {
  chain?: number
  minter: Address
  attestor: Address
  paymentAttestor: Address
  treasurer?: Address
  administrator?: Address
  adminDelay?: number
  minNotice: number
  daoDelay: number
  payoutToken?: Address
  testToken?: boolean
  chainName?: string
  explorer?: string
}

/** The chain id of development chains, where a test token needs no asking and nothing has to wait. */
const LOCAL_CHAIN = 31_337
/** Long enough that others see what the administrator proposes before it is done. */
const ADMIN_DELAY_SECONDS = 2 * 86_400

/** `terra deploy`: puts the contracts on a chain and writes the deployment file. */
export function addDeployCommand(program: Command, terminal: Terminal): void {
  addCommand(program, {
    usage: 'deploy',
    summary: 'deploy all contracts and write the deployment file',
    details:
      'The key in --keystore becomes the operator. What only the administrator may do goes through a timelock: who proposes it there is ' +
      '--administrator, or the operator. Minter and attestors are addresses only: their keys stay with the worker, and each has its own, because one ' +
      'address has one role. An existing deployment file is never overwritten. Afterwards, `roles` proves who may do what.',
    examples: [
      'deploy --rpc https://rpc-amoy.polygon.technology --chain 80002 --deployment amoy.json --keystore hardhat:amoy \\\n      --minter 0x… --attestor 0x… --payment-attestor 0x… --payout-token 0x41E94Eb019C0762f9Bfcf9Fb1E58725BfB0e7582 --min-notice 30d',
      'deploy --dry-run --minter 0x… --attestor 0x… --payment-attestor 0x… --test-token',
    ],
  })
    .requiredOption('--minter <address>', 'sends mints and registrations', parseAddress)
    .requiredOption('--attestor <address>', 'signs that identities are verified, sends nothing', parseAddress)
    .requiredOption('--payment-attestor <address>', 'signs that investments are paid, sends nothing', parseAddress)
    .option('--treasurer <address>', 'pays distributions; left out: the operator', parseAddress)
    .option('--administrator <address>', 'proposes to the timelock, e.g. a Safe; left out: the operator', parseAddress)
    .option('--admin-delay <time>', 'what the timelock waits; left out: 2d, and nothing on a local chain', parseSeconds)
    .option('--min-notice <time>', 'shortest notice of an exit', parseSeconds, 30 * 86_400)
    .option('--dao-delay <time>', "the community DAO's delay between decision and deed", parseSeconds, 2 * 86_400)
    .option('--payout-token <address>', 'ERC-20 in which returns are paid', parseAddress)
    .option('--test-token', 'deploy a payout token that anyone can mint, on a test chain')
    .option('--chain <id>', 'the chain that is meant: needed on any but a local one', parseCount(4_294_967_295))
    .option('--chain-name <name>', 'as people call the chain')
    .option('--explorer <url>', "the chain's block explorer")
    .action(run(terminal, deploy))
}

async function deploy(context: Context, options: Options): Promise<Outcome> {
  const stage = await openRpc(context)
  const meant = options.chain ?? LOCAL_CHAIN
  if (meant !== stage.chainId) {
    throw new CliError('WRONG_CHAIN', `The node answers for chain ${stage.chainId}, and ${meant} is meant`, {
      hint: 'check --rpc, or say --chain <id>',
    })
  }
  if (options.payoutToken === undefined && !options.testToken && stage.chainId !== LOCAL_CHAIN) {
    throw new CliError('USAGE', `Chain ${stage.chainId} is not a local one: say in which token returns are paid`, {
      hint: 'add --payout-token <address>, or --test-token',
    })
  }
  const file = need(context.settings.deploymentFile, 'a file to write', '--deployment or DEPLOYMENT_FILE')
  if (
    await access(file).then(
      () => true,
      () => false,
    )
  ) {
    throw new CliError('STATE', `There is a deployment file at ${file} already`, {
      hint: 'name another by --deployment; a deployment is never overwritten',
    })
  }
  const adminDelaySeconds = options.adminDelay ?? (stage.chainId === LOCAL_CHAIN ? 0 : ADMIN_DELAY_SECONDS)
  lockDeployment(context)
  const sender = await openSender(context, stage)
  const { address } = sender.account
  const treasurer = options.treasurer ?? address
  requireApart({ minter: options.minter, attestor: options.attestor, 'payment attestor': options.paymentAttestor, treasurer })
  const text = [
    `Chain         ${stage.chainId}`,
    `Operator      ${address}`,
    `Administrator ${options.administrator ?? address}, after ${adminDelaySeconds} seconds each time`,
    `Minter        ${options.minter}`,
    `Attestor      ${options.attestor}`,
    `Payments      ${options.paymentAttestor}`,
    `Treasurer     ${treasurer}`,
    `Exit notice   at least ${options.minNotice} seconds`,
    `DAO delay     ${options.daoDelay} seconds`,
    `Payout token  ${options.payoutToken ?? 'a new test token'}`,
    `Written to    ${file}`,
  ].join('\n')
  if (context.options.dryRun)
    return { data: { status: 'planned', chainId: stage.chainId, operator: address, file }, text: `${text}\n\nNothing was sent.` }
  context.terminal.err.write(`${text}\n\n`)
  await confirm(context.terminal, 'Deploy?', options.yes ?? false)
  const wallet = createWalletClient({ account: sender.account, transport: http(stage.rpcUrl.split(',')[0]) })
  const deployment = await deployContracts(wallet, {
    minter: options.minter,
    attestor: options.attestor,
    paymentAttestor: options.paymentAttestor,
    treasurer,
    parties: options.administrator === undefined ? {} : { administrator: options.administrator },
    adminDelaySeconds,
    minNoticeSeconds: options.minNotice,
    communityDao: { minDelaySeconds: options.daoDelay, proposers: [address], executors: ['0x0000000000000000000000000000000000000000'] },
    ...(options.payoutToken === undefined ? {} : { payoutToken: options.payoutToken }),
    ...(options.chainName === undefined ? {} : { chainName: options.chainName }),
    ...(options.explorer === undefined ? {} : { explorerUrl: options.explorer }),
  })
  await writeFile(file, `${JSON.stringify(deployment, null, 2)}\n`, { flag: 'wx' })
  return {
    data: { status: 'deployed', file, deployment },
    text: `Deployed. ${file}:\n${Object.entries(deployment)
      .filter(([, value]) => typeof value !== 'object')
      .map(([name, value]) => `  ${name.padEnd(20)} ${value}`)
      .join('\n')}`,
  }
}

/** The ledger gives an address one role: the second one given would take the first away. */
function requireApart(keys: Record<string, Address>): void {
  const names = Object.keys(keys)
  for (const [index, name] of names.entries()) {
    const other = names.slice(0, index).find((earlier) => keys[earlier]!.toLowerCase() === keys[name]!.toLowerCase())
    if (other !== undefined)
      throw new CliError('USAGE', `${other} and ${name} are the same address, and one address has one role`, {
        hint: 'give each its own key',
      })
  }
}
