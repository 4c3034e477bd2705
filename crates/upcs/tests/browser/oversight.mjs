// Step 6 and what stands behind it: the auditor, and the operators who switch prisons and gates on and off.
import { until } from './browser.mjs'

/** Reads who did and saw what. */
export async function audits(auditor, reference, personal) {
  await auditor.signIn('Harriet Stone')
  await auditor.go('/audit', { shot: 'audit' })
  await auditor.expect('Nothing has been changed', 'Anwen Pugh', 'Meg Rowe')
  await auditor.expectNone(...personal)
  await auditor.fill({ case: 'K7' })
  await auditor.press('Show', { status: 422 })
  await auditor.expectErrors(1)
  await auditor.fill({ case: reference })
  await auditor.press('Show', { shot: 'audit-case' })
  await auditor.expect('Tom Okafor')
  await auditor.go('/audit')
  await auditor.page.locator('#person').selectOption({ label: 'Anwen Pugh' })
  await auditor.press('Show')
  await auditor.expect('Anwen Pugh')
  const older = auditor.page.getByRole('link', { name: 'Older entries' })
  if ((await older.count()) > 0) await auditor.press(older)
}

/** Reads which days are attested and takes one away. */
export async function takesAnAttestation(auditor) {
  const link = () => auditor.page.locator('tr', { hasText: 'Moorland' }).locator('a[href^="/attestations/"]')
  await until('Moorland to be attested', async () => {
    await auditor.go('/attestations')
    return (await link().count()) > 0
  }, 60000)
  await auditor.picture('attestations')
  await auditor.expect('Covered', 'The hub’s key')
  const path = await link().first().getAttribute('href')
  const file = await auditor.page.request.get(auditor.story.url + path)
  auditor.story.visits.count('GET', path, file.status())
  if (!(await file.text()).includes('"covered":true')) throw new Error('the attestation does not say that the prison is covered')
}

/** One operator switches a prison on, asks for a code, proposes to switch it off, withdraws, proposes again. */
export async function operates(operator) {
  await operator.signIn('Dev Anand')
  await operator.go('/operations', { shot: 'operations' })
  await operator.send('form[action="/operations/switch-on"]', { status: 422, shot: 'operations-errors' })
  await operator.expectErrors(2)
  await operator.select('prison', 'BXI')
  await operator.choose('regime', 'call-enabling')
  await operator.send('form[action="/operations/switch-on"]')
  await operator.expect('The prison is switched on', 'Brixton')
  await operator.send('form[action="/operations/enrolment-code"]', { status: 422 })
  await operator.expectErrors(1)
  await operator.select('code-prison', 'BXI')
  await operator.send('form[action="/operations/enrolment-code"]', { shot: 'operations-code' })
  await operator.expect('Enrolment code for')
  await operator.go('/operations')
  await operator.unfold(operator.page.locator('details:has(#off-BXI)'))
  await operator.send(OFF, { status: 422 })
  await operator.expectErrors(1)
  await proposesOff(operator)
  await operator.press(operator.page.getByRole('button', { name: /^Withdraw/ }))
  await operator.expect('The proposal is withdrawn')
  await operator.go('/operations')
  await proposesOff(operator)
}

const OFF = 'form:has(#off-BXI)'

async function proposesOff(operator) {
  await operator.unfold(operator.page.locator('details:has(#off-BXI)'))
  await operator.fill({ 'off-BXI': 'Opened in error.' })
  await operator.send(OFF)
  await operator.expect('Your proposal waits for a second person')
}

/** The other operator approves, and revokes a gate, which stays counted. */
export async function approvesAndRevokes(operator) {
  await operator.signIn('Nell Foster')
  await operator.go('/operations', { shot: 'operations-second' })
  await operator.press(operator.page.locator('form[action$="/approve"] button'))
  await operator.expect('Approved. It takes effect now.')
  await operator.go('/operations')
  const message = (what) => operator.page.locator(`form[action^="/operations/messages/"]:has(input[value="${what}"]) button`)
  await operator.press(message('again'), { shot: 'message-unreadable' })
  await operator.press(message('dismiss'), { shot: 'message-dismissed' })
  await operator.press(operator.page.locator('form[action="/operations/revoke-gate"] button'), { shot: 'operations-revoked' })
  await operator.expect('The gate is revoked', 'Revoked')
}
