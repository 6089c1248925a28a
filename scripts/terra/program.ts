import { Command } from 'commander'
import { addAdoptCommand } from './commands/adopt.ts'
import { addAuditCommands } from './commands/audit.ts'
import { addDecisionsCommand } from './commands/decisions.ts'
import { addDeployCommand } from './commands/deploy.ts'
import { addDistributeCommand } from './commands/distribute.ts'
import { addExitCommand } from './commands/exit.ts'
import { addExportCommand } from './commands/export.ts'
import { addIncidentsCommand } from './commands/incidents.ts'
import { addInvestorCommands } from './commands/investor.ts'
import { addIssuerCommands } from './commands/issuer.ts'
import { addLedgerCommands } from './commands/ledger.ts'
import { addMintCommand } from './commands/mint.ts'
import { addPermissionsCommands } from './commands/permissions.ts'
import { addProjectCommands } from './commands/project.ts'
import { addReindexCommand } from './commands/reindex.ts'
import { addRetentionCommand } from './commands/retention.ts'
import { addReviewCommand } from './commands/review.ts'
import { addRolesCommand } from './commands/roles.ts'
import { addSanctionsCommands } from './commands/sanctions.ts'
import { addSeedCommand } from './commands/seed.ts'
import { addSophisticationCommand } from './commands/sophistication.ts'
import { addStatusCommand } from './commands/status.ts'
import { addVerificationCommand } from './commands/verification.ts'
import { addVerifyCommand } from './commands/verify.ts'
import { addWiresCommand } from './commands/wires.ts'
import type { Terminal } from './terminal.ts'

/** All commands, by name. Commander throws instead of ending the process, so that `runTerra` words every problem. */
export function buildProgram(terminal: Terminal): Command {
  const program = new Command('terra')
    .description("Operators' command line: everything that needs a key or touches a chain. Safe to run again, always.")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out.write(text),
      writeErr: (text) => void (/^(error:|\(Did you mean)/.test(text) || terminal.err.write(text)),
      getOutHasColors: () => false,
    })
    .showSuggestionAfterError(true)
    .addHelpText(
      'after',
      '\nAgainst a running local stack (npm start) no option is needed. Every command: npm run terra -- <command> --help',
    )
  addDeployCommand(program, terminal)
  addAdoptCommand(program, terminal)
  addProjectCommands(program, terminal)
  addInvestorCommands(program, terminal)
  addIssuerCommands(program, terminal)
  addMintCommand(program, terminal)
  addDistributeCommand(program, terminal)
  addExitCommand(program, terminal)
  addVerifyCommand(program, terminal)
  addDecisionsCommand(program, terminal)
  addAuditCommands(program, terminal)
  addSophisticationCommand(program, terminal)
  addIncidentsCommand(program, terminal)
  addLedgerCommands(program, terminal)
  addRetentionCommand(program, terminal)
  addReindexCommand(program, terminal)
  addExportCommand(program, terminal)
  addReviewCommand(program, terminal)
  addRolesCommand(program, terminal)
  addPermissionsCommands(program, terminal)
  addVerificationCommand(program, terminal)
  addSanctionsCommands(program, terminal)
  addSeedCommand(program, terminal)
  addStatusCommand(program, terminal)
  addWiresCommand(program, terminal)
  return program
}
