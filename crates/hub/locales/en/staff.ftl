# Staff pages: sign-in, cases, referrals, letters, prisons, audit, operations.

# Sign-in
signin-title = Sign in
signin-lead = This is a demonstration. Nobody in it is real. Choose who you want to be.
signin-shared = Everything you do is written to the audit under the name you choose. Sign out to change.
signin-group-cases = Works the cases
signin-group-refer = Refers from an organisation
signin-group-letters = Checks letters
signin-group-prison = Works in a prison
signin-group-audit = Checks who did and saw what
signin-group-operate = Runs the service
signin-public = Or see what the public sees
signin-public-link = Go to the start page
signin-missing-title = Sign in
signin-missing = Sign-in is not set up on this computer, so there are no staff pages here.
signin-missing-operator = If you run this service: staff pages are served only where a sign-in is set up. The public form works without it.
signin-missing-public = To ask for contact to be stopped you do not need to sign in.

# Roles
staff-role-public = Public
staff-role-police = Police
staff-role-probation = Probation
staff-role-prison = Prison service
staff-role-victim-service = Victim service
staff-role-case-handler = Case handler
staff-role-mailroom = Mailroom, { $prison }
staff-role-pinphone-clerk = PINphone clerk, { $prison }
staff-role-security = Security, { $prison }
staff-role-governor = Governor, { $prison }
staff-role-auditor = Auditor
staff-role-operator = Operator
staff-role-prison-service = Prison service’s system
staff-role-service = The service itself

# Navigation
staff-nav-cases = Cases
staff-nav-alerts = Alerts
staff-nav-attestations = Attestations
staff-nav-proposals = Second approvals
staff-nav-letters = Letters
staff-nav-referrals = Referrals
staff-nav-refer = Make a referral
staff-nav-mailroom = Letters
staff-nav-prison = My prison
staff-nav-numbers = Numbers
staff-nav-intelligence = Intelligence
staff-nav-audit = Audit
staff-nav-operations = Operations

# Common words
staff-done = Done
staff-warning = Warning
staff-check-again = Check again
staff-checked-at = As it stood at { $at }.
staff-none = None
staff-unknown = Not known
staff-reason = Reason
staff-day = Day
staff-month = Month
staff-year = Year
staff-what = What you can do
staff-prison = Prison
staff-state = State
staff-error-reason = Say why you propose this
staff-error-too-long = This is too long. Use at most 5,000 characters
staff-error-overtaken = This has changed since it was proposed, so the proposal is closed and nothing was lifted. Look at it again and propose anew
staff-error-proposed = Somebody has proposed this already. It waits for a second person
staff-error-holders = Other prisoners lost a number of this case and nobody has decided of them. Decide of each of them first
staff-error-again = This has changed since you opened the page. Look again, then decide
staff-error-busy = The service could not save this. Nothing was changed. Try again
staff-error-not-two-people = A different person must approve this
staff-error-created = One of the two accounts created the other. Somebody else must approve this
staff-error-not-allowed = Your account may not do this here
staff-error-transition = The case does not stand where this step begins. Look again
staff-error-decided = This has already been decided
staff-error-cannot-except = Nobody can be excepted whom this case names. Where only approved numbers ring, nor can anybody who never had the number
staff-error-not-held-here = No prisoner with this number is on record in your prison
staff-error-not-on-record = No prisoner with this number is on record
staff-error-cannot-approve = This number cannot be approved.

# What has just been done
done-located = The prisoner is confirmed for this case.
done-assessed = The assessment is saved.
done-confirmed = What is barred is confirmed for every prison.
done-proposed = Your proposal waits for a second person. Until then nothing changes.
done-added = Barred. It is on its way to every prison.
done-added-held = Added. It needs a decision before it is barred: see the list.
done-barred = Barred. It is on its way to every prison.
done-revoked = Taken off the prisoner’s list.
done-exception-ended = Ended. The bar is on its way to his prison again.
done-approved = Approved. It takes effect now.
done-withdrawn = The proposal is withdrawn. Nothing changes.
done-filed = Sent. Your reference is below.
done-switched-on = The prison is switched on.
done-letter-decided = Decided. The prison’s mailroom is told by the letter’s code.
done-letters-uploaded = The file is here. Its letters are checked in turn.
done-message-taken = The message can be read now and was acted upon.
done-message-unreadable = The message still cannot be acted upon. It stays here.
done-message-dismissed = The message is dismissed. It stays on record.
done-gate-revoked = The gate is revoked. It goes on refusing and stays counted until two people retire it.
done-alert-seen = Marked as seen. If more happens, the alert opens again.

# The queue
queue-title = Cases
queue-count = { $count ->
    [one] { $count } case
   *[other] { $count } cases
}
queue-lead = A life at risk first, then what has a new alert or is over a cap, then those where nothing is barred or something still waits for you, then the rest. The oldest come first in each.
queue-shown = { $from } to { $to }
queue-before = Cases before these
queue-after = More cases
queue-alarm = Alarm
queue-alerted = { $count ->
    [one] In { $count } case somebody tried a barred number
   *[other] In { $count } cases somebody tried a barred number
}
queue-alerts = { $count ->
    [one] { $count } alert
   *[other] { $count } alerts
}
queue-parts = Whose requests
queue-of-all = All
queue-of-organisations = From organisations
queue-of-public = From the public
queue-by-organisations = An organisation
queue-by-public = The public
queue-empty = There are no cases. New requests appear here as soon as they are made.
queue-alarms = { $count ->
    [one] { $count } case needs you now
   *[other] { $count } cases need you now
}
queue-reference = Case
queue-priority = Priority
queue-age = Waiting since
queue-barred = Barred
queue-barred-yes = { $count } barred
queue-barred-no = Not yet
queue-held = { $count } to decide
queue-suspended = { $count ->
    [one] { $count } other prisoner to decide
   *[other] { $count } other prisoners to decide
}
queue-find = Open a case by its reference
queue-find-hint = Also one that is decided. For example K7QM-2VXD-94TR
queue-open = Open
queue-error-reference = Enter a reference like K7QM-2VXD-94TR
queue-next-1 = Open the first case. What it asks for may be barred already.
queue-next-2 = Say who the prisoner is, record your assessment, then decide.
queue-next-3 = Anything that removes protection waits for a second person.

# Priorities, states, kinds
case-priority-life-at-risk = Life at risk
case-priority-over-cap = Over a cap
case-priority-handler-first = Decide first
case-priority-barred = Barred already
case-priority-ask-referrer = Ask the referrer
case-state-waiting = New
case-state-located = Prisoner confirmed
case-state-assessed = Assessed
case-state-confirmed = Confirmed
case-state-declined = Declined
bar-state-interim = Interim
bar-state-confirmed = Confirmed
bar-state-lifted = Lifted
bar-state-held = To decide
bar-state-held-legal = Lawyer’s number
referrer-protected-person = The person reached
referrer-friend-or-relative = Friend or relative
referrer-police = Police
referrer-probation = Probation
referrer-prison = Prison
referrer-victim-service = Victim service
channel-phone = Phone
channel-text = Text message
channel-email = Email
channel-post = Post
channel-advocate = Through an advocate
risk-physical = Physical abuse
risk-emotional = Emotional abuse
risk-coercive-or-controlling = Coercive or controlling behaviour
risk-economic = Economic abuse
risk-stalking = Stalking
risk-life-at-risk = A life is at risk
order-restraining = Restraining order
order-non-molestation = Non-molestation order
order-stalking-protection = Stalking protection order
order-domestic-abuse-protection-order = Domestic abuse protection order
order-domestic-abuse-protection-notice = Domestic abuse protection notice
order-bail-or-remand-condition = Bail or remand condition
order-child-arrangements = Child arrangements order
order-injunction = Injunction
consent-given = They agree to the request
consent-absent = They have not agreed
ground-unwanted-contact = The person reached does not want the contact
ground-court-order = A court order forbids it
ground-justice = It would interfere with witnesses or with justice
ground-protection-of-others = It would harm somebody’s rights, safety or health
ground-prevention-of-crime = It would further a crime
relationship-partner = Partner
relationship-former-partner = Former partner
relationship-child = The prisoner’s child
relationship-relative = Another relative
relationship-witness = Witness
relationship-victim-of-offence = Victim of an offence, not otherwise known to the prisoner
relationship-other = Someone else
relationship-not-known = Not known
decline-contact-is-wanted = The person reached says the contact is wanted, and was heard in safety
decline-not-true = The request was not true
decline-not-theirs = The number or address is not the protected person’s
decline-not-proportionate = Neither necessary nor proportionate
intelligence-number-that-rang = A number that rang
intelligence-proxy = Somebody rings or writes for the prisoner
intelligence-illicit-phone = A mobile phone in a prison
intelligence-got-through = Contact got through although it was barred

