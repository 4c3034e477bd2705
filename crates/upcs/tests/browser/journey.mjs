// The browser story: steps 1 to 6 of the journey in a real Chromium, as each role, with scripts or without.
//
//   node journey.mjs STORY.json
//
// STORY.json names the hub, the two gates, the programs and the router's list of pages. What was counted is
// printed; anything that is not as it should be ends the story with a sentence and a code that is not 0.
import { mkdtemp, mkdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Accessibility } from './accessibility.mjs'
import * as cases from './cases.mjs'
import { Gates } from './gates.mjs'
import * as lists from './lists.mjs'
import * as mailroom from './mailroom.mjs'
import * as oversight from './oversight.mjs'
import { Visits } from './pages.mjs'
import { cast, hers } from './people.mjs'
import * as prisons from './prisons.mjs'
import * as refer from './refer.mjs'
import * as request from './request.mjs'
import { findPlantedTraces, search } from './traces.mjs'
import { Visitor } from './visitor.mjs'

const say = (line) => console.log(line)

async function main() {
  const story = JSON.parse(await readFile(process.argv[2], 'utf8'))
  Object.assign(story, { visits: new Visits(story.pages), faults: [], errorStates: 0, open: [], temp: story.temp ?? (await mkdtemp(join(tmpdir(), 'upcs-browser-'))) })
  if (story.screenshots) await mkdir(story.screenshots, { recursive: true })
  const began = Date.now()
  story.accessibility = await Accessibility.open(story)
  try {
    await proveTheSearches(story)
    await walk(story)
  } finally {
    await Promise.all(story.open.map((context) => context.close()))
    await story.accessibility.close()
  }
  report(story, began)
}

/** Each search first finds what was planted for it. */
async function proveTheSearches(story) {
  const faults = await story.accessibility.findPlantedFaults()
  say(`axe finds ${faults} kinds of planted faults`)
  const planted = 'GET /planted/{page}'
  const unvisited = story.visits.unvisited([planted])
  if (unvisited.length !== 1) throw new Error('a page that nobody visits is taken for visited')
  const places = await findPlantedTraces(story, `planted${Date.now()}`)
  say(`a careless page is found in the profile's ${places.join(', ')}`)
}

async function walk(story) {
  const people = cast()
  const gates = new Gates(story)
  await gates.allows(gates.enabling, people.prisoner.number, people.referred.number)
  const references = await asTheirDevices(story, people, gates)
  const staff = await Visitor.open(story, 'staff')
  references.referral = await asOrganisation(staff, people, references, gates)
  await asHandlers(staff, people, references, gates)
  await inPrisons(staff, people, references, gates)
  await overAll(staff, people, references)
  await staff.close()
  say(`${gates.calls} calls were asked of the two gates`)
}

/** Step 1, and the way out. Each member of the public has a device of her own. */
async function asTheirDevices(story, people, gates) {
  const her = await Visitor.open(story, 'she')
  const first = await request.asksForHerself(her, people)
  await gates.comesToRefuse(gates.barring, 'A1234BC', people.asker.wrongNumber)
  const second = await request.correctsTheNumber(her, people)
  for (const number of [people.asker.wrongNumber, people.asker.number, people.asker.landline, people.child.number]) {
    await gates.comesToRefuse(gates.barring, 'generic', number)
  }
  await gates.allows(gates.barring, 'A1234BC', people.spare)
  say('sent, gone back, corrected, sent again: both numbers are barred')
  const references = { first, second }
  const looked = await request.leaves(her, people, Object.values(references))
  say(`after leaving by each way, ${looked} pages reached by Back show nothing of hers`)
  await her.close()
  await searchHerProfile(story, her, people, references)
  const friend = await Visitor.open(story, 'friend')
  references.friends = await request.asksForAnother(friend, people)
  await friend.go('/nowhere', { status: 404, shot: 'not-found' })
  await friend.close()
  await gates.allows(gates.barring, 'A1234BC', people.friend.number)
  return references
}

async function searchHerProfile(story, her, people, references) {
  const plain = Object.values(references).flatMap((reference) => [reference, reference.replaceAll('-', '')])
  const { files, bytes, needles, found } = await search(her.browser.profile, hers(people, plain))
  story.faults.push(...found.map(({ file, says }) => `her browser keeps ${says} in ${file}`))
  say(`her profile: ${files} files, ${bytes} bytes searched for ${needles} spellings: ${found.length} found`)
}

