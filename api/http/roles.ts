import type { Role } from '../../common/wire.ts'

/** Who works for the platform: nothing without a second factor. */
const STAFF: ReadonlySet<Role> = new Set<Role>(['operator', 'analyst', 'support', 'compliance', 'admin', 'super_admin'])

export function isStaff(role: Role): boolean {
  return STAFF.has(role)
}