# The case page
case-title = Case { $reference }
case-caption = Case
case-steps = Steps
case-step-prisoner = Who the prisoner is
case-step-assessment = Assessment
case-step-decision = Decision
case-step-todo = To do
case-step-done = Done
case-step-later = Not yet
case-step-waiting = Waits for a second person
case-on-this-page = On this page
case-opened = Opened { $at }
case-review = Review on
case-next-locate = Confirm who the prisoner is. What is barred stays barred meanwhile, at every prison.
case-next-assess = Record your assessment.
case-next-decide = Decide: keep the bar for every prison, or propose something else to a second person.
case-next-confirmed = Attempts to ring or write appear on this page.
case-next-review = Look at the case again on the review date. The bar does not end by itself.
case-next-declined = Nothing is barred by this case. If the person asks again, a new request can be linked to it.
case-next-holders = Decide today of each other prisoner who lost the number: leave it off his list, or propose that he keeps it.
case-next-held = Decide what has not been barred yet.

# What is barred
targets-title = What is barred
targets-caption = Numbers and addresses of this case
targets-target = Number or address
targets-scope = For whom
targets-scope-estate = Every prisoner
targets-scope-prisoner = { $prisoner } only
targets-since = Since { $at }
targets-none = This case names no number or address that could be barred. Add one below, or ask the referrer.
targets-lift = Propose to lift
targets-lift-of = Propose to lift: { $target }
targets-lift-text = The bar stays until a second person approves. If the number or address was wrong, add the right one first.
targets-lift-reason = Why should it be lifted?
targets-bar-now = Bar it now
targets-bar-now-of = : { $target }
targets-propose-legal = Propose to bar it
targets-held-handler-first = The request came without consent, so a person decides.
targets-held-over-cap = More was asked at once than is usual, so a person decides.
targets-held-legal = This number stands as a lawyer’s on somebody’s list. Barring it takes two people.
targets-legal-reason = Why should a lawyer’s number be barred?
targets-proposed = A second person is asked about this. Until that person decides, nothing changes.
targets-add = Add a number or an address
targets-add-text = It is barred at every prison at once.
targets-add-number = Phone number
targets-add-number-hint = For example 07700 900123. Leave empty if you add an address.
targets-add-address = Address
targets-add-address-hint = As it would be written on an envelope. Leave empty if you add a number.
targets-add-postcode = Postcode
targets-add-button = Bar this
targets-error-nothing = Enter a phone number or an address
targets-error-both = Enter a phone number or an address, not both
targets-error-number = Enter a phone number that can be rung, like 07700 900123 or +44 7700 900123
targets-error-always = This number may be rung by everybody and cannot be barred
targets-error-emergency = This is an emergency number and cannot be barred
targets-error-address = Enter an address with a street and a house, or a postcode

# Proof
proof-title = Is it in force?
proof-all = In force at { $covered } of { $prisons } prisons, no later than { $at }
proof-some = In force at { $covered } of { $prisons } prisons, the last at { $at }
proof-no-prison-yet = In force at 0 of { $prisons } prisons
proof-no-prisons = No prison is switched on to the service yet.
proof-held = Nothing of this case is barred yet. Decide below what waits for you.
proof-nothing = Nothing of this case is barred now.
proof-kept = { $count ->
    [one] It holds for everyone but { $count } prisoner, whom two people excepted.
   *[other] It holds for everyone but { $count } prisoners, whom two people excepted.
}
proof-prison = Prison
proof-at = Since
proof-covered = In force
proof-not-covered = Not in force
proof-folded = { $count ->
    [one] See the { $count } prison where it is in force
   *[other] See the { $count } prisons where it is in force
}
proof-not-counted = { $count ->
    [one] { $count } other prison is not switched on to the service and is not counted.
   *[other] { $count } other prisons are not switched on to the service and are not counted.
}
proof-letters = Letters are checked in every mailroom that is switched on.
proof-calls = Calls are checked by each prison’s gate. A prison counts once its gate has stored the bar and answers calls by it.
proof-why-no-gate = No gate answers this prison’s calls
proof-why-gate-revoked = Its gate was revoked and has not been replaced
proof-why-not-acknowledged = Its gate has not confirmed the bar yet
proof-why-gate-silent = Its gate has stopped answering
proof-why-gate-full = Its gate cannot hold the whole list; new bars do not reach it
proof-why-other-always-allowed = Its gate has other always-allowed numbers than the service
proof-calls-are-ended = A call that was already connected is ended within seconds in every prison.
proof-calls-go-on = A call that was already connected goes on, because the phone system cannot end it or has not said that it can, in: { $prisons }.
proof-beyond = What no gate reaches
proof-beyond-illicit-mobiles = Mobile phones smuggled into a prison
proof-beyond-calls-already-connected = A call that was already connected, where the prison’s phone system cannot end it
proof-beyond-other-jurisdictions = Prisons in other countries
proof-beyond-after-release = Contact after release

# The request
request-panel-title = What was asked
request-panel-nth = Request of { $at }
request-panel-who = Asked by
request-panel-relationship = Relationship
request-panel-channel = Safe way to answer
request-panel-no-channel = None given. Do not contact this person.
request-panel-consent = Consent
request-panel-why = Why
request-panel-risks = Risks named
request-panel-orders = Court orders
request-panel-good-reason = Others with good reason to ring or write
request-panel-person = Person who must not be reached
request-panel-other-names = Also known as
request-panel-born = Date of birth
request-panel-numbers = Numbers, as written
request-panel-addresses = Addresses, as written
request-panel-emails = Email addresses
request-panel-ways = Safe ways to reach this person
request-panel-rule = Rule that decided
request-panel-order-until = until { $at }
request-panel-prisoner = What is known of the prisoner

# The prisoner
prisoner-title = Who the prisoner is
prisoner-located = { $number } is confirmed as the prisoner of this case.
prisoner-number = Prison number
prisoner-name = Name
prisoner-born = Date of birth
prisoner-held = Held at
prisoner-not-held = Not in prison now. The case stays armed for when that changes.
prisoner-change = Confirm somebody else
prisoner-candidates = Who may be meant
prisoner-outcome-sure = One prisoner clearly fits. Check the evidence, then confirm.
prisoner-outcome-choose = Several may be meant, or one is not certain enough. Check the evidence.
prisoner-outcome-none = Nobody on record fits what is known. Change the search, or leave this for later: the bar covers every prisoner.
prisoner-would-decide = It would help to know: { $fact }.
prisoner-confirm = Confirm { $number }
prisoner-evidence-fact = What was asked
prisoner-evidence-agrees = How well it agrees
prisoner-evidence-asked = Written
prisoner-evidence-recorded = On record
prisoner-evidence-for = Speaks for
prisoner-evidence-against = Speaks against
prisoner-evidence-neutral = Says nothing
prisoner-evidence-show = Evidence for { $number }
prisoner-search = Search again
prisoner-search-first = Search for the prisoner
prisoner-nothing-known = The request says nothing of the prisoner. Search, or leave this for later: what is barred is barred for every prisoner.
prisoner-search-button = Search
prisoner-first-name = First name
prisoner-last-name = Last name
prisoner-other-names = Other names
prisoner-age = Age
prisoner-prison = Prison
prisoner-offence = What he is in prison for
prisoner-number-hint = Or a PNC number, like 2012/394773H
prisoner-error-born = Enter a real date, like 27 3 1985
prisoner-error-age = Enter an age in years, like 40
prisoner-fact-firstName = the first name
prisoner-fact-lastName = the last name
prisoner-fact-dateOfBirth = the date of birth
prisoner-fact-age = the age
prisoner-fact-prison = the prison
prisoner-fact-prisonerNumber = the prison number
prisoner-fact-middleName = a middle name
prisoner-fact-offence = what he is in prison for
prisoner-fact-pncNumber = the PNC number
prisoner-field-firstName = First name
prisoner-field-lastName = Last name
prisoner-field-nameOrder = Order of the names
prisoner-field-recordedAs = Kind of name on record
prisoner-field-otherNames = Other names
prisoner-field-dateOfBirth = Date of birth
prisoner-field-birthYear = Year of birth
prisoner-field-prisonId = Prison
prisoner-field-prisonerNumber = Prison number
prisoner-field-pncNumber = PNC number
prisoner-field-offence = What he is in prison for
prisoner-level-exact = The same
prisoner-level-variant = Another spelling of the same name
prisoner-level-nickname = A short form of the same name
prisoner-level-nicknameOfNickname = Two short forms of one name
prisoner-level-reordered = The same parts in another order
prisoner-level-part = One part of the name
prisoner-level-shortened = The beginning of the name
prisoner-level-initial = The first letter alone
prisoner-level-soundsAlike = Sounds the same
prisoner-level-oneTypo = One letter different
prisoner-level-partOneTypo = One part of the name, one letter different
prisoner-level-twoTypos = Two letters different
prisoner-level-alike = Looks alike
prisoner-level-different = Different
prisoner-level-notRecorded = Not on record
prisoner-level-asGiven = As given
prisoner-level-swapped = First and last name exchanged
prisoner-level-main = The main name
prisoner-level-alias = Another name on record
prisoner-level-middle = A middle name
prisoner-level-crossed = First name of one recorded name, last name of another
prisoner-level-agrees = On record
prisoner-level-dayMonthSwapped = Day and month exchanged
prisoner-level-yearOff = One year different
prisoner-level-placeholder = 1 January on record, which often stands for an unknown day
prisoner-level-monthDigit = One digit of the month differs
prisoner-level-dayDigit = One digit of the day differs
prisoner-level-monthDiffers = Only the month differs
prisoner-level-dayDiffers = Only the day differs
prisoner-level-yearDigit = One digit of the year differs
prisoner-level-swappedAndYearOff = Day and month exchanged, one year different
prisoner-level-sameYear = Only the year is the same
prisoner-level-inRange = Fits the age
prisoner-level-nearRange = At most two years from the age
prisoner-level-outOfRange = Does not fit the age
prisoner-level-same = Held there
prisoner-level-last = Was held there before
prisoner-level-oneEdit = One character different

