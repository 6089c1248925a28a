/** How far a project's units are sold. Shares are rounded down: 100 means every unit, never nearly. */
export function fundingView(project: {
  raisedCents: string
  targetCents: string
  unitsMinted: string
  unitsOffered: string
  unitsRemaining: string
}) {
  const offered = BigInt(project.unitsOffered)
  const minted = BigInt(project.unitsMinted)
  const remaining = BigInt(project.unitsRemaining)
  const reserved = offered - minted - remaining
  const share = (units: bigint) => (offered === 0n ? 0 : Number((units * 1000n) / offered) / 10)
  return {
    mintedPercent: share(minted),
    reservedPercent: share(reserved > 0n ? reserved : 0n),
    reservedUnits: reserved > 0n ? reserved : 0n,
    isSoldOut: remaining <= 0n,
  }
}
