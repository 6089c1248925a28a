import { dirname, join } from 'node:path'
import type { Command } from 'commander'
import { addCommand, type Outcome, run } from '../command.ts'
import { type CommonOptions, type Context, need, openStage } from '../context.ts'
import { formatTable } from '../table.ts'
import type { Terminal } from '../terminal.ts'
import { writeVerification } from '../verification.ts'

interface Options extends CommonOptions {
  out?: string
}

/** `terra verification`: writes what explorers need to show the sources. */
export function addVerificationCommand(program: Command, terminal: Terminal): void {
  addCommand(program, {
    usage: 'verification',
    summary: 'write what anybody needs to verify the sources of the contracts',
    details:
      'One file per contract with its address, compiler version, constructor arguments and libraries, and the Standard-JSON input of the compiler, ' +
      'for Polygonscan, Sourcify, or a compiler of your own. Checks first that the chain has what this checkout compiles to. Sends nothing anywhere.',
    examples: ['verification', 'verification --out deployments/137/verification'],
  })
    .option('--out <folder>', 'where to write; left out: verification, beside the deployment file')
    .action(run(terminal, verification))
}

async function verification(context: Context, options: Options): Promise<Outcome> {
  const stage = await openStage(context)
  const folder = options.out ?? join(dirname(need(context.settings.deploymentFile, 'a deployment file', '--deployment')), 'verification')
  if (context.options.dryRun) return { data: { status: 'planned', folder }, text: `Would write to ${folder}.` }
  const written = await writeVerification(stage.deployment, folder)
  const rows = Object.entries(written).map(([file, { address, contract }]) => [contract.split(':')[1]!, address, file])
  return {
    data: { status: 'written', folder, files: Object.keys(written) },
    text: `Written to ${folder}:\n${formatTable(['Contract', 'Address', 'File'], rows)}`,
  }
}