# Assessment and decision
assess-title = Assessment
assess-ground = On what ground may contact be prevented?
assess-ground-short = Ground
assess-necessity = Why is it necessary?
assess-necessity-short = Necessity
assess-proportionality = Why is it proportionate?
assess-proportionality-hint = For example: what the prisoner may still do, and why less would not be enough.
assess-proportionality-short = Proportionality
assess-consent = Do the protected people agree to the request?
assess-consent-short = Consent
assess-consent-reason = Why is there no agreement?
assess-relationship = What is the protected person to the prisoner?
assess-relationship-short = Relationship
assess-review = When will the case be looked at again?
assess-review-hint = For example 27 3 2027. The bar does not end on this day.
assess-review-short = Review on
assess-save = Save the assessment
assess-again = Change the assessment
assess-final = The assessment is part of the decision and can no longer be changed here.
assess-error-ground = Choose the ground
assess-error-necessity = Say why it is necessary
assess-error-proportionality = Say why it is proportionate
assess-error-consent = Say whether they agree
assess-error-consent-reason = Say why there is no agreement
assess-error-relationship = Choose what they are to each other
assess-error-review = Enter a real date in the future, like 27 3 2027
decide-title = Decision
decide-question = What do you decide?
decide-confirm = Keep the bar, for every prison and every prisoner
decide-confirm-hint = It takes effect at once. Nobody else is needed.
decide-narrow = Propose to narrow it to { $prisoner }
decide-narrow-hint = A second person must approve. Until then every prisoner stays barred.
decide-decline = Propose to decline the request
decide-decline-hint = A second person must approve. Until then what is barred stays barred.
decide-decline-why = Ground for declining, only if you propose to decline
decide-reason = Reason for the second person, only if you propose something
decide-button = Decide
decide-needs-assessment = Save the assessment first. What is barred stays barred meanwhile.
decide-holders-first = { $count ->
    [one] Another prisoner lost a number of this case. Decide of him before you confirm.
   *[other] { $count } entries on other prisoners’ lists are suspended. Decide of each before you confirm.
}
decide-confirmed = Confirmed. What is barred stays barred at every prison until two people agree otherwise.
decide-declined = Declined by two people: { $reason }.
decide-change = Propose something else
decide-error = Choose what you decide
decide-error-decline = Choose the ground for declining

# Proposals
proposals-title = Second approvals
proposals-lead = Nothing that removes protection happens before a second person agrees.
proposals-empty = Nothing waits for a second person.
proposals-by = { $name }, { $at }
proposals-more = These are the oldest. There are more; they appear as these are decided.
proposals-by-short = Proposed by
proposals-approve = Approve
proposals-approve-of = : { $what }
proposals-withdraw = Withdraw
proposals-yours = Waits for a second person. You proposed it, so somebody else must approve.
proposals-overtaken = The case has changed since this was proposed, so nobody can approve it. Propose it anew.
proposals-on-case = Waits for a second person
proposals-lift-bar = Lift the bar on { $target }
proposals-narrow-bar = Narrow the bar on { $target } to { $prisoner }
proposals-decline-case = Decline the request: { $reason }. { $bars ->
    [0] No bar is lifted
    [one] Its one bar is lifted
   *[other] Its { $bars } bars are lifted
}
proposals-bar-legal-number = Bar { $target }, a lawyer’s number
proposals-except-prisoner = Let { $prisoner } ring { $target } from { $prison }
proposals-approve-number = Approve a number for { $prisoner }
proposals-revoke-legal-entry = Take a lawyer’s number off the list of { $prisoner }
proposals-admit-gate = Admit gate { $gate } at { $prison }
proposals-retire-gate = Count gate { $gate } at { $prison } no longer
proposals-switch-on-call-barring = Switch { $prison } on: every number that is not barred can be rung there
proposals-switch-prison-off = Switch { $prison } off
proposals-a-prisoner = a prisoner
proposals-next-1 = Open the case and read it before you approve.
proposals-next-2 = If you do not agree, speak to the person who proposed it. Until you approve, nothing changes.

# Attempts, holders, intelligence, history
attempts-title = Attempts
attempts-none = Nobody has tried to ring a number of this case.
attempts-when = When
attempts-times = { $times } times since { $since }
attempts-prison = Prison
attempts-caller = Caller
attempts-target = Number
attempts-verdict = Answer
attempts-allow = Allowed
attempts-refuse = Refused
attempts-ended = Call ended
attempts-not-ended = Call not ended
attempts-generic = First-night phone
attempts-official = Official phone ({ $name })
attempts-because-no-list = gate had no list
attempts-because-unresolvable = not a number
attempts-because-barred = barred
attempts-because-not-approved = not on the caller’s list
attempts-because-class-refused = kind of number not allowed
holders-title = Other prisoners
holders-none = No other prisoner has a number of this case on an approved list.
holders-count = { $count ->
    [one] { $count } other prisoner affected
   *[other] { $count } other prisoners affected
}
holders-undecided = Decide today
holders-text = A number of this case stood on these approved lists. It came off all of them when it was barred.
holders-prisoner = Prisoner
holders-prison = Prison
holders-kind = Kind
holders-state = Now
holders-state-approved = May still ring
holders-state-suspended = Suspended: he cannot ring it until you decide
holders-state-kept = Keeps it: two people agreed
holders-state-revoked = Off the list
holders-keep-of = Propose that { $prisoner } keeps it
holders-keep-reason = Why may he keep it? A second person must approve
holders-keep = Propose that he keeps it
holders-asked = A second person is asked to let him keep it.
holders-more = There are more. Those of whom nobody has decided come first.
holders-revoke = Leave it off the list
exceptions-title = Exceptions
exceptions-text = A bar holds for everyone but those whom two people except. An exception is for one prisoner, in the prison where he is now, and ends when he leaves it. Another bar on the same number holds for him.
exceptions-end = End the exception
exceptions-more = There are more. The newest come first.
exceptions-propose = Propose an exception
exceptions-propose-button = Propose the exception
exceptions-prisoner = Prison number of whom the bar is to leave alone
holders-revoke-all = Leave it off all of these lists
holders-revoke-of = : { $prisoner }

# Files of approved numbers
staff-nav-lists = Files
done-uploaded = The file is being read. Reload this page to see how far it is.
proposals-import-list = Take a file of { $rows } approved numbers over
lists-title = Files of approved numbers
lists-lead = A list that is kept elsewhere is taken over here. Two people of the prison agree to it. A number on a list can still be refused.
lists-file = The file
lists-file-hint = At most 16 MB
lists-format = How it is written
lists-format-csv = A table with commas: prison_number, name, number, kind, and relationship if you have it
lists-format-controlled-number = The telephone supplier’s ControlledNumber records, one prisoner a line
lists-upload = Read the file
lists-error-file = Choose a file that is not empty
lists-error-format = Say how the file is written
lists-error-columns = The first line must name the columns prison_number, name, number and kind
lists-error-large = The file is too large. Split it
lists-error-hidden = Entries cannot come off by a file of which a row cannot be read. Put the row right first
lists-next-1 = Compare the hash with the file that you were given.
lists-next-2 = A second person of the prison approves the file. It is then taken over within a minute or two.
lists-none = No file was taken in yet.
lists-of = File { $hash }
lists-hash = SHA-256
lists-at = Read in
lists-state = Now
lists-state-staging = Being read
lists-state-staged = Read. Nothing is on a list yet
lists-state-approved = Two people agreed. It is being taken over
lists-state-done = Done
lists-rows = Rows
lists-to-take = Numbers to take over
lists-to-take-value = { $count } ({ $legal } of them lawyers’ numbers)
lists-already = On the list already
lists-taken = Taken over
lists-left-out = On the prison’s lists and not in the file
lists-left-out-value = { $count } (lawyers’ numbers not counted; they stay)
lists-came-off = Came off
lists-problems = Rows that are not taken over
lists-problems-more = { $count } in all; the first are shown.
lists-row = Row
lists-why = Why
lists-why-unreadable = It is not a row of this format
lists-why-holder = The prison number is not one
lists-why-number = The telephone number is not one
lists-why-name = There is no name, or it is too long
lists-why-kind = The kind is not social, official or legal
lists-why-not-allowed = The supplier’s record says that it may not be called
lists-why-twice = The same prisoner and number came before in this file
lists-why-unknown-prisoner = Nobody on record has this prison number
lists-why-not-held-here = He is not held in this prison
lists-propose = Propose to take it over
lists-propose-of = : file { $hash }
lists-reason = Why, for the second person
lists-off = What the file leaves out
lists-off-keep = Stays on the lists
lists-off-take-off = Comes off the lists. Only if the file is the whole list
lists-waits = { $name } proposed it at { $at }. A second person must agree.
lists-waits-off = What the file leaves out comes off.
lists-waits-keep = What the file leaves out stays.

