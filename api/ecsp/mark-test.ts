import { AppError } from '../../common/errors.ts'

/** A row of ECSP_QUESTIONS. Questions without a right answer ask who somebody is. */
export interface Questions {
  passRight: number
  questions: { id: string; topic: string; text: string; options: { id: string; text: string }[]; right?: string }[]
}

/**
 * How many of the answers are right. Pure.
 * @throws AppError VALIDATION naming each question that isn't answered with one of its options, and each answer to no question
 */
export function markTest({ passRight, questions }: Questions, answers: Record<string, string>): { rightCount: number; isPassed: boolean } {
  const unanswered = questions.filter(({ id, options }) => !options.some((option) => option.id === answers[id])).map(({ id }) => id)
  const unasked = Object.keys(answers).filter((id) => !questions.some((question) => question.id === id))
  if (unanswered.length + unasked.length > 0)
    throw new AppError('VALIDATION', 'Answer every question with one of its options', {
      details: { fields: [...unanswered, ...unasked].map((id) => `answers/${id}`) },
    })
  const rightCount = questions.filter(({ id, right }) => right !== undefined && answers[id] === right).length
  return { rightCount, isPassed: rightCount >= passRight }
}
