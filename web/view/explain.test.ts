import { test } from 'node:test'
import { expect } from 'chai'
import { explain } from './explain.ts'

test('a known code has its own words and leads to the place where it can be solved', () => {
  expect(explain({ code: 'KYC_REQUIRED', message: 'x' })).to.include({ title: 'Verify your identity first', wayOut: 'account' })
  expect(explain({ code: 'EMAIL_TAKEN', message: 'x' })).to.include({ wayOut: 'sign-in' })
})

test('where the server knows the number, its sentence is kept', () => {
  expect(explain({ code: 'LIMIT_MIN', message: 'The least you can invest here is $10.' }).help).to.equal(
    'The least you can invest here is $10.',
  )
})

test('an unknown code still says something and offers to try again', () => {
  expect(explain({ code: 'BRAND_NEW', message: 'Wait for the tide.' })).to.deep.equal({
    code: 'BRAND_NEW',
    title: 'That didn’t work',
    help: 'Wait for the tide.',
    wayOut: 'retry',
  })
  expect(explain(undefined).help).to.equal('Please try again.')
})