staff-nav-no-contact = No-contact lists
no-contact-title = No-contact lists of prisons
no-contact-lead = A list that a prison keeps of whom its prisoners must not reach is taken over here, so that nobody who is protected today is unprotected tomorrow. Every number and address that can be barred is barred at once, for everyone.
no-contact-never-to-a-wing = What this page tells is for case handlers. Never send it to a wing: it says which numbers stood on approved lists.
no-contact-none = No list was taken over yet.
no-contact-of = { $prison }, list of { $as_of }
no-contact-state-staging = Being read. If this does not change, bring the same file in again: it goes on where it was
no-contact-state-taking-over = Not every row is taken over yet
no-contact-waiting = Rows not taken over yet
no-contact-state-done = Done
no-contact-kept-by = Who kept the list
no-contact-kept-by-hint = For example: Public protection, HMP Leeds
no-contact-as-of = Of which day is the list?
no-contact-barred = Numbers and addresses barred by it
no-contact-already = Barred by an earlier list of this prison
no-contact-held = Waiting for case handlers
no-contact-unprotected = { $count ->
    [one] In one row something is not protected. Work on it today.
   *[other] In { $count } rows something is not protected. Work on them today.
 }
no-contact-not-protected = Not protected
no-contact-gaps = Gaps
no-contact-gap = What is wanting
no-contact-by-row = Gaps by row of the file, the header not counted
no-contact-gap-unreadable = More cells than columns: nobody can tell which is which
no-contact-gap-nothing-to-bar = Neither a number nor an address
no-contact-gap-number = A number that is none
no-contact-gap-address = An address that holds too little
no-contact-gap-too-many = More numbers than one row may have; the first are taken
no-contact-gap-always-allowed = A number that everyone may ring and nobody can bar
no-contact-gap-emergency = An emergency number
no-contact-gap-lawyer = A lawyer’s number on somebody’s list: two people decide
no-contact-gap-handler-first = The policy wants a case handler first
no-contact-gap-lifted-before = Two people lifted this before: a case handler looks
no-contact-gap-damaged = What was read cannot be opened any more: bring it in again
no-contact-gap-was-approved = Stood approved on his own list until now. It is off
no-contact-gap-others-suspended = On other prisoners’ lists: they wait for your decision
no-contact-gap-no-prisoner = Names no prisoner for certain
no-contact-gap-prison-number = The prison number is not one
no-contact-gap-unknown-prisoner = Nobody on record has this prison number
no-contact-gap-name-differs = The prison number is somebody’s of another name
no-contact-gap-elsewhere = Another prison holds him now
no-contact-gap-not-in-custody = No prison holds him now
no-contact-gap-no-name = The protected person’s name is not recorded
no-contact-gap-expired = The list says that it ran out. It is barred: nothing expires
no-contact-gap-not-a-date = The day on which it ends is not a date
no-contact-gap-cut = A text was too long and was cut
no-contact-gap-mended = A number had lost its 0 or stood among words. Check it
no-contact-gap-twice = The same row came before
no-contact-bring = Bring a list in
no-contact-file-hint = A table with the columns prison_number, prisoner, person, numbers and address, and postcode, reason, order, reference and expires if you have them. At most 16 MB
no-contact-upload = Take the list over
no-contact-error-prison = Choose the prison whose list it is
no-contact-error-kept-by = Say who kept the list, in at most 200 characters
no-contact-error-as-of = Give the day of which the list is; not one to come
no-contact-error-empty = Choose a file with at least one row
no-contact-error-columns = The first line must name the columns prison_number, prisoner, person, numbers and address
no-contact-error-column = Nobody knows column { $at }. Name it like one of the columns below, or leave it out
no-contact-error-quote = Row { $at } opens a quotation mark that is not closed. Put it right: rows after it would be lost
no-contact-next-1 = The hub bars row by row. Reload this page to see how far it is.
no-contact-next-2 = Cases with something to decide come to the front of the queue.
listed-in = From the no-contact list of { $prison } of { $as_of }, kept by { $kept_by }: row { $row }, file { $hash }.
audit-verb-stage-no-contact-list = Read a no-contact list in
audit-verb-take-no-contact-list = Took a row of a no-contact list over
audit-verb-read-no-contact-lists = Read the reports of no-contact lists

contact-social = Family or friend
contact-official = Official
contact-legal = Lawyer

# Letters on the shelf
letters-title = Letters
letters-lead = These letters did not leave. The mailroom knows only their codes.
letters-none = No letter waits.
letters-sender = Sender
letters-verdict-stop = Barred address
letters-verdict-hold = Doubtful
letters-verdict-lifted = Bar lifted
letters-marked = Marked confidential
letters-verdict-decoy = By chance
letters-verdict-named = Her name
letters-verdict-named-text = The envelope bears the name of somebody whom a case protects. The address itself is not barred. Look at the case: it may be her new address, or somebody else of her name.
letters-verdict-stop-text = The address is barred. It cannot be posted while the bar stands.
letters-verdict-hold-text = The written address may be the barred one, or it is barred for another prisoner. Compare the two before you post the letter.
letters-verdict-unknown-text = No barred address is found to agree, but the written address could not be read or is a PO box. Look at the envelope.
letters-written = Written on the envelope
letters-barred = Barred
letters-barred-for = Barred for { $prisoner } only
letters-why = How they compare
letters-why-postcode-same = The postcode is the same
letters-why-postcode-swapped = Two neighbouring characters of the postcode have changed places
letters-why-postcode-one-edit = The postcode differs in one character
letters-why-postcode-first-half = Only the first half of the postcode is written, and it agrees
letters-why-postcode-sector = The postcodes are of the same neighbourhood
letters-why-postcode-district = The postcodes agree in the first half only
letters-why-postcode-missing = There is a postcode on one side at most
letters-why-postcode-different = The postcodes are of different districts
letters-why-number-same = The house number is the same
letters-why-number-in-range = One house number lies within the other’s range
letters-why-number-misread = The house number is the same once a misread character is put right
letters-why-number-one-of-several = One of several numbers agrees
letters-why-number-is-unit = The flat or unit number is written as the house number
letters-why-number-missing = There is a house number on one side at most
letters-why-number-different = The house numbers differ
letters-why-part-same = The flat is the same
letters-why-part-missing = A flat is named on one side only
letters-why-part-unclear = The flats are named in ways that cannot be compared
letters-why-part-letter-added = The envelope has a letter behind the house number
letters-why-part-different = The flats differ
letters-why-street-same-rare = The street is the same, and its name is rare
letters-why-street-same-common = The street’s name is the same, one that many towns have
letters-why-street-slip-rare = The street’s name differs by one slip, and it is rare
letters-why-street-slip-common = The street’s name differs by one slip, one that many towns have
letters-why-street-slips = The street’s name is alike but for several slips
letters-why-street-partly = Half of the letters of the street’s name agree
letters-why-street-beside = The street is named, but the number stands by another
letters-why-street-missing = There is a street on one side at most
letters-why-street-different = The streets differ
letters-why-kind-different = It is another kind of street (road, lane and so on)
letters-why-kind-missing = The kind of street is left out
letters-why-name-same = The house name is the same
letters-why-name-partly = The house name agrees in part
letters-why-name-missing = There is a house name on one side only
letters-why-name-different = The house names differ
letters-why-place-same = The town or village is the same
letters-why-place-partly = The town or village agrees in part
letters-why-place-missing = There is a town on one side at most
letters-why-place-different = The towns differ
letters-why-box-same = The box number is the same
letters-why-box-different = The box numbers differ
letters-why-abroad-same = It is an address abroad, and the same word for word
letters-why-abroad-near = It is an address abroad, with the same numbers and most letters of the words
letters-why-abroad-different = It is an address abroad, with other numbers or words
letters-marked-text = The letter is marked confidential: it stays closed, also when it is posted.
letters-verdict-decoy-text = Nothing is wrong with this letter. Its address was drawn by lot, so that a code tells nothing.
letters-post = Post it
letters-evidence = Keep it as evidence
letters-return = Return to sender
letters-of = : letter { $code }
letters-error-barred = The address is barred. Posting this letter takes two people: propose to lift or narrow the bar first.
letters-next-1 = What you decide is told to the mailroom by the letter’s code alone.
letters-next-2 = Return a letter only if the sender already knew the address.
letters-late = Overdue
letters-times = Checked { $at }. Decide by { $due }.
letters-picture = Picture of the envelope
letters-picture-alt = The envelope as it was photographed
letters-decide = Keep or return it
letters-decide-legend = What becomes of the letter?
letters-knew = How is it known that he knew this address before?
letters-knew-hint = He reads the address again when he gets the letter back. Return it only if it tells him nothing new.
letters-told = Was the prisoner told?
letters-told-hint = Not needed if the letter is posted.
letters-told-yes = Yes
letters-told-no = No
letters-why-not = Why not?
letters-office = On whose authority?
letters-office-hint = A letter marked confidential is decided by the head of the prison alone, whatever was found. Ask in the same words about every such letter.
letters-office-governor = Governor
letters-office-director = Director
letters-authority = Name
letters-record = Record the decision
letters-error-decision = Say what becomes of the letter
letters-error-knew = Say how it is known that he knew the address
letters-error-told = Say whether the prisoner was told
letters-error-why-not = Say why the prisoner was not told
letters-error-office = Say whether it was the governor or the director
letters-error-authority-name = Give the name of the governor or director
letters-error-authority = This letter is marked confidential. Record on whose authority it is decided.
exemptions-title = Letters that leave all the same
exemptions-link = Exemptions: the register for confidential mail, and close relatives
exemptions-lead = A letter that is marked confidential leaves if it is addressed to somebody on this register, whatever is barred. A prisoner’s letter to a close relative whom a case names leaves although the address is barred. Each exemption takes two people; one ends it.
exemptions-none = There is no exemption.
exemptions-standing = In force
exemptions-proposed = Waits for a second person
exemptions-end = End it
exemptions-of = : { $name }
exemptions-registered = Confidential mail to { $name }, { $address }, leaves unopened
exemptions-relative = Letters of { $prisoner } to { $name } leave although the address is barred
exemptions-office-lawyer = Lawyer or court
exemptions-office-confidential-access = Ombudsman, inspectorate or other body of confidential access
exemptions-office-embassy = Embassy or consulate
exemptions-add-register = Add to the register
exemptions-add-relative = Name a close relative
exemptions-office = Who is there?
exemptions-name = Name
exemptions-address = Address
exemptions-address-hint = As it stands in the register of the profession or body, not as it stands on a letter
exemptions-reason-register = How was it checked?
exemptions-relative-name-hint = First and last name, as they must stand on the envelope. Letters to anybody else there stay stopped.
exemptions-case = Reference of the case
exemptions-prisoner = Prison number of the prisoner
exemptions-relationship = What are they to each other?
exemptions-reason-relative = Why may he write to this relative?
exemptions-propose = Propose it
exemptions-error-office = Say who is there
exemptions-error-name = Give the name
exemptions-error-full-name = Give the first and the last name
exemptions-error-address = Give an address that can be read
exemptions-error-case = Give the reference of a case
exemptions-error-relationship = Say what they are to each other
exemptions-error-reason = Say why
exemptions-next-1 = Another case handler reads what you propose and agrees, or does not. Nothing is exempt before.
exemptions-next-2 = Mail marked confidential to any other address is checked like all mail, and stays closed on the shelf until the head of the prison has decided.
done-exemption-ended = Ended. Such letters are checked like all others.
letters-kind-letter = A letter
letters-kind-email = An e-mail
letters-kind-photocopy = A photocopy or scan

