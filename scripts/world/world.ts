import type { Db } from '../../common/node/db.ts'
import type { Deployment } from '../../common/node/deployment.ts'
import type { Ipfs } from '../../common/node/ipfs.ts'
import type { Progress } from '../terra/progress.ts'
import type { Sender } from '../terra/send.ts'

/** A running platform as its owner sees it. */
export interface World {
  /** The platform's one origin. */
  webUrl: string
  /** Allowed what the worker is allowed; used for staff and for reading the mirror. */
  db: Db
  /** The operator. */
  sender: Sender
  deployment: Deployment
  ipfs: Ipfs
  progress: Progress
}
