import { type Answer, type Ask, amountIn, type Facts, larger, lastSecondBefore, monthsBefore, share } from './ask.ts'
import { issuerLimit } from './issuer-limit.ts'

/** What Regulation (EU) 2020/1503 asks. A test that is failed never refuses: it is answered with a warning that has to be confirmed. */
export const ECSP_ASKS: Record<string, Ask> = {
  ECSP_SOPHISTICATED: (_, facts, at) => {
    const until = facts.ecsp?.sophisticatedUntil ?? null
    return {
      seen: until?.toISOString() ?? null,
      passed: true,
      message: isSophisticated(facts, at)
        ? `You are approved as a sophisticated investor until ${lastSecondBefore(until!)}`
        : 'You are protected as an investor who is not sophisticated',
      errorCode: 'NOT_SOPHISTICATED',
    }
  },
  ECSP_KNOWLEDGE: (value, facts, at) => {
    if (isSophisticated(facts, at)) return free
    const { months, warning } = value as { months: number; warning: string }
    const test = facts.ecsp?.test ?? null
    const seen = test && { takenAt: test.takenAt.toISOString(), isPassed: test.isPassed, isWarned: test.isWarned }
    if (test === null || test.takenAt < monthsBefore(at, months))
      return {
        seen,
        passed: false,
        message:
          test === null
            ? 'Take the knowledge test: you may fail it, and you may decline it'
            : `Take the knowledge test again: the last one is more than ${months} months old`,
        errorCode: 'KNOWLEDGE_TEST_REQUIRED',
      }
    const passed = test.isPassed || test.isWarned
    return {
      seen,
      passed,
      message: test.isPassed
        ? 'You passed the knowledge test'
        : passed
          ? 'You confirmed the risk warning that follows your knowledge test'
          : `Confirm the risk warning. ${warning}`,
      errorCode: 'RISK_WARNING_REQUIRED',
      details: { about: 'test', warning },
    }
  },
  ECSP_LOSS: (value, facts, at) => {
    if (isSophisticated(facts, at)) return free
    const { months, bps } = value as { months: number; bps: number }
    const simulation = facts.ecsp?.simulation ?? null
    const isRecent = simulation !== null && simulation.simulatedAt >= monthsBefore(at, months)
    const bearable = bearableLossCents(simulation?.netWorthCents ?? 0n, bps)
    const passed = isRecent && simulation.isAcknowledged
    return {
      seen: simulation && { simulatedAt: simulation.simulatedAt.toISOString(), netWorthCents: simulation.netWorthCents.toString() },
      passed,
      message: passed
        ? `By your own figures you can bear to lose ${amountIn('EUR', bearable)}. That is no limit`
        : simulation === null
          ? 'Work out how much you can bear to lose'
          : isRecent
            ? 'Confirm how much you can bear to lose'
            : `Work out anew how much you can bear to lose: the last time is more than ${months} months ago`,
      errorCode: 'LOSS_SIMULATION_REQUIRED',
    }
  },
  ECSP_WARNING: (value, facts, at) => {
    if (isSophisticated(facts, at)) return free
    const { floorCents, bps, warning } = value as { floorCents: string; bps: number; warning: string }
    const { ecsp, project, amountCents } = facts
    const thresholdCents = larger(BigInt(floorCents), share(ecsp?.simulation?.netWorthCents ?? 0n, bps))
    const totalCents = (project?.ownCents ?? 0n) + amountCents
    const isLarge = totalCents > thresholdCents
    const isAccepted = ecsp?.acceptedLossCents === amountCents
    return {
      seen: { thresholdCents: thresholdCents.toString(), acceptedLossCents: ecsp?.acceptedLossCents?.toString() ?? null },
      passed: !isLarge || isAccepted,
      message: !isLarge
        ? `Up to ${amountIn('EUR', thresholdCents)} in one offering needs no further warning`
        : isAccepted
          ? `You were warned and agreed that you may lose all of ${amountIn('EUR', amountCents)}`
          : `${warning} Agree that you may lose all of ${amountIn('EUR', amountCents)} to go on`,
      errorCode: 'RISK_WARNING_REQUIRED',
      details: { about: 'amount', warning, thresholdCents: thresholdCents.toString() },
    }
  },
  ECSP_REFLECTION: (value, facts, at) => {
    if (isSophisticated(facts, at)) return free
    const cancelUntil = reflectionEnd(at, (value as { days: number }).days)
    return {
      seen: null,
      passed: true,
      message: `You may take the order back without a reason until ${lastSecondBefore(cancelUntil)}; no units are minted before`,
      errorCode: 'STEP_ORDER',
      details: { cancelUntil: cancelUntil.toISOString() },
    }
  },
  ECSP_ISSUER: issuerLimit,
}

/** When the days after that of the order are over; days of UTC. */
export function reflectionEnd(at: Date, days: number): Date {
  return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate() + 1 + days))
}

/** What somebody can bear to lose; nothing where debts are larger than what is owned. */
export function bearableLossCents(netWorthCents: bigint, bps: number): bigint {
  return share(larger(netWorthCents, 0n), bps)
}

function isSophisticated({ ecsp }: Facts, at: Date): boolean {
  const until = ecsp?.sophisticatedUntil ?? null
  return until !== null && until > at
}

const free: Answer = {
  seen: 'sophisticated',
  passed: true,
  message: 'Not asked of sophisticated investors',
  errorCode: 'KNOWLEDGE_TEST_REQUIRED',
}
