// Step 3: a case handler finds the prisoner, assesses and decides; a second one approves what takes away.
import { until } from './browser.mjs'

/** Works the referral from the queue to its confirmation. */
export async function worksTheReferral(handler, reference, { referred, prisoner }) {
  await handler.go('/cases', { shot: 'queue' })
  await handler.press('Open', { status: 422 })
  await handler.expectErrors(1)
  await handler.fill({ reference })
  await handler.press('Open')
  await handler.go('/cases')
  await handler.follow(reference, { shot: 'case-new' })
  await handler.expect(referred.name, 'Interim', 'Wandsworth')
  await locates(handler, prisoner)
  await assesses(handler)
  await handler.press('Decide', { status: 422, shot: 'case-decide-errors' })
  await handler.expectErrors(1)
  await handler.choose('decision', 'decline')
  await handler.press('Decide', { status: 422 })
  await handler.expectErrors(2)
  await handler.choose('decision', 'confirm')
  await handler.press('Decide', { shot: 'case-confirmed' })
  await handler.expect('is confirmed for every prison')
}

async function locates(handler, prisoner) {
  const open = () => handler.unfold(handler.page.locator('#prisoner > details'))
  await open()
  await handler.fill({ 'born-day': '31', 'born-month': '2', 'born-year': '1991', age: 'old' })
  await handler.press('Search', { status: 422, shot: 'case-search-errors' })
  await handler.expectErrors(2)
  await open()
  const [day, month, year] = prisoner.born
  await handler.fill({ 'first-name': prisoner.first, 'last-name': prisoner.last, 'born-day': day, 'born-month': month, 'born-year': year, age: '' })
  await handler.press('Search', { shot: 'case-candidates' })
  await handler.press(`Confirm ${prisoner.number}`)
  await handler.expect('The prisoner is confirmed for this case')
}

async function assesses(handler) {
  await handler.press('Save the assessment', { status: 422, shot: 'case-assess-errors' })
  const missing = (await handler.errors()).length
  if (missing < 4) throw new Error(`an empty assessment was told of ${missing} errors`)
  handler.story.errorStates += 1
  await handler.choose('ground', 'unwanted-contact')
  await handler.choose('consent', 'absent')
  await handler.fill({ necessity: 'He rings every night.', proportionality: 'He may write through his solicitor.', 'consent-reason': '', 'review-day': '1', 'review-month': '1', 'review-year': '2001' })
  await handler.select('relationship', 'former-partner')
  await handler.press('Save the assessment', { status: 422 })
  await handler.expectErrors(2)
  await handler.choose('consent', 'given')
  await handler.fill({ 'review-day': '1', 'review-month': '3', 'review-year': '2030' })
  await handler.press('Save the assessment', { shot: 'case-assessed' })
  await handler.expect('The assessment is saved')
}

/** Waits until the proof counts both connected gates and shows the third prison red. */
export async function seesTheProof(handler, reference) {
  await until('the proof to count both gates', async () => {
    await handler.go(`/cases/${reference}`)
    return /In force at 2 of 3 prisons/.test(await handler.text())
  })
  await handler.expect(/Moorland[^]*In force/, /Leeds[^]*In force/, /Wandsworth[^]*Not in force[^]*No gate answers this prison/)
  await handler.picture('case')
  await handler.picture('proof', '#proof')
}

/** Waits until the case page shows a refused attempt by this caller. */
export async function seesTheAttempt(handler, reference, caller) {
  const began = Date.now()
  await until('the attempt to show on the case', async () => {
    await handler.go(`/cases/${reference}`)
    const attempts = await handler.page.locator('#attempts').innerText()
    return attempts.includes(caller) && attempts.includes('Refused')
  })
  await handler.picture('case-attempts', '#attempts')
  return Date.now() - began
}

/** Reads who tried a barred number, on the page of all alerts and on the case, and marks one as seen. */
export async function seesTheAlert(handler, reference, caller) {
  await handler.go('/alerts', { shot: 'alerts' })
  await handler.expect(caller, reference, 'He is not the prisoner whom this case names.')
  await handler.go('/cases')
  await handler.expect('somebody tried a barred number')
  await handler.go(`/cases/${reference}`)
  await handler.picture('case-alerts', '#alerts')
  await handler.press(handler.page.locator('#alerts').getByRole('button', { name: /^I have seen this/ }))
  await handler.expect('Marked as seen')
  await handler.go('/alerts')
}

