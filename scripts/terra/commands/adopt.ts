import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { readIgnition } from '../adopt.ts'
import { checkContracts } from '../bytecode.ts'
import { CliError } from '../cli-error.ts'
import { addCommand, type Outcome, run } from '../command.ts'
import { type CommonOptions, type Context, need, openRpc } from '../context.ts'
import { proveAccess } from '../prove-access.ts'
import type { Terminal } from '../terminal.ts'
import { describeProof } from './roles.ts'

interface Options extends CommonOptions {
  parameters: string
  chainName?: string
  explorer?: string
}

/** `terra adopt`: writes the deployment file of what Hardhat Ignition deployed. */
export function addAdoptCommand(program: Command, terminal: Terminal): void {
  addCommand(program, {
    usage: 'adopt <folder>',
    summary: 'write the deployment file of what Hardhat Ignition deployed',
    details:
      'Reads Ignition’s own folder and the parameters it was given, checks that the chain has this checkout’s contracts, and proves who may do ' +
      'what on them. Writes nothing when anything differs, and never over a file. Sends nothing.',
    examples: [
      'adopt scripts/ignition/deployments/chain-137 --parameters deployments/137/parameters.json \\\n      --deployment deployments/137/deployment.json --rpc https://rpc.example --chain-name Polygon --explorer https://polygonscan.com',
    ],
  })
    .requiredOption('--parameters <file>', 'what Ignition was given')
    .option('--chain-name <name>', 'as people call the chain')
    .option('--explorer <url>', "the chain's block explorer")
    .action(run(terminal, adopt))
}

async function adopt(context: Context, options: Options, folder: string): Promise<Outcome> {
  const { client, chainId } = await openRpc(context)
  const file = need(context.settings.deploymentFile, 'a file to write', '--deployment or DEPLOYMENT_FILE')
  const names = { chainName: options.chainName ?? `chain ${chainId}`, explorerUrl: options.explorer ?? null }
  const deployment = await readIgnition(client, folder, options.parameters, names)
  await checkContracts(client, deployment)
  const proof = await proveAccess(client, deployment)
  if (proof.differences.length > 0) return { data: { status: 'refused', ...proof }, text: describeProof(proof), isBad: true }
  if (!options.dryRun) {
    await writeFile(file, `${JSON.stringify(deployment, null, 2)}\n`, { flag: 'wx' }).catch((cause) => {
      throw new CliError('STATE', `${file} can't be written`, {
        hint: 'a deployment file is never overwritten; name another by --deployment',
        cause,
      })
    })
  }
  return {
    data: { status: options.dryRun ? 'planned' : 'written', file, deployment, checks: proof.checks },
    text: `${describeProof(proof)}\n\nWritten to ${file}.`,
  }
}
