import type { User } from '../../common/wire.ts'

export type OnboardingStep = { key: 'account' | 'wallet' | 'identity' | 'chain'; state: 'done' | 'now' | 'waiting' | 'todo' | 'failed' }

/**
 * The way to a first investment. Wallet and identity may be done in either order, so both can be `now`;
 * registration on chain is our work and follows by itself.
 */
export function onboarding(user: Pick<User, 'wallet' | 'kyc' | 'registeredOnChain'>): OnboardingStep[] {
  const identity =
    user.kyc === 'approved'
      ? 'done'
      : user.kyc === 'in_review'
        ? 'waiting'
        : user.kyc === 'rejected' || user.kyc === 'expired'
          ? 'failed'
          : 'now'
  const ready = user.wallet !== null && user.kyc === 'approved'
  return [
    { key: 'account', state: 'done' },
    { key: 'wallet', state: user.wallet ? 'done' : 'now' },
    { key: 'identity', state: identity },
    { key: 'chain', state: user.registeredOnChain ? 'done' : ready ? 'waiting' : 'todo' },
  ]
}

/** True when this person may invest as far as the account is concerned. */
export function isReady(user: Pick<User, 'wallet' | 'kyc' | 'registeredOnChain'>): boolean {
  return onboarding(user).every((step) => step.state === 'done')
}

/** True while something is under way that this page should look at again by itself. */
export function isWaiting(user: Pick<User, 'wallet' | 'kyc' | 'registeredOnChain'>): boolean {
  return user.kyc === 'started' || onboarding(user).some((step) => step.state === 'waiting')
}