/** Step 2. */
async function asOrganisation(police, people, references, gates) {
  const referral = await refer.refers(police, people)
  await gates.comesToRefuse(gates.barring, 'official-chaplaincy', people.referred.number)
  await gates.comesToRefuse(gates.enabling, people.prisoner.number, people.referred.number)
  await refer.readsTheReceipt(police, referral, references.first)
  await refer.filesIntelligence(police, referral, people)
  await police.go('/cases', { status: 403 })
  await police.go('/referrals')
  await police.signOut()
  return referral
}

/** Step 3, with step 4's calls. */
async function asHandlers(staff, people, { first, referral, friends }, gates) {
  await staff.signIn('Anwen Pugh')
  await cases.worksTheReferral(staff, referral, people)
  await cases.seesTheProof(staff, referral)
  await gates.refuses(gates.barring, 'A4567EF', people.referred.number)
  const shown = await cases.seesTheAttempt(staff, referral, 'A4567EF')
  say(`the attempt is on the case page within ${shown} ms`)
  await cases.seesTheAlert(staff, referral, 'A4567EF')
  await cases.searchesByTheCall(staff, referral, 'A4567EF', people)
  await cases.tellsOfARelease(staff, referral)
  await cases.looksAtRecords(staff, referral)
  await cases.rejectsAndConfirmsAgain(staff, referral, people)
  await staff.signOut()
  await refer.asksAboutAnAddress(staff, people)
  await staff.signIn('Anwen Pugh')
  await cases.looksAtAnOfferedAddress(staff, referral)
  await cases.addsANumber(staff, referral, people)
  await gates.comesToRefuse(gates.barring, 'A1234BC', people.added)
  await cases.recordsAnAlias(staff, referral, people)
  await gates.comesToRefuse(gates.barring, 'A1234BC', people.alias)
  await cases.barsWhatWaits(staff, friends, people)
  await gates.comesToRefuse(gates.barring, 'A1234BC', people.friend.number)
  await gates.refuses(gates.enabling, 'A3456DE', people.asker.sharedNumber)
  await cases.leavesASuspendedEntryOff(staff, first)
  await gates.refuses(gates.enabling, 'A3456DE', people.asker.sharedNumber)
  await gates.allows(gates.barring, 'A1234BC', people.noContact.number)
  await lists.bringsAListIn(staff, people)
  await gates.comesToRefuse(gates.barring, 'A4567EF', people.noContact.number)
  await exceptsOne(staff, people, referral, gates)
  await withASecond(staff, people, { referral, friends }, gates)
}

/** One prisoner under call barring rings what stays barred for everybody else, until somebody ends it. */
async function exceptsOne(staff, people, referral, gates) {
  const [son, number] = ['A4567EF', people.referred.number]
  await cases.proposesAnException(staff, referral, number, son)
  await gates.refuses(gates.barring, son, number)
  await cases.approvesAll(staff, 'Tom Okafor', `Let ${son} ring ${number} from`, referral)
  await gates.comesToAllow(gates.barring, son, number)
  for (const caller of ['A1234BC', 'generic', 'official-chaplaincy']) await gates.refuses(gates.barring, caller, number)
  await staff.signIn('Anwen Pugh')
  await cases.endsTheException(staff, referral)
  await gates.comesToRefuse(gates.barring, son, number)
  say('two people excepted one prisoner under call barring; one ended it')
}

