import type { Pool } from '../../common/node/db.ts'
import type { World } from '../world/world.ts'

/** A running platform, with a pool instead of one connection: verifying needs a transaction of its own. */
export interface Platform extends World {
  db: Pool
}