# Intelligence on a case
intel-title = Intelligence
intel-none = No intelligence has been filed for this case.
intel-more = Only the newest is shown. There is more.
intel-over-cap = Filed by an account that sent more than it may in one hour
intel-number = Number named: { $number }
timeline-title = History
timeline-text = Who did and saw what. The newest first.

# Referrers
referrals-title = Referrals
referrals-lead = See what became of a referral. You see only what your own organisation sent.
referrals-reference = Reference
referrals-reference-hint = For example K7QM-2VXD-94TR
referrals-show = Show
referrals-error-reference = Enter a reference like K7QM-2VXD-94TR
referrals-error-not-found = There is no referral of yours with this reference
referrals-receipt = Referral { $reference }
referrals-received = Received { $at }
referrals-nth = Item
referrals-number = Number { $n } of person { $person }
referrals-address = Address { $n } of person { $person }
referrals-email = Email address { $n } of person { $person }
referrals-outcome = What became of it
referrals-barred = Barred
referrals-handler = A case handler decides
referrals-ask = We need more from you
referrals-because-number-not-resolved = This is not a number that can be rung. Send the right one in a new referral.
referrals-because-address-not-read = The address says too little. Send it with a house and a street, or a postcode.
referrals-because-always-allowed = This number may be rung by everybody and cannot be barred.
referrals-because-emergency-number = This is an emergency number and cannot be barred.
referrals-because-email-not-barred = Email addresses are kept for the case handler.
referrals-because-incomplete = The referral does not say why it is made, or why there is no agreement, so nothing was barred at once. Say it in a new referral.
referrals-proof = In force at { $covered } of { $prisons } places
referrals-proof-at = In force at { $covered } of { $prisons } places, no later than { $at }
referrals-make = Make a referral
referrals-make-text = A complete referral is barred in the same second.
referrals-tell = File intelligence
referrals-tell-text = A number that rang, somebody who rings for the prisoner, a phone in a cell, contact that got through.
referrals-next-1 = What is barred is refused at once. A case handler then assesses the referral.
referrals-next-2 = If a person is still rung or written to, file it as contact that got through.
intelligence-title = Intelligence
intelligence-without-case = Belongs to no case yet
intelligence-without-case-lead = Nobody sees these on a case, because they name no reference or number of one. The newest first. Where one needs a bar, make a request or add the number to its case.
intelligence-without-case-none = Nothing waits here.
intelligence-file = File intelligence
intelligence-lead = A case handler reads this. A number you give here is looked at; it is not barred by itself.
intelligence-kind = What is it about?
intelligence-reference = Reference
intelligence-reference-hint = If you have one. For example K7QM-2VXD-94TR
intelligence-number = Phone number
intelligence-number-hint = If you have one
intelligence-account = What do you know?
intelligence-send = Send
intelligence-sent = Your intelligence is filed
intelligence-sent-reference = Your reference<br><strong>{ $reference }</strong>
intelligence-error-kind = Choose what it is about
intelligence-error-account = Say what you know
intelligence-error-reference = Enter a reference like K7QM-2VXD-94TR, or leave it empty
intelligence-error-number = Enter one phone number, or leave it empty
intelligence-another = File something else
intelligence-next-1 = A case handler reads it and looks at the number, if you gave one.
intelligence-next-2 = If a number must not be reached, make a referral: then it is barred at once.

# Mailroom
mailroom-title = Letters
mailroom-lead = Type the address as it stands on the envelope.
mailroom-address = Address on the envelope
mailroom-address-hint = All lines, with the name and the postcode
mailroom-sender = Sender’s prison number
mailroom-sender-hint = For example A1234BC. Type “unknown” if the envelope does not say.
mailroom-check = Check
mailroom-pass = PASS
mailroom-pass-text = The letter may leave.
mailroom-shelf = SHELF
mailroom-shelf-text = Put the letter on the shelf and write this code on its slip:
mailroom-last = Last envelope
mailroom-decided = Letters on the shelf: what to do
mailroom-code = Code
mailroom-do = What to do
mailroom-decided-at = Decided
mailroom-do-post = Post it
mailroom-do-return = Give it back to the sender
mailroom-do-evidence = Keep it until it is collected
letters-verdict-lifted-text = The bar has been lifted since. The letter may be posted.
mailroom-error-address = Type the address as it stands on the envelope
mailroom-error-address-long = Type only the address, at most 500 characters
mailroom-error-sender = Enter a prison number like A1234BC, or “unknown”
mailroom-cap = Your prison has checked as many letters as one prison may in an hour. Leave the rest: they wait safely until the next hour.
mailroom-wait = This letter cannot be checked now. Leave it on the desk and try again in a few minutes.
mailroom-next-1 = A letter that passes may leave. A letter with a code stays on the shelf until somebody collects it.
mailroom-next-2 = Some letters go to the shelf by chance. A code says nothing about the sender or the letter.
mailroom-error-not-held = No prisoner with this number is on record in your prison. Check the number, or type “unknown”
mailroom-label = Print a label with this code
mailroom-keys = Control and Enter in the address checks it. A prison number that is scanned on a line of its own is taken for the sender’s.
mailroom-late = Letters have waited too long
operations-letters-late = { $prison }: { $undecided } on the shelf for more than one working day, { $unchecked } unchecked for more than a day
mailroom-undecided = { $count ->
    [one] { $count } letter has been on the shelf for more than a working day without a decision. The case handlers are told too.
   *[other] { $count } letters have been on the shelf for more than a working day without a decision. The case handlers are told too.
}
mailroom-unchecked = { $count ->
    [one] { $count } letter has waited unchecked for more than a day. Check it first.
   *[other] { $count } letters have waited unchecked for more than a day. Check them first.
}
mailroom-files-link = Check letters by the file
mailroom-files-title = Letters by the file
mailroom-files-back = Check an envelope
mailroom-files-lead = Send a table of letters and get the same rows back, each with post or shelf. Each row needs a sender who is in your prison now.
mailroom-files-kind = What kind of mail is it?
mail-kind-letter = Letters
mail-kind-email = E-mails that are printed or sent on
mail-kind-photocopy = Photocopied or scanned mail
mailroom-files-file = The file
mailroom-files-hint = CSV with the columns prison_number and address, and reference and postcode where you have them. At most 1,000 letters.
mailroom-files-send = Check these letters
mailroom-files-sent = Files you have sent
mailroom-files-at = Sent
mailroom-files-progress = Progress
mailroom-files-answers = Answers
mailroom-files-of = { $answered } of { $rows } answered
mailroom-files-download = Get the answers
mailroom-files-error-file = Choose a file
mailroom-files-error-columns = The first line must name the columns prison_number and address, and no others than reference and postcode
mailroom-files-error-empty = The file holds no letter
mailroom-files-error-many = Send at most 1,000 letters in one file
mailroom-files-error-kind = Say what kind of mail it is
mailroom-files-next-1 = Letters are checked in turn, at most 600 in an hour for your whole prison. You may leave this page.
mailroom-files-next-2 = A row that could not be checked says why in its answer. Mend it and send it again.
mailroom-picture = Use a picture of the envelope
mailroom-picture-file = Picture of the envelope
mailroom-picture-hint = JPEG or PNG, at most 6 megabytes. The address is read off it, and you correct it. The picture is kept only while its letter is on the shelf.
mailroom-picture-no-reader = This service does not read pictures. Type the address; the picture stays beside it, and with the letter while it is on the shelf.
mailroom-picture-unread = No address could be read off this picture. Type it.
mailroom-picture-take = Use this picture
mailroom-picture-error = Choose a picture, JPEG or PNG
mailroom-picture-error-large = Choose a picture of at most 6 megabytes and 40 megapixels
mailroom-pile = Count the letters that wait
mailroom-pile-letters = How many letters lie here unchecked?
mailroom-pile-hint = Count them when the post has come in. If some of them are still unchecked a day later, this page says so.
mailroom-pile-keep = Record the count
mailroom-pile-kept = The count is recorded. If some of these letters are still unchecked a day from now, this page says so.
mailroom-pile-error = Enter a number from 0 to 100,000
mailroom-waits-title = The envelope waits
mailroom-waits-text = The service cannot be reached. No letter leaves until it has been checked: keep the envelope on the desk. When the service is back, type its address again.
mailroom-waits-other = Ni ellir cyrraedd y gwasanaeth. Nid oes llythyr yn gadael nes iddo gael ei wirio: cadwch yr amlen ar y ddesg. Pan fydd y gwasanaeth yn ôl, teipiwch ei chyfeiriad eto.
mailroom-waits-other-lang = cy
mailroom-waits-again = Try again
mailroom-waits-again-other = Rhoi cynnig arall arni
label-day = On the shelf since { $day }
label-stays = Stays on the shelf until its code is called

