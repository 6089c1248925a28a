import type { KnowledgeTest, Sophistication } from '../../common/wire-ecsp.ts'

/** What came of the knowledge test, and what that means. */
export function testSentence(test: KnowledgeTest | null, questionCount: number): string {
  if (test === null) return 'Short questions about your experience and about risk. You may fail it, and you may decline it.'
  if (test.result === 'passed') return `Passed: ${test.rightCount} of ${questionCount} right.`
  const what = test.result === 'declined' ? 'You declined it.' : `Not passed: ${test.rightCount} of ${questionCount} right.`
  return test.warnedAt === null ? `${what} Confirm the warning, and you may invest all the same.` : `${what} You confirmed the warning.`
}

export function sophisticationSentence(request: Sophistication | null): string {
  switch (request?.state) {
    case undefined:
      return 'Experienced investors may ask to go without the protection that the others have.'
    case 'requested':
      return 'You asked for it. We are looking at your request.'
    case 'approved':
      return 'Approved: nothing of the above is asked of you.'
    case 'refused':
      return 'Your last request was not approved.'
    case 'expired':
      return 'Your approval has run out. Ask again to renew it.'
  }
}