/** Takes the case in hand, and looks for who rang at a time that she remembers. */
export async function searchesByTheCall(handler, reference, caller, { referred }) {
  await handler.go(`/cases/${reference}`)
  await handler.press('Take this case in hand')
  await handler.expect('You have this case in hand.')
  const open = () => handler.unfold('Search the calls')
  await open()
  await handler.press('Search the calls', { status: 422, shot: 'case-calls-errors' })
  await handler.expectErrors(3)
  const london = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', day: 'numeric', month: 'numeric', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  const now = Object.fromEntries(london.formatToParts(new Date()).map(({ type, value }) => [type, value]))
  await open()
  await handler.select('call-number', { label: referred.number })
  await handler.select('call-within', '60')
  await handler.fill({
    'call-day': now.day, 'call-month': now.month, 'call-year': now.year, 'call-time': `${now.hour}:${now.minute}`,
    'call-reason': 'She told her advocate when it rang.',
  })
  await handler.press('Search the calls')
  await handler.expect(/Calls to [^]*This is whose PIN was used/, 'She told her advocate when it rang.')
  const found = await handler.page.locator('#calls').innerText()
  if (!found.includes(caller)) throw new Error(`${caller} is not among the calls found`)
  await handler.picture('case-calls', '#calls')
}

/** Notes that the located prisoner goes out, and records who was told. */
export async function tellsOfARelease(handler, reference) {
  await handler.go(`/cases/${reference}`)
  await handler.press('Note that he is going out')
  await handler.expect('Noted. The task stands under Releases')
  await handler.go('/cases')
  await handler.expect('1 prisoner with bars goes out.')
  await handler.go('/releases', { shot: 'releases' })
  await handler.expect(reference)
  await handler.press('The police are told', { status: 422, shot: 'releases-errors' })
  await handler.expectErrors(1)
  for (const [office, who] of [['The police are told', 'Sergeant Ada Example'], ['The victim liaison officer is told', 'Vera Liaison']]) {
    await handler.page.locator('form', { hasText: office }).locator('input[name=who]').fill(who)
    await handler.press(office)
    await handler.expect('Noted who was told.')
  }
  await handler.expect('Nobody is still to be told.')
}

/** Says that the confirmed prisoner is the wrong man, and confirms him again. */
export async function rejectsAndConfirmsAgain(handler, reference, { prisoner }) {
  await handler.go(`/cases/${reference}`)
  await handler.press('This is the wrong man')
  await handler.expect('The case waits again for whoever it is about.')
  await handler.press(`Confirm ${prisoner.number}`)
  await handler.expect('The prisoner is confirmed for this case')
}

/** Looks at a barred address that is offered for release, and says what was done. */
export async function looksAtAnOfferedAddress(handler, reference) {
  await handler.go('/cases')
  await handler.expect('1 address that a prisoner offers waits for you.')
  await handler.go('/offered-addresses', { shot: 'offered-addresses' })
  await handler.expect(reference, 'The address is barred.')
  await handler.press('Whoever asked has been spoken to', { status: 422, shot: 'offered-addresses-errors' })
  await handler.expectErrors(1)
  await handler.page.locator('input[name=said]').fill('Spoke to the offender manager.')
  await handler.press('Whoever asked has been spoken to')
  await handler.expect('Noted.', 'No offered address waits for you.')
}

/** Lists those with an alert on their record in a prison, and decides of the record of the located prisoner. */
export async function looksAtRecords(handler, reference) {
  await handler.go(`/cases/${reference}`)
  await handler.unfold('Confirm somebody else')
  await handler.fill({ prison: '' })
  await handler.page.getByLabel('Only prisoners with an alert about contact or violence').check()
  await handler.press('Search', { status: 422, shot: 'case-alerted-errors' })
  await handler.expectErrors(1)
  await handler.fill({ prison: 'Leeds' })
  await handler.press('Search')
  await handler.expect('Nobody who is held there has such an alert')
  await handler.go('/cases')
  await handler.expect(/prison records? waits? for you/)
  await handler.go('/record-alerts', { shot: 'record-alerts' })
  await handler.expect(reference, 'Decide whether to ask for one')
  const record = handler.page.locator('.govuk-summary-card', { hasText: reference })
  await handler.press(record.getByRole('button', { name: /^Ask for the alert/ }))
  await handler.expect('The alert is asked for.', 'not yet raised')
  await handler.press(record.getByRole('button', { name: /^It is raised/ }))
  await handler.expect('Noted that the alert is raised.')
}