/** What takes away protection changes nothing until a second handler approves it. */
async function withASecond(staff, people, { referral, friends }, gates) {
  await cases.proposesALift(staff, referral, people.added)
  await cases.proposesToDecline(staff, friends, people)
  await gates.refuses(gates.barring, 'A1234BC', people.added)
  await gates.refuses(gates.barring, 'A1234BC', people.friend.number)
  let approved = await cases.approvesAll(staff, 'Tom Okafor', `Lift the bar on ${people.added}`, referral, 'Decline the request')
  await gates.comesToAllow(gates.barring, 'A1234BC', people.added)
  await gates.comesToAllow(gates.barring, 'A1234BC', people.friend.number)
  await cases.proposesToNarrow(staff, referral)
  await gates.refuses(gates.barring, 'A1234BC', people.referred.second)
  approved += await cases.approvesAll(staff, 'Anwen Pugh', `Narrow the bar on ${people.referred.second} to ${people.prisoner.number}`)
  await gates.comesToAllow(gates.barring, 'A1234BC', people.referred.second)
  await gates.comesToRefuse(gates.barring, people.prisoner.number, people.referred.second)
  await gates.refuses(gates.enabling, people.prisoner.number, people.referred.number)
  say(`a second handler approved ${approved} proposals; nothing was lifted before`)
}

/** Step 5. */
async function inPrisons(staff, people, { referral }, gates) {
  await worksTheMailroom(staff, people)
  await cases.decidesALetter(staff, people)
  await exemptsLetters(staff, people, referral)
  await prisons.appliesForNumbers(staff, people)
  await prisons.approvesNumbers(staff, people)
  await prisons.decidesOfMatches(staff, referral, people)
  await gates.comesToRefuse(gates.barring, 'A1234BC', people.rang)
  await staff.signIn('Jo Hussain')
  await gates.comesToAllow(gates.enabling, people.prisoner.number, people.elsewhere)
  await gates.refuses(gates.enabling, people.prisoner.number, people.referred.number)
  await prisons.takesNumbersOff(staff, people)
  await prisons.takesAFileOver(staff, people)
  await gates.comesToAllow(gates.enabling, people.prisoner.number, people.listed)
  await gates.refuses(gates.enabling, people.prisoner.number, people.referred.number)
  await gates.comesToRefuse(gates.enabling, people.prisoner.number, '01632 960111')
  const personal = [people.referred.name, people.referred.number, people.asker.name, referral]
  await prisons.governs(staff, 'Ruth Castle', 'Moorland', personal)
  await prisons.governs(staff, 'Iolo Vaughan', 'Leeds', personal)
}

/** Confidential mail to a checked address, and letters to a close relative: two people exempt, one ends it. */
async function exemptsLetters(staff, people, referral) {
  await cases.proposesExemptions(staff, referral, people)
  await cases.approvesAll(staff, 'Tom Okafor', 'Confidential mail to Fable and Partners', `Letters of ${people.prisoner.number} to Ivor Prior leave`)
  await cases.endsExemptions(staff)
}

async function worksTheMailroom(staff, people) {
  const { shelved, slowest } = await mailroom.checksLetters(staff, people)
  say(`a letter to a barred address is shelved; ${shelved} others were, by chance; the slowest answer took ${slowest} ms`)
  if (staff.story.scripts) await mailroom.scans(staff, people)
  await mailroom.sendsAFile(staff, people)
  const read = await mailroom.usesAPicture(staff, people, { reads: staff.story.reads })
  say(read ? 'the address was read off a picture' : 'nothing reads pictures here; the address was typed beside it')
  await mailroom.waitsWithoutAHub(staff, people)
}

/** Step 6. */
async function overAll(staff, people, { referral }) {
  await oversight.audits(staff, referral, [people.referred.name, people.referred.number, people.asker.name])
  await oversight.takesAnAttestation(staff)
  await oversight.operates(staff)
  await oversight.approvesAndRevokes(staff)
  await staff.signOut()
}

function report(story, began) {
  const { visits, accessibility, faults } = story
  const unvisited = visits.unvisited()
  say(`${visits.listed.length - unvisited.length} of ${visits.listed.length} pages of the router visited, ${visits.total()} visits`)
  say(`${accessibility.states} page states, ${accessibility.looked.size} of them different, ${story.errorStates} error states: ${faults.length} faults`)
  say(`${Math.round((Date.now() - began) / 1000)} s with scripts ${story.scripts ? 'on' : 'off'}`)
  if (unvisited.length > 0) faults.push(`no visit to ${unvisited.join(', ')}`)
  if (faults.length > 0) throw new Error([...new Set(faults)].join('\n'))
}

main().catch((error) => {
  console.error(error.message)
  if (process.env.UPCS_BROWSER_TRACE) console.error(error.stack)
  process.exitCode = 1
})
