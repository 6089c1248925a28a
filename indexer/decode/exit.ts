import type { ownershipAbi } from '../../common/abi.ts'
import type { Columns } from '../tables.ts'
import { fact } from './facts.ts'
import type { Readers } from './reader.ts'
import { int, lower, projectId } from './values.ts'

type ExitEvent = 'ExitAnnounced' | 'ExitCancelled' | 'ExitBegun' | 'ExitBatch' | 'ProjectExited'

/** The steps of a project's way to its community DAO. */
export const exitReaders: Pick<Readers<typeof ownershipAbi>, ExitEvent> = {
  ExitAnnounced: ({ projectId: id, communityDao, notBefore }) =>
    exitStep(id, 'announced', { dao: lower(communityDao), not_before: notBefore }),
  ExitCancelled: ({ projectId: id }) => exitStep(id, 'cancelled', {}),
  ExitBegun: ({ projectId: id, communityDao, epoch }) => exitStep(id, 'begun', { dao: lower(communityDao), epoch: int(epoch) }),
  ExitBatch: ({ projectId: id, holders, units, remaining }) => exitStep(id, 'batch', { holders: int(holders), units, remaining }),
  ProjectExited: ({ projectId: id, communityDao, units }) => exitStep(id, 'exited', { dao: lower(communityDao), units, remaining: 0n }),
}

function exitStep(id: bigint, step: string, known: Partial<Columns<'exit_step'>>) {
  const empty = { dao: null, not_before: null, epoch: null, holders: null, units: null, remaining: null }
  return fact('exit_step', { ...empty, ...known, project_id: projectId(id), step })
}
