import type { FactorMethod, Factors } from '../../common/wire-factors.ts'

/** By what a person can prove a second factor; empty without one. The easiest first. */
export function methodsOf({ passkeys, totpSince, recoveryCodesLeft }: Factors): FactorMethod[] {
  const methods: FactorMethod[] = []
  if (passkeys.length > 0) methods.push('passkey')
  if (totpSince !== null) methods.push('totp')
  if (methods.length > 0 && recoveryCodesLeft > 0) methods.push('recovery_code')
  return methods
}

/** How a person confirms that it is them: a second factor where there is one, and nothing less. */
export function confirmationOf(factors: Factors): 'factor' | 'password' | 'wallet' {
  if (methodsOf(factors).length > 0) return 'factor'
  return factors.hasPassword ? 'password' : 'wallet'
}