# Prison
prison-title = { $prison }
prison-up-to-date = Up to date
prison-behind = Not up to date
prison-current-text = Calls in this prison are answered by the newest list.
prison-current-since = The newest list has been in use since { $at }.
prison-no-gate = No gate answers this prison’s calls yet. Tell the service’s operator.
prison-gate-behind = A gate has not taken the newest list yet. It goes on refusing what it refused before.
prison-gate-silent = A gate has not been heard. It goes on answering calls by the list it holds.
prison-gate-revoked = A gate was revoked and has not been replaced.
prison-not-on = This prison is not switched on to the service.
prison-gates = Gates
prison-gate = Gate
prison-gate-state = State
prison-gate-heard = Last list stored
prison-gate-awaiting = Waits to be admitted
prison-gate-revoked-tag = Revoked
prison-gate-in-step = In step
prison-gate-late = Behind
prison-gate-quiet = Not heard
prison-waits = What waits for you
prison-letters = { $count ->
    [0] No letters on the shelf
    [one] { $count } letter on the shelf
   *[other] { $count } letters on the shelf
}
prison-applications = { $count ->
    [0] No numbers wait for approval
    [one] { $count } number waits for approval
   *[other] { $count } numbers wait for approval
}
prison-files = { $count ->
    [0] No files wait for approval
    [one] { $count } file waits for approval
   *[other] { $count } files wait for approval
}
prison-open-numbers = See the numbers
prison-open-files = See the files
prison-open-letters = Check letters
prison-next-1 = If this page says that the prison is not up to date for more than a few minutes, tell the service’s operator.
prison-next-2 = Nothing that was refused before is allowed while a gate is behind.
prison-regime = How calls work here
prison-regime-call-barring = Prisoners may ring any number that is not barred
prison-regime-call-enabling = Prisoners may ring only approved numbers

# Numbers
numbers-title = Numbers
numbers-lead = A prisoner’s number is approved by two people: one applies, another approves. Ring a number to verify it only once its application is answered.
numbers-apply = Apply for a number
numbers-holder = Prison number
numbers-number = Phone number
numbers-kind = Kind of contact
numbers-kind-official-hint = For example a council or a college
numbers-kind-legal-hint = Only numbers from the register of lawyers
numbers-button = Apply
numbers-waiting = Waiting for a second person
numbers-waiting-none = No numbers wait for approval.
numbers-approve-of = : { $number } for { $prisoner }
numbers-error-holder = Enter a prison number like A1234BC
numbers-error-number = Enter one phone number, like 07700 900123
numbers-error-name = Enter the person’s name
numbers-error-kind = Choose the kind of contact
numbers-next-1 = Security approves a number after it was verified. Then it stands on the prisoner’s list.
numbers-next-2 = Whether a call goes through is decided at each call. No reason is given for a call that does not.
numbers-only-security = Security approves numbers.
numbers-list = A prisoner’s list
numbers-list-button = Show the list
numbers-list-of = Numbers of { $prisoner }
numbers-list-none = { $prisoner } has no numbers here.
numbers-state = State
numbers-state-live = On the list
numbers-state-ended = Taken off
numbers-state-applied = Waits for a second person
numbers-off = Take off
numbers-off-propose = Propose to take off
numbers-off-of = : { $number } for { $prisoner }
numbers-comes-off = To be taken off
numbers-error-reason = Say why the lawyer’s number is to come off

# Audit
audit-title = Audit
audit-whole = Nothing has been changed: all { $rows } entries are as they were written.
audit-broken = Entry { $at } is not as it was written. Stop and tell the operator.
audit-person = Person
audit-everybody = Everybody
audit-verb = What was done
audit-everything = Everything
audit-reference = Case reference
audit-show = Show
audit-seq = Entry
audit-when = When
audit-who = Who
audit-what = What
audit-subject = On what
audit-detail = Detail
audit-older = Older entries
audit-newest = Newest entries
audit-none = No entries fit.
audit-error-reference = Enter a case reference like K7QM-2VXD-94TR
audit-next-1 = What you look at here is an entry too.
audit-next-2 = If an entry is not as it was written, keep this page open, call the operator and change nothing.

# What the audit calls things
audit-refused = Refused
audit-verb-acknowledge = A gate confirmed a list
audit-verb-add-account = Made an account
audit-verb-add-key = Made a key
audit-verb-add-target = Barred a number or an address
audit-verb-approve = Approved as the second person
audit-verb-bar-held = Barred what had waited
audit-verb-check-letter = Checked a letter
audit-verb-close-session = Signed out
audit-verb-confirm-case = Confirmed the case
audit-verb-decide-letter = Decided about a letter
audit-verb-end-exemption = Ended an exemption of letters
audit-verb-propose-exemption = Proposed an exemption of letters
audit-verb-read-exemptions = Read the exemptions of letters
audit-verb-alert-letter = Raised the alert of a letter
audit-verb-count-letters = Counted the letters that wait
audit-verb-file-letters = Sent a file of letters
audit-verb-read-letter-batches = Read the files of letters
audit-verb-leave-letter-row = Answered a row of a file that cannot be checked
audit-verb-end-exception = Ended an exception
audit-verb-enrol-gate = Enrolled a gate
audit-verb-file-intelligence = Filed intelligence
audit-verb-file-request = Made a request
audit-verb-import-prisoners = Took over prisoner records
audit-verb-begin-feed-session = Began a new session of the feed
audit-verb-renew-fingerprint-key = Made a gate’s fingerprint key anew
audit-verb-issue-enrolment-code = Made an enrolment code
audit-verb-locate-prisoner = Confirmed the prisoner
audit-verb-open-case = Opened the case
audit-verb-open-session = Signed in
audit-verb-propose = Made a proposal
audit-verb-read-application = Read an application
audit-verb-read-approved-list = Read a prisoner’s approved list
audit-verb-read-attempts = Read the attempts
audit-verb-read-intelligence = Read intelligence without a case
audit-verb-read-audit = Read the audit
audit-verb-apply-list = Took a file of numbers over
audit-verb-stage-list = Read a file of numbers in
audit-verb-read-imports = Read which files were taken in
audit-verb-read-holders = Read who else has the number
audit-verb-read-letters = Read the letters
audit-verb-read-proposals = Read the proposals
audit-verb-read-queue = Read the queue
audit-verb-read-receipt = Read a receipt
audit-verb-record-assessment = Recorded the assessment
audit-verb-record-attempts = A gate reported attempts
audit-verb-record-transfer = Recorded a transfer
audit-verb-note-custody-queue = Noted how the queue of the prison service stands
audit-verb-raise-arrival = Compared an arrival with the cases that wait
audit-verb-record-custody-event = Took an event of the prison service
audit-verb-set-message-aside = Set a message of the prison service aside
audit-verb-dismiss-message = Dismissed a message of the prison service
audit-verb-record-merge = Recorded that two prison numbers are one person’s
audit-verb-revoke-gate = Revoked a gate
audit-verb-revoke-keys = Took an account’s keys away
audit-verb-revoke-number = Took a number off a list
audit-verb-gate-went-back = A gate went back to an earlier list
audit-verb-leave-suspended = Left a number off a list
audit-verb-switch-prison-on = Switched a prison on
audit-verb-withdraw-proposal = Withdrew a proposal
audit-verb-mark-alert-seen = Marked an alert as seen
audit-verb-plant-canary = Planted a canary number
audit-verb-read-alerted-prisoners = Listed prisoners with an alert on record
audit-verb-read-alerts = Read the alerts
audit-verb-read-canaries = Read the canary numbers
audit-verb-record-attestation = Attested a prison
audit-kind-account = Account
audit-kind-api-key = Key
audit-kind-held-target = Number or address that waits
audit-kind-roster = Prisoner records
audit-kind-alert = Alert
audit-kind-canary = Planted number
audit-kind-feed = Feed
audit-kind-list-import = File of approved numbers
audit-kind-no-contact-list = No-contact list
audit-kind-no-contact-row = Row of a no-contact list
audit-kind-approved-entry = Number on a list
audit-kind-audit = Audit
audit-kind-bar = Bar
audit-kind-case = Case
audit-kind-gate = Gate
audit-kind-intelligence = Intelligence
audit-kind-letter = Letter
audit-kind-letter-batch = File of letters
audit-kind-letter-pile = Letters that wait
audit-kind-letter-exemption = Exemption of letters
audit-kind-prison = Prison
audit-kind-prisoner = Prisoner
audit-kind-message = Message of the prison service
audit-kind-proposal = Proposal
audit-kind-queue = Queue
audit-kind-request = Request

