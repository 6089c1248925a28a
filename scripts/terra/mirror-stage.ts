import { type Command, Option } from 'commander'
import type { Address } from 'viem'
import { MAIN_SCHEMA } from '../../indexer/schema.ts'
import { type Contracts, contractsOf } from '../../indexer/settings.ts'
import { parseAddress } from './arguments.ts'
import { CliError } from './cli-error.ts'
import { type Context, openRpc, openStage, type Stage } from './context.ts'

/** Which mirror a command is about. */
export interface MirrorOptions {
  schema: string
  contract?: Address
}

/** What a mirror is of, and the chain it is on. */
export interface MirrorStage extends Omit<Stage, 'deployment'> {
  schema: string
  contracts: Contracts
}

/** Adds the options that say which mirror is meant: the deployment's, or that of any ERC-1155 contract. */
export function addMirrorOptions(command: Command): Command {
  return command
    .option('--schema <name>', 'which mirror', MAIN_SCHEMA)
    .addOption(
      new Option('--contract <address>', 'the mirror is of this ERC-1155 contract, as by CONTRACT_ADDRESS of the indexer')
        .argParser(parseAddress)
        .conflicts('deployment'),
    )
}

/** @throws CliError SETTING_MISSING, FILE_MISSING, RPC_UNREACHABLE, WRONG_CHAIN, CONTRACT_MISMATCH */
export async function openMirrorStage(context: Context, { schema, contract }: MirrorOptions): Promise<MirrorStage> {
  if (contract === undefined) {
    const { deployment, ...stage } = await openStage(context)
    return { ...stage, schema, contracts: contractsOf(deployment) }
  }
  const rpc = await openRpc(context)
  if ((await rpc.client.getCode({ address: contract })) === undefined)
    throw new CliError('CONTRACT_MISMATCH', `There is no contract at ${contract} on chain ${rpc.chainId}`, {
      hint: 'check --contract and --rpc',
    })
  return { ...rpc, schema, contracts: { ownership: contract.toLowerCase() as Address } }
}
