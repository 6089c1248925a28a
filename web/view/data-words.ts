import { ERASE_PHRASE } from '../../common/erase-phrase.ts'
import type { Consent } from '../../common/wire-privacy.ts'
import { day } from './format.ts'

/** Whether what was typed asks for the account to be erased; case and outer spaces don't count. */
export function isErasePhrase(typed: string): boolean {
  return typed.trim().toLowerCase() === ERASE_PHRASE
}

/** What a person last chose about a text, as a sentence. */
export function consentWords({ isGiven, version, chosenVersion, chosenAt }: Consent): string {
  if (isGiven === null || chosenAt === null) return 'You haven’t chosen yet.'
  const when = day(chosenAt)
  if (isGiven && chosenVersion !== version) return `You agreed to version ${chosenVersion} on ${when}. The text has changed since.`
  return isGiven ? `You agreed on ${when}.` : `You withdrew it on ${when}.`
}

/** Whether the box of a text is ticked: only for the version that is in force. */
export function isAgreed({ isGiven, version, chosenVersion }: Consent): boolean {
  return isGiven === true && chosenVersion === version
}