# Operations
operations-title = Operations
operations-on = Prisons that are switched on
operations-none-on = No prison is switched on.
operations-since = Since
operations-regime = Calls
operations-off-propose = Propose to switch off
operations-off-of = : { $prison }
messages-title = From the prison service
messages-queue = The queue was asked { $at }; about { $count } wait in it.
messages-queue-oldest = The oldest that was just taken had been sent { $at }.
messages-none = Nothing has come from the prison service.
messages-waiting = { $count ->
    [one] One message could not be acted upon
   *[other] { $count } messages could not be acted upon
 }
messages-waiting-text = Somebody may have come into a prison or left one without this service knowing. Ask the prison service, take over the roster, then dismiss the message. It stays on record either way.
messages-why-too-long = It is longer than a message may be.
messages-why-envelope = It is no event of the prison service.
messages-why-time = Its time is missing, cannot be read or is ahead of this clock.
messages-why-prisoner = It names no prison number, one that cannot be, or two that differ.
messages-why-prison = It names no prison.
messages-why-reason = It gives a reason for leaving that is not known here.
messages-why-alert = It names no kind of alert.
messages-via-post = It was posted { $at }.
messages-via-queue = It came by the queue { $at }.
messages-again = Try again
messages-dismiss = Dismiss
messages-of = : the message of { $at }
messages-kind = Kind
messages-outcome = What came of it
messages-number = How many
messages-last = The last
messages-outcome-taken = Acted upon
messages-outcome-repeated = Had come before
messages-outcome-overtaken = Something newer was known
messages-outcome-passed = Of no concern here
messages-outcome-set-aside = Set aside
operations-switch-on = Switch a prison on
operations-choose-prison = Choose a prison
operations-regime-question = How do calls work there?
operations-call-barring-hint = A second operator must agree
operations-on-reason = Reason, where a second operator must agree
operations-switch-on-button = Switch on
operations-gates = Gates
operations-no-gates = No gate has enrolled.
operations-second-gate = A second gate for { $prison }
operations-second-gate-text = A gate enrolled although { $prison } has one already. If nobody there has set up another, do not admit it, and retire it: the code may have been stolen.
operations-gate = Gate
operations-key = Key fingerprint
operations-state-awaiting = Waits to be admitted
operations-state-admitted = Admitted
operations-state-revoked = Revoked
operations-state-retired = Retired
operations-heard = In step
operations-quiet = Not heard
operations-room-short = Short of room
operations-room-full = Cannot hold its list
operations-admit = Propose to admit
operations-admit-text = Compare the key fingerprint with the one on the gate’s own screen first.
operations-retire = Propose to retire
operations-revoke = Revoke
operations-gate-of = : gate { $gate }
operations-code = Enrol a gate
operations-code-text = The code works once, for one prison, for an hour. It is shown once.
operations-code-button = Make a code
operations-code-shown = Enrolment code for { $prison }
operations-code-shown-text = Give this code to the gate now. It is not shown again and ends in an hour.
operations-proposals = Waiting for a second operator
operations-proposals-none = Nothing waits for a second operator.
operations-reason-compared = Key fingerprint compared
operations-error-prison = Choose a prison
operations-error-regime = Choose how calls work
operations-next-1 = Switch the prison on, make a code, start the gate with it, compare the key, and let a second operator approve.
operations-next-2 = From then on the prison counts as covered once its gate confirms.
operations-next-3 = What removes cover takes two operators.

# Alerts: for case handlers
alerts-title = Alerts
alerts-lead = Somebody in prison tried a barred number or wrote to a barred address. One alert for each caller, number and hour, the strongest first. Nobody in the prison is told.
alerts-none = There is no alert that nobody has seen.
alerts-more = There are more than are shown here.
alerts-open = New
alerts-seen = Seen
alerts-seen-count = { $count ->
    [one] { $count } alert that was seen
   *[other] { $count } alerts that were seen
}
alerts-sign-canary = This number was planted and is nobody’s. Whoever dials it has read what he should not.
alerts-sign-went-through = The call went through although the number was barred.
alerts-sign-arrived = Somebody has come into prison who may be the prisoner of this case. Compare him with what is known, and say who it is. Nothing more is barred for it.
alerts-arrived-at = Came in { $at }.
alerts-sign-new-number = His first try at a number that he was never known to have. He has learned it.
alerts-sign-several-callers = Another caller was refused the same number within a week.
alerts-sign-repeated = He tried again and again within the hour.
alerts-sign-named = He is the prisoner whom this case names.
alerts-sign-another = He is not the prisoner whom this case names.
alerts-sign-nobody-named = This case names no prisoner yet. This may be he.
alerts-letter-canary = This address was planted and is nobody’s. Whoever writes to it, or types it, has read what he should not.
alerts-letter-new-number = His first letter to an address that he was never known to have. He has learned it.
alerts-letter-several-callers = A letter of somebody else to the same address was stopped within a week.
alerts-letter-repeated = Several letters of his were stopped within the hour.
alerts-letter-unknown = The sender is unknown
alerts-letter-stopped = { $count ->
    [one] { $count } letter is on the shelf, checked by { $name }.
   *[other] { $count } letters are on the shelf, the first checked by { $name }.
}
alerts-planted = Where it was planted
alerts-refused = { $count ->
    [one] Refused once.
   *[other] Refused { $count } times.
}
alerts-allowed = { $count ->
    [one] Went through once.
   *[other] Went through { $count } times.
}
alerts-not-dialled = Not dialled: it was asked for in a contact application, or stood in a file of approved numbers.
alerts-between = First { $first }, last { $last }.
alerts-mark-seen = I have seen this
alerts-of = : { $number }
alerts-next-1 = Open the case. If she is in danger, act by your own procedure first.
alerts-next-2 = Mark an alert as seen when somebody has acted on it.

# Alarms: for operators
alarms-title = Bars are not in force everywhere
alarms-text = For more than two minutes a bar has not been in force in these prisons. Calls there go by the list that each gate holds.

