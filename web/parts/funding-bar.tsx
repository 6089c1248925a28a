import { percent, whole } from '../view/format.ts'
import { fundingView } from '../view/funding.ts'

type Project = Parameters<typeof fundingView>[0]

/** How many units are sold: minted in full colour, units somebody is paying for in a lighter one, and both in words. */
export function FundingBar({ project, label }: { project: Project; label: string }) {
  const view = fundingView(project)
  return (
    <div>
      <div
        role="progressbar"
        aria-label={label}
        aria-valuenow={view.mintedPercent}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuetext={`${percent(view.mintedPercent * 100)} of units minted`}
        className="flex h-2.5 overflow-hidden rounded-full bg-mist"
      >
        <div className="bg-pine" style={{ width: `${view.mintedPercent}%` }} />
        <div className="bg-lumen" style={{ width: `${view.reservedPercent}%` }} />
      </div>
      {view.reservedUnits > 0n && (
        <p className="mt-1 text-sm text-soft">{whole(view.reservedUnits)} more are reserved while somebody pays.</p>
      )}
    </div>
  )
}