/** Adds a number, after every way of adding none. */
export async function addsANumber(handler, reference, { added, referred }) {
  await handler.go(`/cases/${reference}`)
  const wrong = [
    {}, { 'add-number': added, 'add-address': referred.address.lines }, { 'add-number': 'twelve' }, { 'add-number': '116 123' },
    { 'add-address': 'somewhere' },
  ]
  for (const fields of wrong) {
    await handler.unfold('Add a number or an address')
    await handler.fill({ 'add-number': '', 'add-address': '', 'add-postcode': '', ...fields })
    await handler.press('Bar this', { status: 422, shot: 'case-add-errors' })
    await handler.expectErrors(1)
  }
  await handler.unfold('Add a number or an address')
  await handler.fill({ 'add-number': added, 'add-address': '' })
  await handler.press('Bar this')
  await handler.expect('Barred. It is on its way to every prison.', added)
}

/** Records a number that rings her and is not hers, after every way of recording none. */
export async function recordsAnAlias(handler, reference, { alias, referred }) {
  await handler.go(`/cases/${reference}`)
  const open = () => handler.unfold('Add a number that rings them and is not theirs')
  await open()
  await handler.press('Record and bar it', { status: 422, shot: 'case-alias-errors' })
  await handler.expectErrors(2)
  await open()
  await handler.fill({ 'alias-number': alias, 'alias-said-by': 'She told the refuge that it rings her mobile.' })
  await handler.press('Record and bar it')
  await handler.expect('Barred. It is on its way to every prison.', alias, `rings ${referred.name}`)
}

/** Proposes to lift a bar: without a reason, then withdrawn, then again. */
export async function proposesALift(handler, reference, number) {
  await handler.go(`/cases/${reference}`)
  const summary = `Propose to lift: ${number}`
  const form = () => handler.page.locator('details', { has: handler.page.locator('summary', { hasText: summary }) }).locator('form').first()
  await handler.unfold(summary)
  await handler.press(form().getByRole('button'), { status: 422, shot: 'case-lift-errors' })
  await handler.expectErrors(1)
  const propose = async () => {
    await handler.unfold(summary)
    await form().locator('textarea').fill('It is not her number.')
    await handler.press(form().getByRole('button'))
    await handler.expect('waits for a second person')
  }
  await propose()
  await handler.press(handler.page.getByRole('button', { name: /^Withdraw/ }))
  await handler.expect('The proposal is withdrawn')
  await handler.go(`/cases/${reference}`)
  await propose()
}

/** Proposes to narrow a confirmed case to its prisoner. */
export async function proposesToNarrow(handler, reference) {
  await handler.go(`/cases/${reference}`)
  await handler.unfold('Propose something else')
  await handler.choose('decision', 'narrow')
  await handler.press('Decide', { status: 422 })
  await handler.expectErrors(1)
  await handler.choose('decision', 'narrow')
  await handler.fill({ 'decide-reason': 'He alone has the number, and his mother asks.' })
  await handler.press('Decide')
  await handler.expect('Your proposal waits for a second person')
}

/** Locates nobody, assesses, and proposes to decline. */
export async function proposesToDecline(handler, reference, { prisoner }) {
  await handler.go(`/cases/${reference}`)
  await locates(handler, prisoner)
  await assesses(handler)
  await handler.choose('decision', 'decline')
  await handler.select('decline', 'not-theirs')
  await handler.fill({ 'decide-reason': 'The number belongs to a shop.' })
  await handler.press('Decide')
  await handler.expect('Your proposal waits for a second person')
}

/** Reads what each proposal is about and approves everything that waits; gives how many proposals that were. */
export async function approvesAll(second, name, ...about) {
  await second.signIn(name)
  await second.go('/proposals', { shot: 'proposals' })
  await second.expect(...about)
  const approve = second.page.getByRole('button', { name: /^Approve/ })
  let approved = 0
  for (; (await approve.count()) > 0; approved += 1) {
    await second.press(approve)
    await second.go('/proposals')
  }
  return approved
}

/** Bars what waited for a handler, from a friend's request. */
export async function barsWhatWaits(handler, reference, { friend }) {
  await handler.go(`/cases/${reference}`, { shot: 'case-held' })
  await handler.expect('To decide', friend.name, friend.noConsent)
  await handler.press(handler.page.getByRole('button', { name: /^Bar it now/ }))
  await handler.expect('Barred. It is on its way to every prison.')
}

/** Leaves a number off the list of a prisoner whom the request did not name: he lost it when it was barred. */
export async function leavesASuspendedEntryOff(handler, reference) {
  await handler.go(`/cases/${reference}`)
  await handler.expect('1 other prisoner affected', 'Suspended: he cannot ring it until you decide')
  await handler.picture('case-holders', '#holders')
  await proposesThatHeKeepsIt(handler, reference)
  await handler.press(handler.page.getByRole('button', { name: /^Leave it off the list/ }))
  await handler.expect('Off the list')
}