# Attestations and missing attempts
attestations-title = Attestations
attestations-lead = Once a day the hub signs where each prison stands, with each gate’s own signed word inside. A day without one stays missing.
attestations-none = No prison is switched on.
attestations-day = Day
attestations-attempts = Attempts
attestations-file = Signed file
attestations-covered = Covered
attestations-not-covered = Not covered
attestations-missing = Missing
attestations-not-yet = Not yet
attestations-missing-attempts = { $count } missing
attestations-key = The hub’s key
attestations-next-1 = Take a file away and check it with: upcs attest verify FILE --hub-key KEY
attestations-next-2 = Read each gate’s key fingerprint off the gate itself and give it as --gate-key.
gaps-missing = Missing attempts
gaps-count = { $count ->
    [one] at most { $count } attempt is missing
   *[other] at most { $count } attempts are missing
}
# Contact applications and alias numbers
staff-nav-matches = Applications
staff-nav-applications = Applications
done-application-received = Received. It is answered with all others in the daily batch. Ring nobody before.
done-application-refused = Noted. It is answered with all others in the daily batch.
done-match-cleared = Noted: somebody else. The application is answered again in the next daily batch.
queue-matches = { $count ->
    [one] { $count } application to ring agrees with a case. Look at it today.
   *[other] { $count } applications to ring agree with cases. Look at them today.
}
queue-letters = { $count ->
    [one] { $count } letter waits on a shelf. Decide within one working day.
   *[other] { $count } letters wait on shelves. Decide each within one working day.
}
queue-letters-late = { $count ->
    [one] { $count } letter has waited for more than one working day.
   *[other] { $count } letters have waited for more than one working day.
}
applications-title = Applications
applications-lead = Applications for family and friends are answered together, once a day. Ring no number before it may be rung. Applications for lawyers and officials go to security at once; check them in the register and do not ring to check.
applications-due = What comes in now is answered after { $at }.
applications-due-one = Answered after { $at }
applications-first-name = First names
applications-last-name = Last name
applications-born = Date of birth, if it is known
applications-age = Age, if the date is not known
applications-relationship = What the person is to the prisoner
applications-second-number = Second phone number, if there is one
applications-list = What has been applied for
applications-none = Nothing has been applied for.
applications-contact = Person
applications-answer = Answer
applications-answer-received = Received. Ring nobody yet.
applications-answer-may-be-rung = May be rung to verify it
applications-answer-with-two-people = With security. Check the register; do not ring.
applications-answer-not-approved = Not approved
applications-reconsidered = Considered again
applications-refuse = Do not approve
applications-refuse-of = : { $name } for { $prisoner }
applications-error-too-many = Too many applications are waiting. Apply again after the next answers
applications-error-field = Check this: it is missing, too long or cannot be read
applications-error-born = Enter a real date, or leave it empty
applications-error-age = Enter an age in years, or leave it empty
applications-next-1 = Family and friends: all answers come at the same time, once a day.
applications-next-2 = If a number may be rung, ring it to verify it. Then security approves it.
applications-next-3 = An application that is not approved has no reason given. There are many.
matches-title = Applications to ring
matches-lead = A prisoner asked to ring somebody who agrees with one of our cases. His prison was told the same as of any other refusal. Look at these today: if it is somebody else, a family waits.
matches-more = Only some are shown. There are more.
matches-none = No application waits for you.
matches-none-here = No application agrees with this case.
matches-by = Asked by
matches-kind-number = One of the numbers is barred.
matches-kind-person = The person agrees with somebody whom the case protects.
matches-kind-address = The address agrees with a barred one.
matches-person = Protected: { $name }.
matches-own = The case is about the same prisoner.
matches-related = The relationship agrees too.
matches-bar = Bar these numbers now
matches-clear = It is somebody else
matches-of = : { $name }
matches-decide = Decide
matches-summary = { $name }, asked by { $prisoner }: { $state }
matches-state-open = waits for you
matches-state-noted = refused, the number is barred already
matches-state-cleared = somebody else
matches-state-barred = barred
matches-error-no-number = None of these numbers can be barred
matches-next-1 = Barring takes one step. The application stays refused.
matches-next-2 = If it is somebody else, the next daily batch answers again, and two people of the prison decide.
aliases-title = Numbers that ring them and are not theirs
aliases-rings = rings { $name }.
aliases-add = Add a number that rings them and is not theirs
aliases-text = For example a virtual landline or a voicemail that passes calls on. It is barred at every prison at once.
aliases-whom = Whom does it ring?
aliases-said-by = Who said so, and how does it work?
aliases-said-by-hint = For example: she told the refuge that this landline rings her mobile
aliases-button = Record and bar it
aliases-error-whom = Choose whom it rings
aliases-error-said-by = Say who said so
audit-verb-add-alias-number = Recorded a number that rings a protected person
audit-verb-answer-applications = Answered applications
audit-verb-bar-application-match = Barred the number of an application
audit-verb-clear-application-match = Said that an application is about somebody else
audit-verb-file-applications = Filed applications
audit-verb-read-application-match = Read an application that agrees with a case
audit-verb-read-application-matches = Read applications that agree with cases
audit-verb-read-applications = Read a prison’s applications
audit-verb-refuse-application = Refused an application
audit-verb-screen-applications = Screened applications
audit-kind-application = Application
audit-kind-application-match = Application that agrees with a case
audit-kind-alias-number = Number that rings a protected person

# By the call: who rang at a time that she remembers.
calls-title = By the call
calls-text = If the protected person remembers when the phone rang, look for who dialled the number then. The call is found whether it was allowed or refused. Calls to lawyers and helplines are never recorded.
calls-in-nobodys-hand = Nobody has this case in hand. Only the handler who has it in hand can search its calls.
calls-mine = You have had this case in hand since { $at }.
calls-in-hand = { $name } has had this case in hand since { $at }.
calls-take = Take this case in hand
calls-take-over = Take this case over
calls-search = Search the calls
calls-search-again = Search the calls again
calls-number = Number that rang
calls-date = Day it rang
calls-time = Time it rang
calls-time-hint = For example 9:10pm or 21:10, by a clock in the house
calls-within = Look this far before and after
calls-span = { $minutes } minutes
calls-reason = Why you search
calls-reason-hint = For example: she told the refuge that her mobile rang at ten past nine. This is kept.
calls-button = Search the calls
calls-no-number = This case has no number that can be read. Add one first.
calls-found = Calls to { $number } from { $from } to { $to }
calls-none-found = No prison recorded a call to this number then. The clock of a prison’s phone system may be wrong: look further before and after. Prisons that are not switched on record nothing, and nor do mobiles smuggled in.
calls-more = There are more calls than these. Search a shorter time.
calls-times = { $times } times until { $until }
calls-not-on-record = Nobody on record has this number
calls-not-held = Not in prison now
calls-is-his = He is confirmed for this case
calls-who-dialled = This is whose PIN was used. Somebody else may have dialled with it: compare him with what is known before you confirm.
calls-made = Searches made
calls-made-one = { $at }, { $name }: { $number } from { $from } to { $to }. Calls found: { $found }.
calls-made-more = There were more searches before. The audit has them all.
calls-error-number = Choose a number of a protected person of this case
calls-error-date = Enter the day it rang, like 23 11 2026
calls-error-time = Enter the time it rang, like 9:10pm or 21:10
calls-error-within = Choose how far to look
calls-error-reason = Say why you search
calls-error-not-in-hand = Take the case in hand first. Only the handler who has this open case in hand can search its calls
done-taken-in-hand = You have this case in hand.
audit-verb-take-in-hand = Took the case in hand
audit-verb-search-calls = Searched the calls
audit-kind-call-search = Search of calls

# Prisoners with bars who go out.
staff-nav-releases = Releases
releases-title = Releases
releases-lead = These prisoners have bars and are out, or are going out. Tell the victim liaison officer and the police of each. Tell no date to the protected person: the victim liaison officer does. What is barred stays barred.
releases-more = There are more than these. The oldest are shown.
releases-none = Nobody is still to be told.
releases-noticed = Known here since { $at }.
releases-held = He is on record at { $prison } now.
releases-office-victim-liaison = Told at the victim liaison unit
releases-office-police = Told at the police
releases-who-victim-liaison = Who was told at the victim liaison unit
releases-who-police = Who was told at the police
releases-who-hint = A name and an office; or why there is nobody to tell
releases-told-victim-liaison = The victim liaison officer is told
releases-told-police = The police are told
releases-error-who = Say who was told
releases-next-1 = The victim liaison officer agrees with the protected person what she is told, and when.
releases-next-2 = A bar does not stop calls or letters of somebody who is out. The police can.
queue-releases = { $count ->
    [one] { $count } prisoner with bars goes out. Tell the victim liaison officer and the police.
   *[other] { $count } prisoners with bars go out. Tell the victim liaison officers and the police.
}
releases-note = Note that he is going out
releases-note-text = If you hear that he is going out, note it here: a task stands until the victim liaison officer and the police have been told.
done-release-told = Noted who was told.
done-release-noted = Noted. The task stands under Releases until both have been told.
audit-verb-note-release = Noted that the prisoner goes out
audit-verb-tell-of-release = Recorded who was told of a release
audit-verb-read-releases = Read who goes out
audit-kind-release-task = Task at a release

elsewhere-title = From other cases about the same numbers
elsewhere-text = These prisoners were confirmed in cases that share a number with this one, or in this case before. It adds nothing to the evidence: look at each case before you confirm one.
elsewhere-in = Confirmed in case
elsewhere-here = Confirmed in this case before.

# The alerts on a prisoner's own record
record-alerts-title = Alerts on his record
record-alert-ONCR = no-contact request
record-alert-OHCO = harassment or a court order
record-alert-RSP = stalking
record-alert-RDV = domestic violence
record-alert-since = since { $date }
prisoner-alerted = Only prisoners with an alert about contact or violence
prisoner-alerted-hint = Name the prison. Lists those held there with a no-contact request, or an alert for harassment or a court order, stalking or domestic violence, whose name fits at least in part.
prisoner-error-alerted-prison = Name the prison whose prisoners with an alert you want to see, like Leeds
prisoner-outcome-alerted = These prisoners are held there, have such an alert on their record, and their name fits at least in part. An alert is no evidence that he is meant: check each.
prisoner-outcome-alerted-none = Nobody who is held there has such an alert on record and a name that fits even in part.
prisoner-alerted-more = There are more. Give more of his name.
prisoner-alerted-near = Of those who fit about as well, these have an alert on their record. It is no evidence that he is meant, and it changes nobody’s place: check each.
prisoner-near-title = About as likely, and with an alert
prisoner-legal = Held as
legal-status-remand = On remand
legal-status-convicted-unsentenced = Convicted, not yet sentenced
legal-status-sentenced = Sentenced
legal-status-indeterminate-sentence = Serving an indeterminate sentence
legal-status-recall = Recalled from licence
legal-status-immigration-detainee = Detained for immigration
legal-status-civil-prisoner = A civil prisoner
legal-status-other = Held on another ground
legal-status-unknown = On a ground that is not known
