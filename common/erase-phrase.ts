/** What a person types to have their account erased. */
export const ERASE_PHRASE = 'erase my account'
