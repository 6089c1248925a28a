import { access, writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { type Address, createWalletClient, http } from 'viem'
import { deployContracts } from '../../../common/node/deploy-contracts.ts'
import { parseAddress, parseSeconds } from '../arguments.ts'
import { CliError } from '../cli-error.ts'
import { addCommand, type Outcome, run } from '../command.ts'
import { type CommonOptions, type Context, lockDeployment, need, openRpc, openSender } from '../context.ts'
import { confirm, type Terminal } from '../terminal.ts'

interface Options extends CommonOptions {
  minter: Address
  attestor: Address
  minNotice: number
  daoDelay: number
  payoutToken?: Address
  testToken?: boolean
  chainName?: string
  explorer?: string
}

/** The chain id of development chains, where a test token needs no asking. */
const LOCAL_CHAIN = 31_337

/** `terra deploy`: puts the contracts on a chain and writes the deployment file. */
export function addDeployCommand(program: Command, terminal: Terminal): void {
  addCommand(program, {
    usage: 'deploy',
    summary: 'deploy all contracts and write the deployment file',
    details:
      'The key in --keystore becomes administrator and operator; hand the administrator role to a timelock afterwards. Minter and attestor are ' +
      'addresses only: their keys stay with the worker. An existing deployment file is never overwritten.',
    examples: [
      'deploy --rpc https://rpc-amoy.polygon.technology --deployment amoy.json --keystore hardhat:amoy \\\n      --minter 0x… --attestor 0x… --payout-token 0x41E94Eb019C0762f9Bfcf9Fb1E58725BfB0e7582 --min-notice 30d',
      'deploy --dry-run --minter 0x… --attestor 0x… --test-token',
    ],
  })
    .requiredOption('--minter <address>', 'sends mints and registrations', parseAddress)
    .requiredOption('--attestor <address>', 'signs KYC attestations, sends nothing', parseAddress)
    .option('--min-notice <time>', 'shortest notice of an exit', parseSeconds, 30 * 86_400)
    .option('--dao-delay <time>', "the community DAO's delay between decision and deed", parseSeconds, 2 * 86_400)
    .option('--payout-token <address>', 'ERC-20 in which returns are paid', parseAddress)
    .option('--test-token', 'deploy a payout token that anyone can mint, on a test chain')
    .option('--chain-name <name>', 'as people call the chain')
    .option('--explorer <url>', "the chain's block explorer")
    .action(run(terminal, deploy))
}

async function deploy(context: Context, options: Options): Promise<Outcome> {
  const stage = await openRpc(context)
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
  lockDeployment(context)
  const sender = await openSender(context, stage)
  const { address } = sender.account
  const text = [
    `Chain         ${stage.chainId}`,
    `Operator      ${address} (also administrator)`,
    `Minter        ${options.minter}`,
    `Attestor      ${options.attestor}`,
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
      .map(([name, value]) => `  ${name.padEnd(20)} ${value}`)
      .join('\n')}`,
  }
}