/** That a prisoner keeps the number takes a reason and a second person; this one is thought better of. */
async function proposesThatHeKeepsIt(handler, reference) {
  const form = () => handler.page.locator(`form[action="/cases/${reference}/except"]`).first()
  const open = () => handler.unfold(handler.page.locator('#holders details').first())
  await open()
  await handler.press(form().getByRole('button'), { status: 422, shot: 'case-keep-errors' })
  await handler.expectErrors(1)
  await open()
  await form().locator('textarea').fill('It is his own sister.')
  await handler.press(form().getByRole('button'))
  await handler.go('/proposals')
  await handler.press(handler.page.getByRole('button', { name: /^Withdraw/ }))
  await handler.go(`/cases/${reference}`)
}

/** Proposes that a bar leaves one prisoner alone, after every way of naming nobody. */
export async function proposesAnException(handler, reference, number, prisoner) {
  await handler.go(`/cases/${reference}`)
  const open = async () => {
    await handler.unfold('Propose an exception')
    await handler.select('except-bar', { label: number })
  }
  await open()
  await handler.press('Propose the exception', { status: 422, shot: 'case-exception-errors' })
  await handler.expectErrors(2)
  await open()
  await handler.fill({ 'except-prisoner': prisoner, 'except-reason': 'He is her son, and she asks for it.' })
  await handler.press('Propose the exception')
  await handler.expect('Your proposal waits for a second person')
}

/** Ends an exception in one step. */
export async function endsTheException(handler, reference) {
  await handler.go(`/cases/${reference}`)
  await handler.expect('It holds for everyone but 1 prisoner, whom two people excepted.')
  await handler.picture('case-exceptions', '#exceptions')
  await handler.press(handler.page.getByRole('button', { name: /^End the exception/ }))
  await handler.expect('Ended. The bar is on its way to his prison again.')
}

/** Sees why a letter stands on the shelf, and keeps it as evidence. */
export async function decidesALetter(handler, { referred }) {
  await handler.signIn('Anwen Pugh')
  await handler.go('/cases')
  await handler.expect(/letters? waits? on/)
  await handler.go('/alerts', { shot: 'alerts-letter' })
  await handler.expect('checked by Sam Blake')
  await handler.go('/letters', { shot: 'letters' })
  await handler.expect('Barred address', 'Written on the envelope', 'How they compare', 'Decide by', referred.address.street)
  const pictured = handler.page.locator('.govuk-summary-card', { has: handler.page.locator('img') })
  await handler.fetched(await pictured.locator('img').getAttribute('src'))
  const record = async (expected) => {
    const card = handler.page.locator('.govuk-summary-card', { hasText: referred.address.street }).first()
    await handler.unfold(card.locator('details').last())
    return { card, press: () => handler.press(card.getByRole('button', { name: /^Record the decision/ }), expected) }
  }
  const { press } = await record({ status: 422, shot: 'letters-errors' })
  await press()
  await handler.expectErrors(1)
  for (let left = 20; (await handler.text()).includes(referred.address.street) && left > 0; left -= 1) {
    const { card, press: decide } = await record({})
    await card.locator('input[name="decision"][value="evidence"]').check()
    await card.locator('input[name="told"][value="no"]').check()
    await card.locator('input[name="why-not"]').fill('He is moved tomorrow.')
    await decide()
  }
  await handler.expectNone(referred.address.street)
}

/** Proposes an address for the register and a close relative of the case. */
export async function proposesExemptions(handler, reference, { prisoner }) {
  const within = (form, field) => handler.page.locator(`${form} #${field}`)
  await handler.go('/letters/exemptions', { shot: 'exemptions' })
  await handler.unfold('Add to the register')
  await handler.send('#register', { status: 422, shot: 'exemptions-errors' })
  await handler.expectErrors(4)
  await handler.choose('office', 'lawyer')
  await handler.fill({ name: 'Fable and Partners', address: 'Suite 2\n9 Fabled Row\nNorthmoor', 'reason-register': 'Found in the register of the profession.' })
  await handler.send('#register')
  await handler.unfold('Name a close relative')
  await handler.send('#relatives', { status: 422 })
  await handler.expectErrors(5)
  await within('#relatives', 'case').fill(reference)
  await handler.fill({ prisoner: prisoner.number, relative: 'Ivor Prior', relationship: 'His son', 'reason-relative': 'She agrees to it.' })
  await handler.send('#relatives')
  await handler.expect('Waits for a second person')
}

/** One ends them. */
export async function endsExemptions(handler) {
  for (let left = 2; left > 0; left -= 1) {
    await handler.go('/letters/exemptions', { shot: 'exemptions-standing' })
    await handler.expect('In force')
    await handler.press(handler.page.getByRole('button', { name: /^End it/ }))
  }
  await handler.expect('There is no exemption.')
}
