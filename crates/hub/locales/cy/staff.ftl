# Tudalennau staff: mewngofnodi, achosion, atgyfeiriadau, llythyrau, carchardai, archwilio, gweithredu.

# Mewngofnodi
signin-title = Mewngofnodi
signin-lead = Arddangosiad yw hwn. Nid oes neb ynddo yn real. Dewiswch pwy ydych am fod.
signin-shared = Caiff popeth a wnewch ei gofnodi yn yr archwiliad o dan yr enw a ddewiswch. Allgofnodwch i newid.
signin-group-cases = Gweithio ar yr achosion
signin-group-refer = Atgyfeirio ar ran sefydliad
signin-group-letters = Gwirio llythyrau
signin-group-prison = Gweithio mewn carchar
signin-group-audit = Gwirio pwy wnaeth a phwy welodd beth
signin-group-operate = Rhedeg y gwasanaeth
signin-public = Neu gweld yr hyn mae’r cyhoedd yn ei weld
signin-public-link = Ewch i’r dudalen gychwyn
signin-missing-title = Mewngofnodi
signin-missing = Nid yw mewngofnodi wedi’i osod ar y cyfrifiadur hwn, felly nid oes tudalennau staff yma.
signin-missing-operator = Os ydych yn rhedeg y gwasanaeth hwn: dim ond lle mae mewngofnodi wedi’i osod y dangosir tudalennau staff. Mae’r ffurflen gyhoeddus yn gweithio hebddo.
signin-missing-public = Nid oes angen mewngofnodi i ofyn am atal cyswllt.

# Rolau
staff-role-public = Y cyhoedd
staff-role-police = Yr heddlu
staff-role-probation = Y gwasanaeth prawf
staff-role-prison = Y gwasanaeth carchardai
staff-role-victim-service = Gwasanaeth dioddefwyr
staff-role-case-handler = Swyddog achos
staff-role-mailroom = Ystafell bost, { $prison }
staff-role-pinphone-clerk = Clerc ffonau PIN, { $prison }
staff-role-security = Diogelwch, { $prison }
staff-role-governor = Llywodraethwr, { $prison }
staff-role-auditor = Archwilydd
staff-role-operator = Gweithredwr
staff-role-prison-service = System y gwasanaeth carchardai
staff-role-service = Y gwasanaeth ei hun

# Llywio
staff-nav-cases = Achosion
staff-nav-alerts = Rhybuddion
staff-nav-attestations = Ardystiadau
staff-nav-proposals = Ail gymeradwyaeth
staff-nav-letters = Llythyrau
staff-nav-referrals = Atgyfeiriadau
staff-nav-refer = Gwneud atgyfeiriad
staff-nav-mailroom = Llythyrau
staff-nav-prison = Fy ngharchar
staff-nav-numbers = Rhifau
staff-nav-intelligence = Gwybodaeth
staff-nav-audit = Archwilio
staff-nav-operations = Gweithredu

# Geiriau cyffredin
staff-done = Wedi’i wneud
staff-warning = Rhybudd
staff-check-again = Gwirio eto
staff-checked-at = Fel yr oedd ar { $at }.
staff-none = Dim
staff-unknown = Nid yw’n hysbys
staff-reason = Rheswm
staff-day = Diwrnod
staff-month = Mis
staff-year = Blwyddyn
staff-what = Beth allwch ei wneud
staff-prison = Carchar
staff-state = Cyflwr
staff-error-reason = Dywedwch pam rydych yn cynnig hyn
staff-error-too-long = Mae hyn yn rhy hir. Defnyddiwch 5,000 nod ar y mwyaf
staff-error-overtaken = Mae hyn wedi newid ers iddo gael ei gynnig, felly mae’r cynnig wedi’i gau ac ni chodwyd dim. Edrychwch arno eto a chynnig o’r newydd
staff-error-proposed = Mae rhywun wedi cynnig hyn eisoes. Mae’n aros am ail berson
staff-error-holders = Collodd carcharorion eraill rif o’r achos hwn ac nid oes neb wedi penderfynu amdanynt. Penderfynwch am bob un ohonynt yn gyntaf
staff-error-again = Mae hyn wedi newid ers i chi agor y dudalen. Edrychwch eto, yna penderfynwch
staff-error-busy = Ni allai’r gwasanaeth gadw hyn. Ni newidiwyd dim. Rhowch gynnig arall arni
staff-error-not-two-people = Rhaid i berson gwahanol gymeradwyo hyn
staff-error-created = Creodd un o’r ddau gyfrif y llall. Rhaid i rywun arall gymeradwyo hyn
staff-error-not-allowed = Ni chaiff eich cyfrif wneud hyn yma
staff-error-transition = Nid yw’r achos yn sefyll lle mae’r cam hwn yn dechrau. Edrychwch eto
staff-error-decided = Penderfynwyd ar hyn eisoes
staff-error-cannot-except = Ni ellir eithrio neb y mae’r achos hwn yn ei enwi. Lle mai dim ond rhifau cymeradwy sy’n canu, ni ellir chwaith eithrio neb na fu’r rhif ganddo erioed
staff-error-not-held-here = Nid oes carcharor â’r rhif hwn ar gofnod yn eich carchar
staff-error-not-on-record = Nid oes carcharor â’r rhif hwn ar gofnod
staff-error-cannot-approve = Ni ellir cymeradwyo’r rhif hwn.

# Yr hyn sydd newydd ei wneud
done-located = Mae’r carcharor wedi’i gadarnhau ar gyfer yr achos hwn.
done-assessed = Mae’r asesiad wedi’i gadw.
done-confirmed = Mae’r hyn sydd wedi’i wahardd wedi’i gadarnhau ar gyfer pob carchar.
done-proposed = Mae eich cynnig yn aros am ail berson. Tan hynny nid oes dim yn newid.
done-added = Gwaharddwyd. Mae ar ei ffordd i bob carchar.
done-added-held = Ychwanegwyd. Mae angen penderfyniad cyn ei wahardd: gweler y rhestr.
done-barred = Gwaharddwyd. Mae ar ei ffordd i bob carchar.
done-revoked = Tynnwyd oddi ar restr y carcharor.
done-exception-ended = Daeth i ben. Mae’r gwaharddiad ar ei ffordd i’w garchar eto.
done-approved = Cymeradwywyd. Daw i rym nawr.
done-withdrawn = Tynnwyd y cynnig yn ôl. Nid oes dim yn newid.
done-filed = Anfonwyd. Mae eich cyfeirnod isod.
done-switched-on = Mae’r carchar wedi’i droi ymlaen.
done-letter-decided = Penderfynwyd. Dywedir wrth ystafell bost y carchar drwy god y llythyr.
done-letters-uploaded = Mae’r ffeil yma. Gwirir ei llythyrau yn eu tro.
done-message-taken = Gellir darllen y neges nawr a gweithredwyd arni.
done-message-unreadable = Ni ellir gweithredu ar y neges o hyd. Mae’n aros yma.
done-message-dismissed = Mae’r neges wedi’i gwrthod. Mae’n aros ar gofnod.
done-gate-revoked = Mae’r porth wedi’i ddiddymu. Mae’n dal i wrthod ac yn dal i gyfrif nes bod dau berson yn ei ymddeol.
done-alert-seen = Nodwyd ei fod wedi’i weld. Os bydd rhagor yn digwydd, bydd y rhybudd yn agor eto.

# Y ciw
queue-title = Achosion
queue-count = { $count ->
    [one] { $count } achos
   *[other] { $count } achos
}
queue-lead = Bywyd mewn perygl yn gyntaf, yna’r hyn sydd â rhybudd newydd neu sydd dros y terfyn, yna’r rhai lle nad oes dim wedi’i wahardd neu lle mae rhywbeth yn dal i aros amdanoch, yna’r gweddill. Yr hynaf sydd gyntaf ym mhob un.
queue-shown = { $from } i { $to }
queue-before = Achosion cyn y rhain
queue-after = Rhagor o achosion
queue-alarm = Larwm
queue-alerted = { $count ->
    [one] Mewn { $count } achos ceisiodd rhywun rif gwaharddedig
   *[other] Mewn { $count } achos ceisiodd rhywun rif gwaharddedig
}
queue-alerts = { $count ->
    [one] { $count } rhybudd
   *[other] { $count } rhybudd
}
queue-parts = Ceisiadau pwy
queue-of-all = Pob un
queue-of-organisations = Gan sefydliadau
queue-of-public = Gan y cyhoedd
queue-by-organisations = Sefydliad
queue-by-public = Y cyhoedd
queue-empty = Nid oes achosion. Bydd ceisiadau newydd yn ymddangos yma cyn gynted ag y’u gwneir.
queue-alarms = { $count ->
    [one] Mae { $count } achos eich angen nawr
   *[other] Mae { $count } achos eich angen nawr
}
queue-reference = Achos
queue-priority = Blaenoriaeth
queue-age = Yn aros ers
queue-barred = Gwaharddwyd
queue-barred-yes = { $count } wedi’u gwahardd
queue-barred-no = Ddim eto
queue-held = { $count } i’w penderfynu
queue-suspended = { $count ->
    [one] { $count } carcharor arall i benderfynu amdano
   *[other] { $count } carcharor arall i benderfynu amdanynt
}
queue-find = Agor achos drwy ei gyfeirnod
queue-find-hint = Hefyd un y penderfynwyd arno. Er enghraifft K7QM-2VXD-94TR
queue-open = Agor
queue-error-reference = Rhowch gyfeirnod fel K7QM-2VXD-94TR
queue-next-1 = Agorwch yr achos cyntaf. Efallai fod yr hyn mae’n gofyn amdano wedi’i wahardd eisoes.
queue-next-2 = Dywedwch pwy yw’r carcharor, cofnodwch eich asesiad, yna penderfynwch.
queue-next-3 = Mae unrhyw beth sy’n tynnu amddiffyniad yn aros am ail berson.

# Blaenoriaethau, cyflyrau, mathau
case-priority-life-at-risk = Bywyd mewn perygl
case-priority-over-cap = Dros y terfyn
case-priority-handler-first = Penderfynu yn gyntaf
case-priority-barred = Gwaharddwyd eisoes
case-priority-ask-referrer = Gofyn i’r atgyfeiriwr
case-state-waiting = Newydd
case-state-located = Carcharor wedi’i gadarnhau
case-state-assessed = Aseswyd
case-state-confirmed = Cadarnhawyd
case-state-declined = Gwrthodwyd
bar-state-interim = Dros dro
bar-state-confirmed = Cadarnhawyd
bar-state-lifted = Codwyd
bar-state-held = I’w benderfynu
bar-state-held-legal = Rhif cyfreithiwr
referrer-protected-person = Y person sy’n cael ei gyrraedd
referrer-friend-or-relative = Ffrind neu berthynas
referrer-police = Yr heddlu
referrer-probation = Y gwasanaeth prawf
referrer-prison = Carchar
referrer-victim-service = Gwasanaeth dioddefwyr
channel-phone = Ffôn
channel-text = Neges destun
channel-email = E-bost
channel-post = Post
channel-advocate = Drwy eiriolwr
risk-physical = Cam-drin corfforol
risk-emotional = Cam-drin emosiynol
risk-coercive-or-controlling = Ymddygiad gorfodi neu reoli
risk-economic = Cam-drin economaidd
risk-stalking = Stelcio
risk-life-at-risk = Mae bywyd mewn perygl
order-restraining = Gorchymyn atal
order-non-molestation = Gorchymyn peidio ag ymyrryd
order-stalking-protection = Gorchymyn amddiffyn rhag stelcio
order-domestic-abuse-protection-order = Gorchymyn amddiffyn rhag cam-drin domestig
order-domestic-abuse-protection-notice = Hysbysiad amddiffyn rhag cam-drin domestig
order-bail-or-remand-condition = Amod mechnïaeth neu remánd
order-child-arrangements = Gorchymyn trefniadau plant
order-injunction = Gwaharddeb
consent-given = Maent yn cytuno â’r cais
consent-absent = Nid ydynt wedi cytuno
ground-unwanted-contact = Nid yw’r person sy’n cael ei gyrraedd eisiau’r cyswllt
ground-court-order = Mae gorchymyn llys yn ei wahardd
ground-justice = Byddai’n ymyrryd â thystion neu â chyfiawnder
ground-protection-of-others = Byddai’n niweidio hawliau, diogelwch neu iechyd rhywun
ground-prevention-of-crime = Byddai’n hybu trosedd
relationship-partner = Partner
relationship-former-partner = Cyn-bartner
relationship-child = Plentyn y carcharor
relationship-relative = Perthynas arall
relationship-witness = Tyst
relationship-victim-of-offence = Dioddefwr trosedd, nad yw’n adnabod y carcharor fel arall
relationship-other = Rhywun arall
relationship-not-known = Nid yw’n hysbys
decline-contact-is-wanted = Mae’r person yn dweud bod y cyswllt yn ddymunol, a chafodd ei glywed yn ddiogel
decline-not-true = Nid oedd y cais yn wir
decline-not-theirs = Nid y person a amddiffynnir biau’r rhif neu’r cyfeiriad
decline-not-proportionate = Nid yw’n angenrheidiol nac yn gymesur
intelligence-number-that-rang = Rhif a ffoniodd
intelligence-proxy = Mae rhywun yn ffonio neu’n ysgrifennu dros y carcharor
intelligence-illicit-phone = Ffôn symudol mewn carchar
intelligence-got-through = Daeth cyswllt drwodd er ei fod wedi’i wahardd

# Tudalen yr achos
case-title = Achos { $reference }
case-caption = Achos
case-steps = Camau
case-step-prisoner = Pwy yw’r carcharor
case-step-assessment = Asesiad
case-step-decision = Penderfyniad
case-step-todo = I’w wneud
case-step-done = Wedi’i wneud
case-step-later = Ddim eto
case-step-waiting = Yn aros am ail berson
case-on-this-page = Ar y dudalen hon
case-opened = Agorwyd { $at }
case-review = Adolygu ar
case-next-locate = Cadarnhewch pwy yw’r carcharor. Mae’r hyn sydd wedi’i wahardd yn aros felly yn y cyfamser, ym mhob carchar.
case-next-assess = Cofnodwch eich asesiad.
case-next-decide = Penderfynwch: cadw’r gwaharddiad ar gyfer pob carchar, neu gynnig rhywbeth arall i ail berson.
case-next-confirmed = Bydd ymdrechion i ffonio neu ysgrifennu yn ymddangos ar y dudalen hon.
case-next-review = Edrychwch ar yr achos eto ar y dyddiad adolygu. Nid yw’r gwaharddiad yn dod i ben ohono’i hun.
case-next-declined = Nid oes dim wedi’i wahardd gan yr achos hwn. Os bydd y person yn gofyn eto, gellir cysylltu cais newydd ag ef.
case-next-holders = Penderfynwch heddiw am bob carcharor arall a gollodd y rhif: gadewch ef oddi ar ei restr, neu gynnig ei fod yn ei gadw.
case-next-held = Penderfynwch ar yr hyn nad yw wedi’i wahardd eto.

# Yr hyn sydd wedi’i wahardd
targets-title = Yr hyn sydd wedi’i wahardd
targets-caption = Rhifau a chyfeiriadau’r achos hwn
targets-target = Rhif neu gyfeiriad
targets-scope = I bwy
targets-scope-estate = Pob carcharor
targets-scope-prisoner = { $prisoner } yn unig
targets-since = Ers { $at }
targets-none = Nid yw’r achos hwn yn enwi rhif na chyfeiriad y gellid ei wahardd. Ychwanegwch un isod, neu gofynnwch i’r atgyfeiriwr.
targets-lift = Cynnig codi
targets-lift-of = Cynnig codi: { $target }
targets-lift-text = Mae’r gwaharddiad yn aros nes bod ail berson yn cymeradwyo. Os oedd y rhif neu’r cyfeiriad yn anghywir, ychwanegwch yr un cywir yn gyntaf.
targets-lift-reason = Pam y dylid ei godi?
targets-bar-now = Gwahardd nawr
targets-bar-now-of = : { $target }
targets-propose-legal = Cynnig ei wahardd
targets-held-handler-first = Daeth y cais heb gydsyniad, felly mae person yn penderfynu.
targets-held-over-cap = Gofynnwyd am fwy ar unwaith nag arfer, felly mae person yn penderfynu.
targets-held-legal = Mae’r rhif hwn ar restr rhywun fel rhif cyfreithiwr. Mae angen dau berson i’w wahardd.
targets-legal-reason = Pam y dylid gwahardd rhif cyfreithiwr?
targets-proposed = Gofynnwyd i ail berson am hyn. Hyd nes i’r person hwnnw benderfynu, nid oes dim yn newid.
targets-add = Ychwanegu rhif neu gyfeiriad
targets-add-text = Caiff ei wahardd ym mhob carchar ar unwaith.
targets-add-number = Rhif ffôn
targets-add-number-hint = Er enghraifft 07700 900123. Gadewch yn wag os ydych yn ychwanegu cyfeiriad.
targets-add-address = Cyfeiriad
targets-add-address-hint = Fel y byddai ar amlen. Gadewch yn wag os ydych yn ychwanegu rhif.
targets-add-postcode = Cod post
targets-add-button = Gwahardd hwn
targets-error-nothing = Rhowch rif ffôn neu gyfeiriad
targets-error-both = Rhowch rif ffôn neu gyfeiriad, nid y ddau
targets-error-number = Rhowch rif ffôn y gellir ei ffonio, fel 07700 900123 neu +44 7700 900123
targets-error-always = Gall pawb ffonio’r rhif hwn ac ni ellir ei wahardd
targets-error-emergency = Rhif argyfwng yw hwn ac ni ellir ei wahardd
targets-error-address = Rhowch gyfeiriad gyda stryd a thŷ, neu god post

# Prawf
proof-title = A yw mewn grym?
proof-all = Mewn grym mewn { $covered } o { $prisons } carchar, heb fod yn hwyrach na { $at }
proof-some = Mewn grym mewn { $covered } o { $prisons } carchar, yr olaf ar { $at }
proof-no-prison-yet = Mewn grym mewn 0 o { $prisons } carchar
proof-no-prisons = Nid oes carchar wedi’i droi ymlaen i’r gwasanaeth eto.
proof-held = Nid oes dim o’r achos hwn wedi’i wahardd eto. Penderfynwch isod ar yr hyn sy’n aros amdanoch.
proof-nothing = Nid oes dim o’r achos hwn wedi’i wahardd nawr.
proof-kept = { $count ->
    [one] Mae’n dal i bawb ond { $count } carcharor, y mae dau berson wedi’i eithrio.
   *[other] Mae’n dal i bawb ond { $count } carcharor, y mae dau berson wedi’u heithrio.
}
proof-prison = Carchar
proof-at = Ers
proof-covered = Mewn grym
proof-not-covered = Ddim mewn grym
proof-folded = { $count ->
    [one] Gweld yr { $count } carchar lle mae mewn grym
   *[other] Gweld y { $count } carchar lle mae mewn grym
}
proof-not-counted = { $count ->
    [one] Nid yw { $count } carchar arall wedi’i droi ymlaen i’r gwasanaeth ac nid yw’n cael ei gyfrif.
   *[other] Nid yw { $count } carchar arall wedi’u troi ymlaen i’r gwasanaeth ac nid ydynt yn cael eu cyfrif.
}
proof-letters = Caiff llythyrau eu gwirio ym mhob ystafell bost sydd wedi’i throi ymlaen.
proof-calls = Caiff galwadau eu gwirio gan borth pob carchar. Mae carchar yn cyfrif unwaith y mae ei borth wedi cadw’r gwaharddiad ac yn ateb galwadau yn unol ag ef.
proof-why-no-gate = Nid oes porth yn ateb galwadau’r carchar hwn
proof-why-gate-revoked = Diddymwyd ei borth ac ni chafwyd un yn ei le
proof-why-not-acknowledged = Nid yw ei borth wedi cadarnhau’r gwaharddiad eto
proof-why-gate-silent = Mae ei borth wedi rhoi’r gorau i ateb
proof-why-gate-full = Ni all ei borth ddal y rhestr gyfan; nid yw gwaharddiadau newydd yn ei gyrraedd
proof-why-other-always-allowed = Mae gan ei borth rifau eraill a ganiateir bob amser na’r gwasanaeth
proof-calls-are-ended = Mae galwad oedd eisoes wedi’i chysylltu yn cael ei gorffen o fewn eiliadau ym mhob carchar.
proof-calls-go-on = Mae galwad oedd eisoes wedi’i chysylltu yn parhau, am na all y system ffôn ei gorffen neu am nad yw wedi dweud y gall, yn: { $prisons }.
proof-beyond = Yr hyn nad oes porth yn ei gyrraedd
proof-beyond-illicit-mobiles = Ffonau symudol wedi’u smyglo i garchar
proof-beyond-calls-already-connected = Galwad oedd eisoes wedi’i chysylltu, lle na all system ffôn y carchar ei gorffen
proof-beyond-other-jurisdictions = Carchardai mewn gwledydd eraill
proof-beyond-after-release = Cyswllt ar ôl rhyddhau

# Y cais
request-panel-title = Yr hyn a ofynnwyd
request-panel-nth = Cais { $at }
request-panel-who = Gofynnwyd gan
request-panel-relationship = Perthynas
request-panel-channel = Ffordd ddiogel o ateb
request-panel-no-channel = Ni roddwyd un. Peidiwch â chysylltu â’r person hwn.
request-panel-consent = Cydsyniad
request-panel-why = Pam
request-panel-risks = Risgiau a enwyd
request-panel-orders = Gorchmynion llys
request-panel-good-reason = Eraill â rheswm da i ffonio neu ysgrifennu
request-panel-person = Person na ddylid ei gyrraedd
request-panel-other-names = Hefyd yn cael ei alw’n
request-panel-born = Dyddiad geni
request-panel-numbers = Rhifau, fel y’u hysgrifennwyd
request-panel-addresses = Cyfeiriadau, fel y’u hysgrifennwyd
request-panel-emails = Cyfeiriadau e-bost
request-panel-ways = Ffyrdd diogel o gyrraedd y person hwn
request-panel-rule = Y rheol a benderfynodd
request-panel-order-until = hyd { $at }
request-panel-prisoner = Yr hyn sy’n hysbys am y carcharor

# Y carcharor
prisoner-title = Pwy yw’r carcharor
prisoner-located = Cadarnhawyd mai { $number } yw carcharor yr achos hwn.
prisoner-number = Rhif carchar
prisoner-name = Enw
prisoner-born = Dyddiad geni
prisoner-held = Yn cael ei gadw yn
prisoner-not-held = Nid yw yn y carchar nawr. Mae’r achos yn aros yn barod at pryd y bydd hynny’n newid.
prisoner-change = Cadarnhau rhywun arall
prisoner-candidates = Pwy allai fod dan sylw
prisoner-outcome-sure = Mae un carcharor yn amlwg yn cyfateb. Gwiriwch y dystiolaeth, yna cadarnhewch.
prisoner-outcome-choose = Gallai sawl un fod dan sylw, neu nid yw un yn ddigon sicr. Gwiriwch y dystiolaeth.
prisoner-outcome-none = Nid oes neb ar gofnod yn cyfateb i’r hyn sy’n hysbys. Newidiwch y chwiliad, neu gadewch hyn at rywbryd eto: mae’r gwaharddiad yn cwmpasu pob carcharor.
prisoner-would-decide = Byddai’n helpu gwybod: { $fact }.
prisoner-confirm = Cadarnhau { $number }
prisoner-evidence-fact = Yr hyn a ofynnwyd
prisoner-evidence-agrees = Pa mor dda mae’n cyfateb
prisoner-evidence-asked = Ysgrifennwyd
prisoner-evidence-recorded = Ar gofnod
prisoner-evidence-for = Yn dweud o blaid
prisoner-evidence-against = Yn dweud yn erbyn
prisoner-evidence-neutral = Nid yw’n dweud dim
prisoner-evidence-show = Tystiolaeth dros { $number }
prisoner-search = Chwilio eto
prisoner-search-first = Chwilio am y carcharor
prisoner-nothing-known = Nid yw’r cais yn dweud dim am y carcharor. Chwiliwch, neu gadewch hyn at rywbryd eto: mae’r hyn sydd wedi’i wahardd wedi’i wahardd i bob carcharor.
prisoner-search-button = Chwilio
prisoner-first-name = Enw cyntaf
prisoner-last-name = Cyfenw
prisoner-other-names = Enwau eraill
prisoner-age = Oed
prisoner-prison = Carchar
prisoner-error-born = Rhowch ddyddiad go iawn, fel 27 3 1985
prisoner-error-age = Rhowch oed mewn blynyddoedd, fel 40
prisoner-fact-firstName = yr enw cyntaf
prisoner-fact-lastName = y cyfenw
prisoner-fact-dateOfBirth = y dyddiad geni
prisoner-fact-age = yr oed
prisoner-fact-prison = y carchar
prisoner-fact-prisonerNumber = y rhif carchar
prisoner-field-firstName = Enw cyntaf
prisoner-field-lastName = Cyfenw
prisoner-field-nameOrder = Trefn yr enwau
prisoner-field-recordedAs = Y math o enw ar gofnod
prisoner-field-otherNames = Enwau eraill
prisoner-field-dateOfBirth = Dyddiad geni
prisoner-field-birthYear = Blwyddyn geni
prisoner-field-prisonId = Carchar
prisoner-field-prisonerNumber = Rhif carchar
prisoner-field-pncNumber = Rhif PNC
prisoner-level-exact = Yr un fath
prisoner-level-variant = Sillafiad arall o’r un enw
prisoner-level-nickname = Ffurf fer o’r un enw
prisoner-level-nicknameOfNickname = Dwy ffurf fer o un enw
prisoner-level-reordered = Yr un rhannau mewn trefn arall
prisoner-level-part = Un rhan o’r enw
prisoner-level-shortened = Dechrau’r enw
prisoner-level-initial = Y llythyren gyntaf yn unig
prisoner-level-soundsAlike = Yn swnio’r un fath
prisoner-level-oneTypo = Un llythyren yn wahanol
prisoner-level-partOneTypo = Un rhan o’r enw, un llythyren yn wahanol
prisoner-level-twoTypos = Dwy lythyren yn wahanol
prisoner-level-alike = Yn edrych yn debyg
prisoner-level-different = Gwahanol
prisoner-level-notRecorded = Ddim ar gofnod
prisoner-level-asGiven = Fel y’i rhoddwyd
prisoner-level-swapped = Enw cyntaf a chyfenw wedi’u cyfnewid
prisoner-level-main = Y prif enw
prisoner-level-alias = Enw arall ar gofnod
prisoner-level-middle = Enw canol
prisoner-level-crossed = Enw cyntaf un enw ar gofnod, cyfenw un arall
prisoner-level-agrees = Ar gofnod
prisoner-level-dayMonthSwapped = Diwrnod a mis wedi’u cyfnewid
prisoner-level-yearOff = Un flwyddyn yn wahanol
prisoner-level-placeholder = 1 Ionawr ar gofnod, sy’n aml yn golygu diwrnod anhysbys
prisoner-level-monthDiffers = Dim ond y mis sy’n wahanol
prisoner-level-dayDiffers = Dim ond y diwrnod sy’n wahanol
prisoner-level-yearDigit = Un digid o’r flwyddyn yn wahanol
prisoner-level-swappedAndYearOff = Diwrnod a mis wedi’u cyfnewid, un flwyddyn yn wahanol
prisoner-level-sameYear = Dim ond y flwyddyn sydd yr un fath
prisoner-level-inRange = Yn cyfateb i’r oed
prisoner-level-nearRange = Dwy flynedd ar y mwyaf o’r oed
prisoner-level-outOfRange = Nid yw’n cyfateb i’r oed
prisoner-level-same = Yn cael ei gadw yno
prisoner-level-last = Cafodd ei gadw yno o’r blaen
prisoner-level-oneEdit = Un nod yn wahanol

# Asesu a phenderfynu
assess-title = Asesiad
assess-ground = Ar ba sail y gellir atal cyswllt?
assess-ground-short = Sail
assess-necessity = Pam mae’n angenrheidiol?
assess-necessity-short = Angenrheidrwydd
assess-proportionality = Pam mae’n gymesur?
assess-proportionality-hint = Er enghraifft: yr hyn y caiff y carcharor ei wneud o hyd, a pham na fyddai llai yn ddigon.
assess-proportionality-short = Cymesuredd
assess-consent = A yw’r bobl a amddiffynnir yn cytuno â’r cais?
assess-consent-short = Cydsyniad
assess-consent-reason = Pam nad oes cytundeb?
assess-relationship = Beth yw’r person a amddiffynnir i’r carcharor?
assess-relationship-short = Perthynas
assess-review = Pryd edrychir ar yr achos eto?
assess-review-hint = Er enghraifft 27 3 2027. Nid yw’r gwaharddiad yn dod i ben ar y diwrnod hwn.
assess-review-short = Adolygu ar
assess-save = Cadw’r asesiad
assess-again = Newid yr asesiad
assess-final = Mae’r asesiad yn rhan o’r penderfyniad ac ni ellir ei newid yma mwyach.
assess-error-ground = Dewiswch y sail
assess-error-necessity = Dywedwch pam mae’n angenrheidiol
assess-error-proportionality = Dywedwch pam mae’n gymesur
assess-error-consent = Dywedwch a ydynt yn cytuno
assess-error-consent-reason = Dywedwch pam nad oes cytundeb
assess-error-relationship = Dewiswch beth ydynt i’w gilydd
assess-error-review = Rhowch ddyddiad go iawn yn y dyfodol, fel 27 3 2027
decide-title = Penderfyniad
decide-question = Beth ydych chi’n ei benderfynu?
decide-confirm = Cadw’r gwaharddiad, ar gyfer pob carchar a phob carcharor
decide-confirm-hint = Daw i rym ar unwaith. Nid oes angen neb arall.
decide-narrow = Cynnig ei gyfyngu i { $prisoner }
decide-narrow-hint = Rhaid i ail berson gymeradwyo. Tan hynny mae pob carcharor yn aros wedi’i wahardd.
decide-decline = Cynnig gwrthod y cais
decide-decline-hint = Rhaid i ail berson gymeradwyo. Tan hynny mae’r hyn sydd wedi’i wahardd yn aros felly.
decide-decline-why = Sail dros wrthod, dim ond os ydych yn cynnig gwrthod
decide-reason = Rheswm ar gyfer yr ail berson, dim ond os ydych yn cynnig rhywbeth
decide-button = Penderfynu
decide-needs-assessment = Cadwch yr asesiad yn gyntaf. Mae’r hyn sydd wedi’i wahardd yn aros felly yn y cyfamser.
decide-holders-first = { $count ->
    [one] Collodd carcharor arall rif o’r achos hwn. Penderfynwch amdano cyn cadarnhau.
   *[other] Mae { $count } cofnod ar restrau carcharorion eraill wedi’u hatal. Penderfynwch am bob un cyn cadarnhau.
}
decide-confirmed = Cadarnhawyd. Mae’r hyn sydd wedi’i wahardd yn aros felly ym mhob carchar nes bod dau berson yn cytuno fel arall.
decide-declined = Gwrthodwyd gan ddau berson: { $reason }.
decide-change = Cynnig rhywbeth arall
decide-error = Dewiswch yr hyn rydych yn ei benderfynu
decide-error-decline = Dewiswch y sail dros wrthod

# Cynigion
proposals-title = Ail gymeradwyaeth
proposals-lead = Nid oes dim sy’n tynnu amddiffyniad yn digwydd cyn i ail berson gytuno.
proposals-empty = Nid oes dim yn aros am ail berson.
proposals-by = { $name }, { $at }
proposals-more = Dyma’r rhai hynaf. Mae rhagor; byddant yn ymddangos wrth i’r rhain gael eu penderfynu.
proposals-by-short = Cynigiwyd gan
proposals-approve = Cymeradwyo
proposals-approve-of = : { $what }
proposals-withdraw = Tynnu’n ôl
proposals-yours = Yn aros am ail berson. Chi a’i cynigiodd, felly rhaid i rywun arall gymeradwyo.
proposals-overtaken = Mae’r achos wedi newid ers i hyn gael ei gynnig, felly ni all neb ei gymeradwyo. Cynigiwch ef o’r newydd.
proposals-on-case = Yn aros am ail berson
proposals-lift-bar = Codi’r gwaharddiad ar { $target }
proposals-narrow-bar = Cyfyngu’r gwaharddiad ar { $target } i { $prisoner }
proposals-decline-case = Gwrthod y cais: { $reason }. { $bars ->
    [0] Ni chodir unrhyw waharddiad
    [one] Codir ei un gwaharddiad
    [two] Codir ei ddau waharddiad
   *[other] Codir ei { $bars } gwaharddiad
}
proposals-bar-legal-number = Gwahardd { $target }, rhif cyfreithiwr
proposals-except-prisoner = Gadael i { $prisoner } ffonio { $target } o { $prison }
proposals-approve-number = Cymeradwyo rhif ar gyfer { $prisoner }
proposals-revoke-legal-entry = Tynnu rhif cyfreithiwr oddi ar restr { $prisoner }
proposals-admit-gate = Derbyn porth { $gate } yn { $prison }
proposals-retire-gate = Peidio â chyfrif porth { $gate } yn { $prison } mwyach
proposals-switch-on-call-barring = Troi { $prison } ymlaen: gellir ffonio pob rhif nad yw wedi’i wahardd yno
proposals-switch-prison-off = Diffodd { $prison }
proposals-a-prisoner = carcharor
proposals-next-1 = Agorwch yr achos a’i ddarllen cyn i chi gymeradwyo.
proposals-next-2 = Os nad ydych yn cytuno, siaradwch â’r person a’i cynigiodd. Nes i chi gymeradwyo, nid oes dim yn newid.

# Ymdrechion, deiliaid, gwybodaeth, hanes
attempts-title = Ymdrechion
attempts-none = Nid oes neb wedi ceisio ffonio rhif o’r achos hwn.
attempts-when = Pryd
attempts-times = { $times } o weithiau ers { $since }
attempts-prison = Carchar
attempts-caller = Galwr
attempts-target = Rhif
attempts-verdict = Ateb
attempts-allow = Caniatawyd
attempts-refuse = Gwrthodwyd
attempts-ended = Daeth yr alwad i ben
attempts-not-ended = Ni ddaeth yr alwad i ben
attempts-generic = Ffôn y noson gyntaf
attempts-official = Ffôn swyddogol ({ $name })
attempts-because-no-list = nid oedd gan y porth restr
attempts-because-unresolvable = nid yw’n rhif
attempts-because-barred = wedi’i wahardd
attempts-because-not-approved = ddim ar restr y galwr
attempts-because-class-refused = ni chaniateir y math hwn o rif
holders-title = Carcharorion eraill
holders-none = Nid oes gan unrhyw garcharor arall rif o’r achos hwn ar restr gymeradwy.
holders-count = { $count ->
    [one] Effeithir ar { $count } carcharor arall
   *[other] Effeithir ar { $count } carcharor arall
}
holders-undecided = Penderfynwch heddiw
holders-text = Roedd rhif o’r achos hwn ar y rhestrau cymeradwy hyn. Daeth oddi ar bob un ohonynt pan gafodd ei wahardd.
holders-prisoner = Carcharor
holders-prison = Carchar
holders-kind = Math
holders-state = Nawr
holders-state-approved = Caiff ffonio o hyd
holders-state-suspended = Wedi’i atal: ni all ei ffonio nes i chi benderfynu
holders-state-kept = Mae’n ei gadw: cytunodd dau berson
holders-state-revoked = Oddi ar y rhestr
holders-keep-of = Cynnig bod { $prisoner } yn ei gadw
holders-keep-reason = Pam y caiff ei gadw? Rhaid i ail berson gymeradwyo
holders-keep = Cynnig ei fod yn ei gadw
holders-asked = Gofynnwyd i ail berson adael iddo ei gadw.
holders-more = Mae rhagor. Daw’r rhai na phenderfynwyd amdanynt yn gyntaf.
holders-revoke = Ei adael oddi ar y rhestr
exceptions-title = Eithriadau
exceptions-text = Mae gwaharddiad yn dal i bawb ond y rhai y mae dau berson yn eu heithrio. Mae eithriad i un carcharor, yn y carchar lle mae ef nawr, ac yn dod i ben pan fydd yn ei adael. Mae gwaharddiad arall ar yr un rhif yn dal iddo.
exceptions-end = Dod â’r eithriad i ben
exceptions-more = Mae rhagor. Y rhai diweddaraf sy’n dod gyntaf.
exceptions-propose = Cynnig eithriad
exceptions-propose-button = Cynnig yr eithriad
exceptions-prisoner = Rhif carchar y sawl y dylai’r gwaharddiad ei adael yn llonydd
holders-revoke-all = Ei adael oddi ar bob un o’r rhestrau hyn
holders-revoke-of = : { $prisoner }

# Ffeiliau o rifau cymeradwy
staff-nav-lists = Ffeiliau
done-uploaded = Mae’r ffeil yn cael ei darllen. Ail-lwythwch y dudalen hon i weld pa mor bell y mae.
proposals-import-list = Cymryd ffeil o { $rows } rhif cymeradwy drosodd
lists-title = Ffeiliau o rifau cymeradwy
lists-lead = Yma y cymerir drosodd restr a gedwir mewn man arall. Mae dau berson o’r carchar yn cytuno arni. Gellir gwrthod rhif sydd ar restr o hyd.
lists-file = Y ffeil
lists-file-hint = 16 MB ar y mwyaf
lists-format = Sut mae wedi’i hysgrifennu
lists-format-csv = Tabl gyda chomas: prison_number, name, number, kind, a relationship os yw gennych
lists-format-controlled-number = Cofnodion ControlledNumber y cyflenwr ffôn, un carcharor ar bob llinell
lists-upload = Darllen y ffeil
lists-error-file = Dewiswch ffeil nad yw’n wag
lists-error-format = Dywedwch sut mae’r ffeil wedi’i hysgrifennu
lists-error-columns = Rhaid i’r llinell gyntaf enwi’r colofnau prison_number, name, number a kind
lists-error-large = Mae’r ffeil yn rhy fawr. Rhannwch hi
lists-error-hidden = Ni all cofnodion ddod oddi ar restr drwy ffeil y mae rhes ohoni na ellir ei darllen. Cywirwch y rhes yn gyntaf
lists-next-1 = Cymharwch yr hash â’r ffeil a roddwyd i chi.
lists-next-2 = Mae ail berson o’r carchar yn cymeradwyo’r ffeil. Yna caiff ei chymryd drosodd o fewn munud neu ddau.
lists-none = Ni chymerwyd ffeil i mewn eto.
lists-of = Ffeil { $hash }
lists-hash = SHA-256
lists-at = Darllenwyd i mewn
lists-state = Nawr
lists-state-staging = Yn cael ei darllen
lists-state-staged = Darllenwyd. Nid oes dim ar restr eto
lists-state-approved = Cytunodd dau berson. Mae’n cael ei chymryd drosodd
lists-state-done = Wedi’i wneud
lists-rows = Rhesi
lists-to-take = Rhifau i’w cymryd drosodd
lists-to-take-value = { $count } ({ $legal } ohonynt yn rhifau cyfreithwyr)
lists-already = Ar y rhestr eisoes
lists-taken = Cymerwyd drosodd
lists-left-out = Ar restrau’r carchar ac nid yn y ffeil
lists-left-out-value = { $count } (heb gyfrif rhifau cyfreithwyr; maent yn aros)
lists-came-off = Daeth oddi ar restr
lists-problems = Rhesi na chymerir drosodd
lists-problems-more = { $count } i gyd; dangosir y rhai cyntaf.
lists-row = Rhes
lists-why = Pam
lists-why-unreadable = Nid yw’n rhes o’r fformat hwn
lists-why-holder = Nid rhif carchar ydyw
lists-why-number = Nid rhif ffôn ydyw
lists-why-name = Nid oes enw, neu mae’n rhy hir
lists-why-kind = Nid yw’r math yn social, official na legal
lists-why-not-allowed = Mae cofnod y cyflenwr yn dweud na ellir ei ffonio
lists-why-twice = Daeth yr un carcharor a rhif o’r blaen yn y ffeil hon
lists-why-unknown-prisoner = Nid oes gan neb ar gofnod y rhif carchar hwn
lists-why-not-held-here = Nid yw’n cael ei ddal yn y carchar hwn
lists-propose = Cynnig ei chymryd drosodd
lists-propose-of = : ffeil { $hash }
lists-reason = Pam, ar gyfer yr ail berson
lists-off = Yr hyn y mae’r ffeil yn ei hepgor
lists-off-keep = Yn aros ar y rhestrau
lists-off-take-off = Yn dod oddi ar y rhestrau. Dim ond os mai’r ffeil yw’r rhestr gyfan
lists-waits = Cynigiodd { $name } hyn am { $at }. Rhaid i ail berson gytuno.
lists-waits-off = Daw’r hyn y mae’r ffeil yn ei hepgor oddi ar y rhestrau.
lists-waits-keep = Mae’r hyn y mae’r ffeil yn ei hepgor yn aros.

staff-nav-no-contact = Rhestrau dim cyswllt
no-contact-title = Rhestrau dim cyswllt carchardai
no-contact-lead = Cymerir drosodd yma restr y mae carchar yn ei chadw o’r rhai na chaiff ei garcharorion gysylltu â hwy, fel na fydd neb sydd wedi’i amddiffyn heddiw heb amddiffyniad yfory. Gwaherddir ar unwaith, i bawb, bob rhif a chyfeiriad y gellir ei wahardd.
no-contact-never-to-a-wing = I weithwyr achos y mae’r hyn a ddywed y dudalen hon. Peidiwch byth â’i anfon i adain: mae’n dweud pa rifau oedd ar restrau cymeradwy.
no-contact-none = Ni chymerwyd rhestr drosodd eto.
no-contact-of = { $prison }, rhestr { $as_of }
no-contact-state-staging = Yn cael ei darllen. Os nad yw hyn yn newid, dewch â’r un ffeil i mewn eto: mae’n parhau o’r lle yr oedd
no-contact-state-taking-over = Nid yw pob rhes wedi’i chymryd drosodd eto
no-contact-waiting = Rhesi heb eu cymryd drosodd eto
no-contact-state-done = Wedi’i wneud
no-contact-kept-by = Pwy gadwodd y rhestr
no-contact-kept-by-hint = Er enghraifft: Diogelu’r cyhoedd, HMP Leeds
no-contact-as-of = O ba ddiwrnod y mae’r rhestr?
no-contact-barred = Rhifau a chyfeiriadau a waharddwyd ganddi
no-contact-already = Gwaharddwyd gan restr gynharach o’r carchar hwn
no-contact-held = Yn aros am weithwyr achos
no-contact-unprotected = Nifer y rhesi lle nad yw rhywbeth wedi’i amddiffyn: { $count }. Gweithiwch arnynt heddiw.
no-contact-not-protected = Heb ei amddiffyn
no-contact-gaps = Bylchau
no-contact-gap = Beth sydd ar goll
no-contact-by-row = Bylchau fesul rhes y ffeil, heb gyfrif y pennawd
no-contact-gap-unreadable = Mwy o gelloedd nag o golofnau: ni all neb ddweud pa un yw pa un
no-contact-gap-nothing-to-bar = Na rhif na chyfeiriad
no-contact-gap-number = Rhif nad yw’n un
no-contact-gap-address = Cyfeiriad sy’n dweud rhy ychydig
no-contact-gap-too-many = Mwy o rifau nag y caiff un rhes eu cael; cymerir y rhai cyntaf
no-contact-gap-always-allowed = Rhif y caiff pawb ei ffonio ac na all neb ei wahardd
no-contact-gap-emergency = Rhif argyfwng
no-contact-gap-lawyer = Rhif cyfreithiwr ar restr rhywun: dau berson sy’n penderfynu
no-contact-gap-handler-first = Mae’r polisi am i weithiwr achos edrych yn gyntaf
no-contact-gap-lifted-before = Cododd dau berson hwn o’r blaen: mae gweithiwr achos yn edrych
no-contact-gap-damaged = Ni ellir agor yr hyn a ddarllenwyd mwyach: dewch ag ef i mewn eto
no-contact-gap-was-approved = Roedd wedi’i gymeradwyo ar ei restr ei hun hyd yn hyn. Mae oddi arni
no-contact-gap-others-suspended = Ar restrau carcharorion eraill: maent yn aros am eich penderfyniad
no-contact-gap-no-prisoner = Nid yw’n enwi unrhyw garcharor i sicrwydd
no-contact-gap-prison-number = Nid rhif carchar ydyw
no-contact-gap-unknown-prisoner = Nid oes gan neb ar gofnod y rhif carchar hwn
no-contact-gap-name-differs = Mae’r rhif carchar yn perthyn i rywun o enw arall
no-contact-gap-elsewhere = Mae carchar arall yn ei ddal nawr
no-contact-gap-not-in-custody = Nid oes carchar yn ei ddal nawr
no-contact-gap-no-name = Nid yw enw’r person a amddiffynnir wedi’i gofnodi
no-contact-gap-expired = Mae’r rhestr yn dweud iddo ddod i ben. Mae wedi’i wahardd: nid oes dim yn dod i ben
no-contact-gap-not-a-date = Nid dyddiad yw’r diwrnod y daw i ben
no-contact-gap-cut = Roedd testun yn rhy hir ac fe’i torrwyd
no-contact-gap-mended = Roedd rhif wedi colli ei 0 neu’n sefyll ymhlith geiriau. Gwiriwch ef
no-contact-gap-twice = Daeth yr un rhes o’r blaen
no-contact-bring = Dod â rhestr i mewn
no-contact-file-hint = Tabl gyda’r colofnau prison_number, prisoner, person, numbers ac address, a postcode, reason, order, reference ac expires os ydynt gennych. 16 MB ar y mwyaf
no-contact-upload = Cymryd y rhestr drosodd
no-contact-error-prison = Dewiswch y carchar y mae’r rhestr yn perthyn iddo
no-contact-error-kept-by = Dywedwch pwy gadwodd y rhestr, mewn 200 nod ar y mwyaf
no-contact-error-as-of = Rhowch y diwrnod y mae’r rhestr ohono; nid un i ddod
no-contact-error-empty = Dewiswch ffeil gydag o leiaf un rhes
no-contact-error-columns = Rhaid i’r llinell gyntaf enwi’r colofnau prison_number, prisoner, person, numbers ac address
no-contact-error-column = Nid oes neb yn adnabod colofn { $at }. Enwch hi fel un o’r colofnau isod, neu gadewch hi allan
no-contact-error-quote = Mae rhes { $at } yn agor dyfynnod na chaiff ei gau. Cywirwch hi: byddai rhesi ar ei hôl yn cael eu colli
no-contact-next-1 = Mae’r hyb yn gwahardd fesul rhes. Ail-lwythwch y dudalen hon i weld pa mor bell y mae.
no-contact-next-2 = Daw achosion â rhywbeth i’w benderfynu i flaen y ciw.
listed-in = O restr dim cyswllt { $prison } o { $as_of }, a gadwyd gan { $kept_by }: rhes { $row }, ffeil { $hash }.
audit-verb-stage-no-contact-list = Darllenodd restr dim cyswllt i mewn
audit-verb-take-no-contact-list = Cymerodd res o restr dim cyswllt drosodd
audit-verb-read-no-contact-lists = Darllenodd adroddiadau rhestrau dim cyswllt

contact-social = Teulu neu ffrind
contact-official = Swyddogol
contact-legal = Cyfreithiwr

# Llythyrau ar y silff
letters-title = Llythyrau
letters-lead = Ni adawodd y llythyrau hyn. Dim ond eu codau mae’r ystafell bost yn eu gwybod.
letters-none = Nid oes llythyr yn aros.
letters-sender = Anfonwr
letters-verdict-stop = Cyfeiriad gwaharddedig
letters-verdict-hold = Amheus
letters-verdict-lifted = Gwaharddiad wedi’i godi
letters-marked = Wedi’i nodi’n gyfrinachol
letters-verdict-decoy = Ar hap
letters-verdict-named = Ei henw hi
letters-verdict-named-text = Mae’r amlen yn dwyn enw rhywun y mae achos yn ei diogelu. Nid yw’r cyfeiriad ei hun wedi’i wahardd. Edrychwch ar yr achos: gall fod yn gyfeiriad newydd iddi, neu’n rhywun arall o’r un enw.
letters-verdict-stop-text = Mae’r cyfeiriad wedi’i wahardd. Ni ellir ei bostio tra bo’r gwaharddiad yn sefyll.
letters-verdict-hold-text = Gallai’r cyfeiriad a ysgrifennwyd fod yr un gwaharddedig, neu mae wedi’i wahardd i garcharor arall. Cymharwch y ddau cyn postio’r llythyr.
letters-verdict-unknown-text = Ni chafwyd cyfeiriad gwaharddedig sy’n cytuno, ond ni ellid darllen y cyfeiriad a ysgrifennwyd neu mae’n flwch post. Edrychwch ar yr amlen.
letters-written = Wedi’i ysgrifennu ar yr amlen
letters-barred = Gwaharddedig
letters-barred-for = Gwaharddwyd i { $prisoner } yn unig
letters-why = Sut maent yn cymharu
letters-why-postcode-same = Mae’r cod post yr un fath
letters-why-postcode-swapped = Mae dau nod cyfagos yn y cod post wedi newid lle â’i gilydd
letters-why-postcode-one-edit = Mae’r cod post yn wahanol mewn un nod
letters-why-postcode-first-half = Dim ond hanner cyntaf y cod post sydd wedi’i ysgrifennu, ac mae’n cytuno
letters-why-postcode-sector = Mae’r codau post o’r un gymdogaeth
letters-why-postcode-district = Mae’r codau post yn cytuno yn yr hanner cyntaf yn unig
letters-why-postcode-missing = Mae cod post ar un ochr ar y mwyaf
letters-why-postcode-different = Mae’r codau post o ardaloedd gwahanol
letters-why-number-same = Mae rhif y tŷ yr un fath
letters-why-number-in-range = Mae un rhif tŷ o fewn ystod y llall
letters-why-number-misread = Mae rhif y tŷ yr un fath ar ôl cywiro nod a gamddarllenwyd
letters-why-number-one-of-several = Mae un o sawl rhif yn cytuno
letters-why-number-is-unit = Mae rhif y fflat neu’r uned wedi’i ysgrifennu fel rhif y tŷ
letters-why-number-missing = Mae rhif tŷ ar un ochr ar y mwyaf
letters-why-number-different = Mae rhifau’r tai yn wahanol
letters-why-part-same = Mae’r fflat yr un fath
letters-why-part-missing = Enwir fflat ar un ochr yn unig
letters-why-part-different = Mae’r fflatiau yn wahanol
letters-why-street-same-rare = Mae’r stryd yr un fath, ac mae ei henw yn brin
letters-why-street-same-common = Mae enw’r stryd yr un fath, un sydd gan lawer o drefi
letters-why-street-slip-rare = Mae un llithriad yn enw’r stryd, ac mae’n brin
letters-why-street-slip-common = Mae un llithriad yn enw’r stryd, un sydd gan lawer o drefi
letters-why-street-slips = Mae enw’r stryd yn debyg heblaw am sawl llithriad
letters-why-street-partly = Mae hanner llythrennau enw’r stryd yn cytuno
letters-why-street-beside = Enwir y stryd, ond mae’r rhif yn sefyll wrth un arall
letters-why-street-missing = Mae stryd ar un ochr ar y mwyaf
letters-why-street-different = Mae’r strydoedd yn wahanol
letters-why-kind-different = Mae’n fath arall o stryd (ffordd, lôn ac ati)
letters-why-kind-missing = Mae’r math o stryd wedi’i adael allan
letters-why-name-same = Mae enw’r tŷ yr un fath
letters-why-name-partly = Mae enw’r tŷ yn cytuno’n rhannol
letters-why-name-missing = Mae enw tŷ ar un ochr yn unig
letters-why-name-different = Mae enwau’r tai yn wahanol
letters-why-place-same = Mae’r dref neu’r pentref yr un fath
letters-why-place-partly = Mae’r dref neu’r pentref yn cytuno’n rhannol
letters-why-place-missing = Mae tref ar un ochr ar y mwyaf
letters-why-place-different = Mae’r trefi yn wahanol
letters-why-box-same = Mae rhif y blwch yr un fath
letters-why-box-different = Mae rhifau’r blychau yn wahanol
letters-why-abroad-same = Cyfeiriad tramor yw hwn, ac mae’r un fath air am air
letters-why-abroad-near = Cyfeiriad tramor yw hwn, gyda’r un rhifau a’r rhan fwyaf o lythrennau’r geiriau
letters-why-abroad-different = Cyfeiriad tramor yw hwn, gyda rhifau neu eiriau eraill
letters-marked-text = Mae’r llythyr wedi’i nodi’n gyfrinachol: mae’n aros ar gau, hefyd pan gaiff ei bostio.
letters-verdict-decoy-text = Nid oes dim o’i le ar y llythyr hwn. Tynnwyd ei gyfeiriad drwy goelbren, fel nad yw cod yn dweud dim.
letters-post = Ei bostio
letters-evidence = Ei gadw fel tystiolaeth
letters-return = Dychwelyd at yr anfonwr
letters-of = : llythyr { $code }
letters-error-barred = Mae’r cyfeiriad wedi’i wahardd. Mae angen dau berson i bostio’r llythyr hwn: cynigiwch godi neu gyfyngu’r gwaharddiad yn gyntaf.
letters-next-1 = Dywedir wrth yr ystafell bost beth rydych yn ei benderfynu drwy god y llythyr yn unig.
letters-next-2 = Dychwelwch lythyr dim ond os oedd yr anfonwr eisoes yn gwybod y cyfeiriad.
letters-late = Hwyr
letters-times = Gwiriwyd { $at }. Penderfynwch erbyn { $due }.
letters-picture = Llun o’r amlen
letters-picture-alt = Yr amlen fel y tynnwyd ei llun
letters-decide = Ei gadw neu ei ddychwelyd
letters-decide-legend = Beth sy’n digwydd i’r llythyr?
letters-knew = Sut y mae’n hysbys ei fod yn gwybod y cyfeiriad hwn o’r blaen?
letters-knew-hint = Mae’n darllen y cyfeiriad eto pan gaiff y llythyr yn ôl. Dychwelwch ef dim ond os nad yw’n dweud dim byd newydd wrtho.
letters-told = A ddywedwyd wrth y carcharor?
letters-told-hint = Nid oes ei angen os caiff y llythyr ei bostio.
letters-told-yes = Do
letters-told-no = Naddo
letters-why-not = Pam lai?
letters-office = Ar awdurdod pwy?
letters-office-hint = Pennaeth y carchar yn unig sy’n penderfynu ar lythyr sydd wedi’i nodi’n gyfrinachol, beth bynnag a ganfuwyd. Gofynnwch yn yr un geiriau am bob llythyr o’r fath.
letters-office-governor = Llywodraethwr
letters-office-director = Cyfarwyddwr
letters-authority = Enw
letters-record = Cofnodi’r penderfyniad
letters-error-decision = Dywedwch beth sy’n digwydd i’r llythyr
letters-error-knew = Dywedwch sut y mae’n hysbys ei fod yn gwybod y cyfeiriad
letters-error-told = Dywedwch a ddywedwyd wrth y carcharor
letters-error-why-not = Dywedwch pam na ddywedwyd wrth y carcharor
letters-error-office = Dywedwch ai’r llywodraethwr ynteu’r cyfarwyddwr ydoedd
letters-error-authority-name = Rhowch enw’r llywodraethwr neu’r cyfarwyddwr
letters-error-authority = Mae’r llythyr hwn wedi’i nodi’n gyfrinachol. Cofnodwch ar awdurdod pwy y penderfynir arno.
exemptions-title = Llythyrau sy’n gadael er hynny
exemptions-link = Eithriadau: y gofrestr ar gyfer post cyfrinachol, a pherthnasau agos
exemptions-lead = Mae llythyr sydd wedi’i nodi’n gyfrinachol yn gadael os yw wedi’i gyfeirio at rywun ar y gofrestr hon, beth bynnag sydd wedi’i wahardd. Mae llythyr carcharor at berthynas agos y mae achos yn ei enwi yn gadael er bod y cyfeiriad wedi’i wahardd. Mae angen dau berson ar bob eithriad; mae un yn ei ddirwyn i ben.
exemptions-none = Nid oes eithriad.
exemptions-standing = Mewn grym
exemptions-proposed = Yn aros am ail berson
exemptions-end = Ei ddirwyn i ben
exemptions-of = : { $name }
exemptions-registered = Mae post cyfrinachol at { $name }, { $address }, yn gadael heb ei agor
exemptions-relative = Mae llythyrau { $prisoner } at { $name } yn gadael er bod y cyfeiriad wedi’i wahardd
exemptions-office-lawyer = Cyfreithiwr neu lys
exemptions-office-confidential-access = Ombwdsmon, arolygiaeth neu gorff mynediad cyfrinachol arall
exemptions-office-embassy = Llysgenhadaeth neu gonswliaeth
exemptions-add-register = Ychwanegu at y gofrestr
exemptions-add-relative = Enwi perthynas agos
exemptions-office = Pwy sydd yno?
exemptions-name = Enw
exemptions-address = Cyfeiriad
exemptions-address-hint = Fel y mae yng nghofrestr y proffesiwn neu’r corff, nid fel y mae ar lythyr
exemptions-reason-register = Sut y cafodd ei wirio?
exemptions-relative-name-hint = Enw cyntaf ac enw olaf, fel y mae’n rhaid iddynt fod ar yr amlen. Mae llythyrau at unrhyw un arall yno yn dal i gael eu hatal.
exemptions-case = Cyfeirnod yr achos
exemptions-prisoner = Rhif carchar y carcharor
exemptions-relationship = Beth ydynt i’w gilydd?
exemptions-reason-relative = Pam y caiff ysgrifennu at y perthynas hwn?
exemptions-propose = Ei gynnig
exemptions-error-office = Dywedwch pwy sydd yno
exemptions-error-name = Rhowch yr enw
exemptions-error-full-name = Rhowch yr enw cyntaf a’r enw olaf
exemptions-error-address = Rhowch gyfeiriad y gellir ei ddarllen
exemptions-error-case = Rhowch gyfeirnod achos
exemptions-error-relationship = Dywedwch beth ydynt i’w gilydd
exemptions-error-reason = Dywedwch pam
exemptions-next-1 = Mae person arall sy’n trin achosion yn darllen yr hyn rydych yn ei gynnig ac yn cytuno, neu beidio. Nid oes dim wedi’i eithrio cyn hynny.
exemptions-next-2 = Gwirir post wedi’i nodi’n gyfrinachol at unrhyw gyfeiriad arall fel pob post, ac mae’n aros ar gau ar y silff nes bod pennaeth y carchar wedi penderfynu.
done-exemption-ended = Daeth i ben. Gwirir llythyrau o’r fath fel pob un arall.
letters-kind-letter = Llythyr
letters-kind-email = E-bost
letters-kind-photocopy = Llungopi neu sgan

# Gwybodaeth ar achos
intel-title = Gwybodaeth
intel-none = Nid oes gwybodaeth wedi’i ffeilio ar gyfer yr achos hwn.
intel-more = Dim ond y diweddaraf a ddangosir. Mae rhagor.
intel-over-cap = Ffeiliwyd gan gyfrif a anfonodd fwy nag y caiff mewn un awr
intel-number = Rhif a enwyd: { $number }
timeline-title = Hanes
timeline-text = Pwy wnaeth a phwy welodd beth. Y diweddaraf yn gyntaf.

# Atgyfeirwyr
referrals-title = Atgyfeiriadau
referrals-lead = Gweld beth ddigwyddodd i atgyfeiriad. Dim ond yr hyn a anfonodd eich sefydliad eich hun a welwch.
referrals-reference = Cyfeirnod
referrals-reference-hint = Er enghraifft K7QM-2VXD-94TR
referrals-show = Dangos
referrals-error-reference = Rhowch gyfeirnod fel K7QM-2VXD-94TR
referrals-error-not-found = Nid oes atgyfeiriad gennych chi â’r cyfeirnod hwn
referrals-receipt = Atgyfeiriad { $reference }
referrals-received = Derbyniwyd { $at }
referrals-nth = Eitem
referrals-number = Rhif { $n } person { $person }
referrals-address = Cyfeiriad { $n } person { $person }
referrals-email = Cyfeiriad e-bost { $n } person { $person }
referrals-outcome = Beth ddigwyddodd iddo
referrals-barred = Gwaharddwyd
referrals-handler = Mae swyddog achos yn penderfynu
referrals-ask = Mae angen mwy gennych
referrals-because-number-not-resolved = Nid yw hwn yn rhif y gellir ei ffonio. Anfonwch yr un cywir mewn atgyfeiriad newydd.
referrals-because-address-not-read = Nid yw’r cyfeiriad yn dweud digon. Anfonwch ef gyda thŷ a stryd, neu god post.
referrals-because-always-allowed = Gall pawb ffonio’r rhif hwn ac ni ellir ei wahardd.
referrals-because-emergency-number = Rhif argyfwng yw hwn ac ni ellir ei wahardd.
referrals-because-email-not-barred = Cedwir cyfeiriadau e-bost ar gyfer y swyddog achos.
referrals-because-incomplete = Nid yw’r atgyfeiriad yn dweud pam y mae’n cael ei wneud, na pham nad oes cytundeb, felly ni waharddwyd dim ar unwaith. Dywedwch hynny mewn atgyfeiriad newydd.
referrals-proof = Mewn grym mewn { $covered } o { $prisons } lle
referrals-proof-at = Mewn grym mewn { $covered } o { $prisons } lle, heb fod yn hwyrach na { $at }
referrals-make = Gwneud atgyfeiriad
referrals-make-text = Caiff atgyfeiriad cyflawn ei wahardd yn yr un eiliad.
referrals-tell = Ffeilio gwybodaeth
referrals-tell-text = Rhif a ffoniodd, rhywun sy’n ffonio dros y carcharor, ffôn mewn cell, cyswllt a ddaeth drwodd.
referrals-next-1 = Gwrthodir ar unwaith yr hyn sydd wedi’i wahardd. Yna mae swyddog achos yn asesu’r atgyfeiriad.
referrals-next-2 = Os yw person yn dal i gael galwad neu lythyr, ffeiliwch hynny fel cyswllt a ddaeth drwodd.
intelligence-title = Gwybodaeth
intelligence-without-case = Heb fod yn perthyn i achos eto
intelligence-without-case-lead = Nid oes neb yn gweld y rhain ar achos, am nad ydynt yn enwi cyfeirnod na rhif unrhyw achos. Y diweddaraf yn gyntaf. Lle mae angen gwaharddiad, gwnewch gais neu ychwanegwch y rhif at ei achos.
intelligence-without-case-none = Nid oes dim yn aros yma.
intelligence-file = Ffeilio gwybodaeth
intelligence-lead = Mae swyddog achos yn darllen hyn. Edrychir ar rif a rowch yma; nid yw’n cael ei wahardd ohono’i hun.
intelligence-kind = Am beth mae?
intelligence-reference = Cyfeirnod
intelligence-reference-hint = Os oes gennych un. Er enghraifft K7QM-2VXD-94TR
intelligence-number = Rhif ffôn
intelligence-number-hint = Os oes gennych un
intelligence-account = Beth ydych chi’n ei wybod?
intelligence-send = Anfon
intelligence-sent = Mae eich gwybodaeth wedi’i ffeilio
intelligence-sent-reference = Eich cyfeirnod<br><strong>{ $reference }</strong>
intelligence-error-kind = Dewiswch am beth mae
intelligence-error-account = Dywedwch yr hyn rydych yn ei wybod
intelligence-error-reference = Rhowch gyfeirnod fel K7QM-2VXD-94TR, neu gadewch ef yn wag
intelligence-error-number = Rhowch un rhif ffôn, neu gadewch ef yn wag
intelligence-another = Ffeilio rhywbeth arall
intelligence-next-1 = Mae swyddog achos yn ei ddarllen ac yn edrych ar y rhif, os rhoesoch un.
intelligence-next-2 = Os na ddylid cyrraedd rhif, gwnewch atgyfeiriad: yna caiff ei wahardd ar unwaith.

# Ystafell bost
mailroom-title = Llythyrau
mailroom-lead = Teipiwch y cyfeiriad fel y mae ar yr amlen.
mailroom-address = Cyfeiriad ar yr amlen
mailroom-address-hint = Pob llinell, gyda’r enw a’r cod post
mailroom-sender = Rhif carchar yr anfonwr
mailroom-sender-hint = Er enghraifft A1234BC. Teipiwch “anhysbys” os nad yw’r amlen yn dweud.
mailroom-check = Gwirio
mailroom-pass = PASIO
mailroom-pass-text = Caiff y llythyr adael.
mailroom-shelf = SILFF
mailroom-shelf-text = Rhowch y llythyr ar y silff ac ysgrifennwch y cod hwn ar ei slip:
mailroom-last = Yr amlen ddiwethaf
mailroom-decided = Llythyrau ar y silff: beth i’w wneud
mailroom-code = Cod
mailroom-do = Beth i’w wneud
mailroom-decided-at = Penderfynwyd
mailroom-do-post = Ei bostio
mailroom-do-return = Ei roi’n ôl i’r anfonwr
mailroom-do-evidence = Ei gadw nes iddo gael ei gasglu
letters-verdict-lifted-text = Codwyd y gwaharddiad ers hynny. Gellir postio’r llythyr.
mailroom-error-address = Teipiwch y cyfeiriad fel y mae ar yr amlen
mailroom-error-address-long = Teipiwch y cyfeiriad yn unig, 500 nod ar y mwyaf
mailroom-error-sender = Rhowch rif carchar fel A1234BC, neu “anhysbys”
mailroom-cap = Mae eich carchar wedi gwirio cynifer o lythyrau ag y caiff un carchar mewn awr. Gadewch y gweddill: maent yn aros yn ddiogel tan yr awr nesaf.
mailroom-wait = Ni ellir gwirio’r llythyr hwn nawr. Gadewch ef ar y ddesg a rhowch gynnig arall arni ymhen ychydig funudau.
mailroom-next-1 = Caiff llythyr sy’n pasio adael. Mae llythyr â chod yn aros ar y silff nes bod rhywun yn ei gasglu.
mailroom-next-2 = Mae rhai llythyrau yn mynd i’r silff ar hap. Nid yw cod yn dweud dim am yr anfonwr na’r llythyr.
mailroom-error-not-held = Nid oes carcharor â’r rhif hwn ar gofnod yn eich carchar. Gwiriwch y rhif, neu teipiwch “anhysbys”
mailroom-label = Argraffu label â’r cod hwn
mailroom-keys = Mae Control ac Enter yn y cyfeiriad yn ei wirio. Cymerir rhif carchar sydd wedi’i sganio ar linell ei hun fel rhif yr anfonwr.
mailroom-late = Mae llythyrau wedi aros yn rhy hir
operations-letters-late = { $prison }: { $undecided } ar y silff am fwy nag un diwrnod gwaith, { $unchecked } mewn ffeiliau heb eu gwirio ers mwy na diwrnod
mailroom-undecided = { $count ->
    [one] Mae { $count } llythyr wedi bod ar y silff am fwy na diwrnod gwaith heb benderfyniad. Dywedir wrth y rhai sy’n trin achosion hefyd.
   *[other] Mae { $count } llythyr wedi bod ar y silff am fwy na diwrnod gwaith heb benderfyniad. Dywedir wrth y rhai sy’n trin achosion hefyd.
}
mailroom-unchecked = { $count ->
    [one] Nid yw { $count } llythyr mewn ffeil wedi’i wirio ers mwy na diwrnod. Mae’n aros.
   *[other] Nid yw { $count } llythyr mewn ffeiliau wedi’u gwirio ers mwy na diwrnod. Maent yn aros.
}
mailroom-files-link = Gwirio llythyrau fesul ffeil
mailroom-files-title = Llythyrau fesul ffeil
mailroom-files-back = Gwirio amlen
mailroom-files-lead = Anfonwch dabl o lythyrau a chewch yr un rhesi’n ôl, pob un â phostio (post) neu silff (shelf). Mae angen anfonwr sydd yn eich carchar nawr ar bob rhes.
mailroom-files-kind = Pa fath o bost yw ef?
mail-kind-letter = Llythyrau
mail-kind-email = E-byst a argreffir neu a anfonir ymlaen
mail-kind-photocopy = Post wedi’i lungopïo neu ei sganio
mailroom-files-file = Y ffeil
mailroom-files-hint = CSV â’r colofnau prison_number ac address, a reference a postcode lle maent gennych. 1,000 o lythyrau ar y mwyaf.
mailroom-files-send = Gwirio’r llythyrau hyn
mailroom-files-sent = Ffeiliau rydych wedi’u hanfon
mailroom-files-at = Anfonwyd
mailroom-files-progress = Cynnydd
mailroom-files-answers = Atebion
mailroom-files-of = Atebwyd { $answered } o { $rows }
mailroom-files-download = Cael yr atebion
mailroom-files-error-file = Dewiswch ffeil
mailroom-files-error-columns = Rhaid i’r llinell gyntaf enwi’r colofnau prison_number ac address, a dim eraill heblaw reference a postcode
mailroom-files-error-empty = Nid oes llythyr yn y ffeil
mailroom-files-error-many = Anfonwch 1,000 o lythyrau ar y mwyaf mewn un ffeil
mailroom-files-error-kind = Dywedwch pa fath o bost yw ef
mailroom-files-next-1 = Gwirir llythyrau yn eu tro, 600 ar y mwyaf mewn awr i’ch carchar cyfan. Cewch adael y dudalen hon.
mailroom-files-next-2 = Mae rhes na ellid ei gwirio yn dweud pam yn ei hateb. Cywirwch hi a’i hanfon eto.
mailroom-picture = Defnyddio llun o’r amlen
mailroom-picture-file = Llun o’r amlen
mailroom-picture-hint = JPEG neu PNG, 6 megabeit ar y mwyaf. Darllenir y cyfeiriad oddi arno, a byddwch chi’n ei gywiro. Cedwir y llun dim ond tra bo’i lythyr ar y silff.
mailroom-picture-no-reader = Nid yw’r gwasanaeth hwn yn darllen lluniau. Teipiwch y cyfeiriad; mae’r llun yn aros wrth ei ymyl, a chyda’r llythyr tra bo ar y silff.
mailroom-picture-unread = Ni ellid darllen cyfeiriad oddi ar y llun hwn. Teipiwch ef.
mailroom-picture-take = Defnyddio’r llun hwn
mailroom-picture-error = Dewiswch lun, JPEG neu PNG
mailroom-picture-error-large = Dewiswch lun o 6 megabeit a 40 megapicsel ar y mwyaf
mailroom-waits-title = Mae’r amlen yn aros
mailroom-waits-text = Ni ellir cyrraedd y gwasanaeth. Nid oes llythyr yn gadael nes iddo gael ei wirio: cadwch yr amlen ar y ddesg. Pan fydd y gwasanaeth yn ôl, teipiwch ei chyfeiriad eto.
mailroom-waits-other = The service cannot be reached. No letter leaves until it has been checked: keep the envelope on the desk. When the service is back, type its address again.
mailroom-waits-other-lang = en
mailroom-waits-again = Rhoi cynnig arall arni
label-day = Ar y silff ers { $day }
label-stays = Yn aros ar y silff nes galw ei god

# Carchar
prison-title = { $prison }
prison-up-to-date = Yn gyfredol
prison-behind = Ddim yn gyfredol
prison-current-text = Atebir galwadau yn y carchar hwn yn ôl y rhestr ddiweddaraf.
prison-current-since = Mae’r rhestr ddiweddaraf ar waith ers { $at }.
prison-no-gate = Nid oes porth yn ateb galwadau’r carchar hwn eto. Dywedwch wrth weithredwr y gwasanaeth.
prison-gate-behind = Nid yw porth wedi cymryd y rhestr ddiweddaraf eto. Mae’n dal i wrthod yr hyn a wrthododd o’r blaen.
prison-gate-silent = Ni chlywyd gan borth. Mae’n dal i ateb galwadau yn ôl y rhestr sydd ganddo.
prison-gate-revoked = Diddymwyd porth ac ni chafwyd un yn ei le.
prison-not-on = Nid yw’r carchar hwn wedi’i droi ymlaen i’r gwasanaeth.
prison-gates = Pyrth
prison-gate = Porth
prison-gate-state = Cyflwr
prison-gate-heard = Rhestr olaf a gadwyd
prison-gate-awaiting = Yn aros i gael ei dderbyn
prison-gate-revoked-tag = Diddymwyd
prison-gate-in-step = Mewn cam
prison-gate-late = Ar ei hôl hi
prison-gate-quiet = Heb ei glywed
prison-waits = Yr hyn sy’n aros amdanoch
prison-letters = { $count ->
    [0] Dim llythyrau ar y silff
    [one] { $count } llythyr ar y silff
   *[other] { $count } llythyr ar y silff
}
prison-applications = { $count ->
    [0] Nid oes rhifau yn aros am gymeradwyaeth
    [one] Mae { $count } rhif yn aros am gymeradwyaeth
   *[other] Mae { $count } rhif yn aros am gymeradwyaeth
}
prison-files = { $count ->
    [0] Nid oes ffeiliau yn aros am gymeradwyaeth
    [one] Mae { $count } ffeil yn aros am gymeradwyaeth
   *[other] Mae { $count } ffeil yn aros am gymeradwyaeth
}
prison-open-numbers = Gweld y rhifau
prison-open-files = Gweld y ffeiliau
prison-open-letters = Gwirio llythyrau
prison-next-1 = Os yw’r dudalen hon yn dweud nad yw’r carchar yn gyfredol am fwy nag ychydig funudau, dywedwch wrth weithredwr y gwasanaeth.
prison-next-2 = Nid oes dim a wrthodwyd o’r blaen yn cael ei ganiatáu tra bo porth ar ei hôl hi.
prison-regime = Sut mae galwadau’n gweithio yma
prison-regime-call-barring = Caiff carcharorion ffonio unrhyw rif nad yw wedi’i wahardd
prison-regime-call-enabling = Dim ond rhifau cymeradwy y caiff carcharorion eu ffonio

# Rhifau
numbers-title = Rhifau
numbers-lead = Mae dau berson yn cymeradwyo rhif carcharor: un yn gwneud cais, un arall yn cymeradwyo. Peidiwch â ffonio rhif i’w wirio cyn i’r cais gael ei ateb.
numbers-apply = Gwneud cais am rif
numbers-holder = Rhif carchar
numbers-number = Rhif ffôn
numbers-kind = Math o gyswllt
numbers-kind-official-hint = Er enghraifft cyngor neu goleg
numbers-kind-legal-hint = Dim ond rhifau o gofrestr y cyfreithwyr
numbers-button = Gwneud cais
numbers-waiting = Yn aros am ail berson
numbers-waiting-none = Nid oes rhifau yn aros am gymeradwyaeth.
numbers-approve-of = : { $number } ar gyfer { $prisoner }
numbers-error-holder = Rhowch rif carchar fel A1234BC
numbers-error-number = Rhowch un rhif ffôn, fel 07700 900123
numbers-error-name = Rhowch enw’r person
numbers-error-kind = Dewiswch y math o gyswllt
numbers-next-1 = Mae diogelwch yn cymeradwyo rhif ar ôl iddo gael ei wirio. Yna mae ar restr y carcharor.
numbers-next-2 = Penderfynir ar bob galwad a yw’n mynd drwodd. Ni roddir rheswm am alwad nad yw’n mynd drwodd.
numbers-only-security = Diogelwch sy’n cymeradwyo rhifau.
numbers-list = Rhestr carcharor
numbers-list-button = Dangos y rhestr
numbers-list-of = Rhifau { $prisoner }
numbers-list-none = Nid oes gan { $prisoner } rifau yma.
numbers-state = Statws
numbers-state-live = Ar y rhestr
numbers-state-ended = Wedi’i dynnu oddi ar y rhestr
numbers-state-applied = Yn aros am ail berson
numbers-off = Tynnu oddi ar y rhestr
numbers-off-propose = Cynnig ei dynnu oddi ar y rhestr
numbers-off-of = : { $number } ar gyfer { $prisoner }
numbers-comes-off = I’w dynnu oddi ar y rhestr
numbers-error-reason = Dywedwch pam y dylid tynnu rhif y cyfreithiwr oddi ar y rhestr

# Archwilio
audit-title = Archwilio
audit-whole = Ni newidiwyd dim: mae pob un o’r { $rows } cofnod fel y’i hysgrifennwyd.
audit-broken = Nid yw cofnod { $at } fel y’i hysgrifennwyd. Stopiwch a dywedwch wrth y gweithredwr.
audit-person = Person
audit-everybody = Pawb
audit-verb = Yr hyn a wnaed
audit-everything = Popeth
audit-reference = Cyfeirnod yr achos
audit-show = Dangos
audit-seq = Cofnod
audit-when = Pryd
audit-who = Pwy
audit-what = Beth
audit-subject = Ar beth
audit-detail = Manylion
audit-older = Cofnodion hŷn
audit-newest = Cofnodion diweddaraf
audit-none = Nid oes cofnodion yn cyfateb.
audit-error-reference = Rhowch gyfeirnod achos fel K7QM-2VXD-94TR
audit-next-1 = Mae’r hyn rydych yn edrych arno yma yn gofnod hefyd.
audit-next-2 = Os nad yw cofnod fel y’i hysgrifennwyd, cadwch y dudalen hon ar agor, ffoniwch y gweithredwr a pheidiwch â newid dim.

# Yr hyn mae’r archwiliad yn galw pethau
audit-refused = Gwrthodwyd
audit-verb-acknowledge = Cadarnhaodd porth restr
audit-verb-add-account = Gwnaeth gyfrif
audit-verb-add-key = Gwnaeth allwedd
audit-verb-add-target = Gwaharddodd rif neu gyfeiriad
audit-verb-approve = Cymeradwyodd fel yr ail berson
audit-verb-bar-held = Gwaharddodd yr hyn oedd wedi aros
audit-verb-check-letter = Gwiriodd lythyr
audit-verb-close-session = Allgofnododd
audit-verb-confirm-case = Cadarnhaodd yr achos
audit-verb-decide-letter = Penderfynodd ar lythyr
audit-verb-end-exemption = Daeth ag eithriad llythyrau i ben
audit-verb-propose-exemption = Cynigiodd eithriad llythyrau
audit-verb-read-exemptions = Darllenodd yr eithriadau llythyrau
audit-verb-alert-letter = Cododd rybudd am lythyr
audit-verb-file-letters = Anfonodd ffeil o lythyrau
audit-verb-read-letter-batches = Darllenodd y ffeiliau llythyrau
audit-verb-leave-letter-row = Atebodd res mewn ffeil na ellir ei gwirio
audit-verb-end-exception = Daeth ag eithriad i ben
audit-verb-enrol-gate = Cofrestrodd borth
audit-verb-file-intelligence = Ffeiliodd wybodaeth
audit-verb-file-request = Gwnaeth gais
audit-verb-import-prisoners = Cymerodd gofnodion carcharorion
audit-verb-begin-feed-session = Dechreuodd sesiwn newydd o’r porthiant
audit-verb-renew-fingerprint-key = Gwnaeth allwedd olion bysedd newydd i borth
audit-verb-issue-enrolment-code = Gwnaeth god cofrestru
audit-verb-locate-prisoner = Cadarnhaodd y carcharor
audit-verb-open-case = Agorodd yr achos
audit-verb-open-session = Mewngofnododd
audit-verb-propose = Gwnaeth gynnig
audit-verb-read-application = Darllenodd gais am rif
audit-verb-read-approved-list = Darllenodd restr gymeradwy carcharor
audit-verb-read-attempts = Darllenodd yr ymdrechion
audit-verb-read-intelligence = Darllenodd wybodaeth heb achos
audit-verb-read-audit = Darllenodd yr archwiliad
audit-verb-read-holders = Darllenodd pwy arall sydd â’r rhif
audit-verb-read-letters = Darllenodd y llythyrau
audit-verb-read-proposals = Darllenodd y cynigion
audit-verb-read-queue = Darllenodd y ciw
audit-verb-read-receipt = Darllenodd dderbynneb
audit-verb-record-assessment = Cofnododd yr asesiad
audit-verb-record-attempts = Adroddodd porth ymdrechion
audit-verb-record-transfer = Cofnododd drosglwyddiad
audit-verb-note-custody-queue = Nododd sut mae ciw’r gwasanaeth carchardai
audit-verb-raise-arrival = Cymharodd rywun a ddaeth i mewn â’r achosion sy’n aros
audit-verb-record-custody-event = Derbyniodd ddigwyddiad y gwasanaeth carchardai
audit-verb-set-message-aside = Rhoddodd neges y gwasanaeth carchardai o’r neilltu
audit-verb-dismiss-message = Gwrthododd neges y gwasanaeth carchardai
audit-verb-record-merge = Cofnododd fod dau rif carchar yn perthyn i’r un person
audit-verb-revoke-gate = Diddymodd borth
audit-verb-revoke-keys = Cymerodd allweddi cyfrif oddi arno
audit-verb-revoke-number = Tynnodd rif oddi ar restr
audit-verb-gate-went-back = Aeth porth yn ôl at restr gynharach
audit-verb-apply-list = Cymerodd ffeil o rifau drosodd
audit-verb-stage-list = Darllenodd ffeil o rifau i mewn
audit-verb-read-imports = Darllenodd pa ffeiliau a gymerwyd i mewn
audit-verb-leave-suspended = Gadawodd rif oddi ar restr
audit-verb-switch-prison-on = Trodd garchar ymlaen
audit-verb-withdraw-proposal = Tynnodd gynnig yn ôl
audit-verb-mark-alert-seen = Nododd fod rhybudd wedi’i weld
audit-verb-plant-canary = Plannodd rif caneri
audit-verb-read-alerts = Darllenodd y rhybuddion
audit-verb-read-canaries = Darllenodd y rhifau caneri
audit-verb-record-attestation = Ardystiodd garchar
audit-kind-account = Cyfrif
audit-kind-api-key = Allwedd
audit-kind-held-target = Rhif neu gyfeiriad sy’n aros
audit-kind-roster = Cofnodion carcharorion
audit-kind-alert = Rhybudd
audit-kind-canary = Rhif a blannwyd
audit-kind-feed = Porthiant
audit-kind-list-import = Ffeil o rifau cymeradwy
audit-kind-no-contact-list = Rhestr dim cyswllt
audit-kind-no-contact-row = Rhes o restr dim cyswllt
audit-kind-approved-entry = Rhif ar restr
audit-kind-audit = Archwiliad
audit-kind-bar = Gwaharddiad
audit-kind-case = Achos
audit-kind-gate = Porth
audit-kind-intelligence = Gwybodaeth
audit-kind-letter = Llythyr
audit-kind-letter-batch = Ffeil o lythyrau
audit-kind-letter-exemption = Eithriad llythyrau
audit-kind-prison = Carchar
audit-kind-prisoner = Carcharor
audit-kind-message = Neges y gwasanaeth carchardai
audit-kind-proposal = Cynnig
audit-kind-queue = Ciw
audit-kind-request = Cais

# Gweithredu
operations-title = Gweithredu
operations-on = Carchardai sydd wedi’u troi ymlaen
operations-none-on = Nid oes carchar wedi’i droi ymlaen.
operations-since = Ers
operations-regime = Galwadau
operations-off-propose = Cynnig diffodd
operations-off-of = : { $prison }
messages-title = Oddi wrth y gwasanaeth carchardai
messages-queue = Holwyd y ciw { $at }; mae tua { $count } yn aros ynddo.
messages-queue-oldest = Anfonwyd yr hynaf o’r rhai a gymerwyd { $at }.
messages-none = Nid oes dim wedi dod oddi wrth y gwasanaeth carchardai.
messages-waiting = { $count ->
    [one] Ni ellid gweithredu ar un neges
   *[other] Ni ellid gweithredu ar { $count } o negeseuon
 }
messages-waiting-text = Gall rhywun fod wedi dod i garchar neu adael un heb i’r gwasanaeth hwn wybod. Gofynnwch i’r gwasanaeth carchardai, cymerwch y rhestr drosodd, yna gwrthodwch y neges. Mae’n aros ar gofnod y naill ffordd neu’r llall.
messages-why-too-long = Mae’n hirach nag y caiff neges fod.
messages-why-envelope = Nid digwyddiad y gwasanaeth carchardai ydyw.
messages-why-time = Mae ei hamser ar goll, ni ellir ei ddarllen, neu mae o flaen y cloc hwn.
messages-why-prisoner = Nid yw’n enwi rhif carchar, neu mae’n un na all fod, neu’n ddau wahanol.
messages-why-prison = Nid yw’n enwi carchar.
messages-why-reason = Mae’n rhoi rheswm dros adael nad yw’n hysbys yma.
messages-why-alert = Nid yw’n enwi math o rybudd.
messages-via-post = Fe’i postiwyd { $at }.
messages-via-queue = Daeth drwy’r ciw { $at }.
messages-again = Rhoi cynnig arall
messages-dismiss = Gwrthod
messages-of = : y neges { $at }
messages-kind = Math
messages-outcome = Beth ddaeth ohoni
messages-number = Sawl un
messages-last = Yr olaf
messages-outcome-taken = Gweithredwyd arni
messages-outcome-repeated = Wedi dod o’r blaen
messages-outcome-overtaken = Roedd rhywbeth mwy diweddar yn hysbys
messages-outcome-passed = Ddim yn berthnasol yma
messages-outcome-set-aside = Wedi’i rhoi o’r neilltu
operations-switch-on = Troi carchar ymlaen
operations-choose-prison = Dewiswch garchar
operations-regime-question = Sut mae galwadau’n gweithio yno?
operations-call-barring-hint = Rhaid i ail weithredwr gytuno
operations-on-reason = Rheswm, lle mae’n rhaid i ail weithredwr gytuno
operations-switch-on-button = Troi ymlaen
operations-gates = Pyrth
operations-no-gates = Nid oes porth wedi cofrestru.
operations-second-gate = Ail borth ar gyfer { $prison }
operations-second-gate-text = Cofrestrodd porth er bod gan { $prison } un eisoes. Os nad oes neb yno wedi gosod un arall, peidiwch â’i dderbyn, ac ymddeolwch ef: efallai bod y cod wedi’i ddwyn.
operations-gate = Porth
operations-key = Ôl bys yr allwedd
operations-state-awaiting = Yn aros i gael ei dderbyn
operations-state-admitted = Derbyniwyd
operations-state-revoked = Diddymwyd
operations-state-retired = Ymddeolwyd
operations-heard = Mewn cam
operations-quiet = Heb ei glywed
operations-room-short = Prin o le
operations-room-full = Ni all ddal ei restr
operations-admit = Cynnig derbyn
operations-admit-text = Cymharwch ôl bys yr allwedd â’r un ar sgrin y porth ei hun yn gyntaf.
operations-retire = Cynnig ymddeol
operations-revoke = Diddymu
operations-gate-of = : porth { $gate }
operations-code = Cofrestru porth
operations-code-text = Mae’r cod yn gweithio unwaith, ar gyfer un carchar, am awr. Fe’i dangosir unwaith.
operations-code-button = Gwneud cod
operations-code-shown = Cod cofrestru ar gyfer { $prison }
operations-code-shown-text = Rhowch y cod hwn i’r porth nawr. Ni chaiff ei ddangos eto ac mae’n dod i ben ymhen awr.
operations-proposals = Yn aros am ail weithredwr
operations-proposals-none = Nid oes dim yn aros am ail weithredwr.
operations-reason-compared = Cymharwyd ôl bys yr allwedd
operations-error-prison = Dewiswch garchar
operations-error-regime = Dewiswch sut mae galwadau’n gweithio
operations-next-1 = Trowch y carchar ymlaen, gwnewch god, dechreuwch y porth gydag ef, cymharwch yr allwedd, a gadewch i ail weithredwr gymeradwyo.
operations-next-2 = O hynny ymlaen mae’r carchar yn cyfrif fel un wedi’i gwmpasu unwaith y mae ei borth yn cadarnhau.
operations-next-3 = Mae angen dau weithredwr ar gyfer yr hyn sy’n tynnu cwmpas.

# Rhybuddion: ar gyfer trinwyr achosion
alerts-title = Rhybuddion
alerts-lead = Ceisiodd rhywun yn y carchar rif gwaharddedig, neu ysgrifennodd at gyfeiriad gwaharddedig. Un rhybudd ar gyfer pob galwr, rhif ac awr, y cryfaf yn gyntaf. Ni ddywedir wrth neb yn y carchar.
alerts-none = Nid oes rhybudd nad oes neb wedi’i weld.
alerts-more = Mae rhagor nag a ddangosir yma.
alerts-open = Newydd
alerts-seen = Wedi’i weld
alerts-seen-count = { $count ->
    [one] { $count } rhybudd a welwyd
   *[other] { $count } rhybudd a welwyd
}
alerts-sign-canary = Plannwyd y rhif hwn ac nid yw’n eiddo i neb. Mae pwy bynnag sy’n ei ddeialu wedi darllen yr hyn na ddylai.
alerts-sign-went-through = Aeth yr alwad drwodd er bod y rhif wedi’i wahardd.
alerts-sign-arrived = Mae rhywun wedi dod i’r carchar a allai fod yn garcharor yr achos hwn. Cymharwch ef â’r hyn sy’n hysbys, a dywedwch pwy ydyw. Nid oes dim mwy yn cael ei wahardd oherwydd hyn.
alerts-arrived-at = Daeth i mewn { $at }.
alerts-sign-new-number = Ei gynnig cyntaf ar rif na wyddys erioed ei fod ganddo. Mae wedi dod i’w wybod.
alerts-sign-several-callers = Gwrthodwyd yr un rhif i alwr arall o fewn wythnos.
alerts-sign-repeated = Ceisiodd dro ar ôl tro o fewn yr awr.
alerts-sign-named = Ef yw’r carcharor y mae’r achos hwn yn ei enwi.
alerts-sign-another = Nid ef yw’r carcharor y mae’r achos hwn yn ei enwi.
alerts-sign-nobody-named = Nid yw’r achos hwn yn enwi carcharor eto. Efallai mai hwn ydyw.
alerts-letter-canary = Plannwyd y cyfeiriad hwn ac nid yw’n eiddo i neb. Mae pwy bynnag sy’n ysgrifennu ato, neu’n ei deipio, wedi darllen yr hyn na ddylai.
alerts-letter-new-number = Ei lythyr cyntaf i gyfeiriad nad oedd byth yn hysbys ei fod ganddo. Mae wedi’i ddysgu.
alerts-letter-several-callers = Ataliwyd llythyr rhywun arall i’r un cyfeiriad o fewn wythnos.
alerts-letter-repeated = Ataliwyd sawl llythyr ganddo o fewn yr awr.
alerts-letter-unknown = Nid yw’r anfonwr yn hysbys
alerts-letter-stopped = { $count ->
    [one] Mae { $count } llythyr ar y silff, wedi’i wirio gan { $name }.
   *[other] Mae { $count } llythyr ar y silff, y cyntaf wedi’i wirio gan { $name }.
}
alerts-planted = Ble y’i plannwyd
alerts-refused = { $count ->
    [one] Gwrthodwyd unwaith.
   *[other] Gwrthodwyd { $count } gwaith.
}
alerts-allowed = { $count ->
    [one] Aeth drwodd unwaith.
   *[other] Aeth drwodd { $count } gwaith.
}
alerts-not-dialled = Heb ei ddeialu: gofynnwyd amdano mewn cais cyswllt, neu roedd mewn ffeil o rifau cymeradwy.
alerts-between = Cyntaf { $first }, olaf { $last }.
alerts-mark-seen = Rwyf wedi gweld hwn
alerts-of = : { $number }
alerts-next-1 = Agorwch yr achos. Os yw hi mewn perygl, gweithredwch yn ôl eich gweithdrefn eich hun yn gyntaf.
alerts-next-2 = Nodwch fod rhybudd wedi’i weld pan fydd rhywun wedi gweithredu arno.

# Larymau: ar gyfer gweithredwyr
alarms-title = Nid yw gwaharddiadau mewn grym ym mhobman
alarms-text = Ers dros ddwy funud nid yw gwaharddiad mewn grym yn y carchardai hyn. Mae galwadau yno’n dilyn y rhestr sydd gan bob porth.

# Ardystiadau ac ymdrechion coll
attestations-title = Ardystiadau
attestations-lead = Unwaith y dydd mae’r hwb yn llofnodi ble mae pob carchar yn sefyll, gyda gair llofnodedig pob porth y tu mewn. Mae diwrnod heb un yn aros ar goll.
attestations-none = Nid oes carchar wedi’i droi ymlaen.
attestations-day = Diwrnod
attestations-attempts = Ymdrechion
attestations-file = Ffeil lofnodedig
attestations-covered = Wedi’i gynnwys
attestations-not-covered = Heb ei gynnwys
attestations-missing = Ar goll
attestations-not-yet = Ddim eto
attestations-missing-attempts = { $count } ar goll
attestations-key = Allwedd yr hwb
attestations-next-1 = Ewch â ffeil i ffwrdd a’i gwirio gyda: upcs attest verify FILE --hub-key KEY
attestations-next-2 = Darllenwch ôl bys allwedd pob porth oddi ar y porth ei hun a’i roi fel --gate-key.
gaps-missing = Ymdrechion coll
gaps-count = { $count ->
    [one] mae { $count } ymgais ar y mwyaf ar goll
   *[other] mae { $count } ymgais ar y mwyaf ar goll
}
# Ceisiadau cyswllt a rhifau alias
staff-nav-matches = Ceisiadau
staff-nav-applications = Ceisiadau
done-application-received = Derbyniwyd. Caiff ei ateb gyda’r lleill i gyd yn y swp dyddiol. Peidiwch â ffonio neb cyn hynny.
done-application-refused = Nodwyd. Caiff ei ateb gyda’r lleill i gyd yn y swp dyddiol.
done-match-cleared = Nodwyd: rhywun arall. Caiff y cais ei ateb eto yn y swp dyddiol nesaf.
queue-matches = { $count ->
    [one] Mae { $count } cais i ffonio yn cyd-fynd ag achos. Edrychwch arno heddiw.
   *[other] Mae { $count } cais i ffonio yn cyd-fynd ag achosion. Edrychwch arnynt heddiw.
}
queue-letters = { $count ->
    [one] Mae { $count } llythyr yn aros ar silff. Penderfynwch o fewn un diwrnod gwaith.
   *[other] Mae { $count } llythyr yn aros ar silffoedd. Penderfynwch ar bob un o fewn un diwrnod gwaith.
}
queue-letters-late = { $count ->
    [one] Mae { $count } llythyr wedi aros am fwy nag un diwrnod gwaith.
   *[other] Mae { $count } llythyr wedi aros am fwy nag un diwrnod gwaith.
}
applications-title = Ceisiadau
applications-lead = Caiff ceisiadau ar gyfer teulu a ffrindiau eu hateb gyda’i gilydd, unwaith y dydd. Peidiwch â ffonio unrhyw rif cyn y gellir ei ffonio. Mae ceisiadau ar gyfer cyfreithwyr a swyddogion yn mynd at ddiogelwch ar unwaith; gwiriwch nhw yn y gofrestr a pheidiwch â ffonio i wirio.
applications-due = Caiff yr hyn a ddaw i mewn nawr ei ateb ar ôl { $at }.
applications-due-one = Atebir ar ôl { $at }
applications-first-name = Enwau cyntaf
applications-last-name = Cyfenw
applications-born = Dyddiad geni, os yw’n hysbys
applications-age = Oedran, os nad yw’r dyddiad yn hysbys
applications-relationship = Beth yw’r person i’r carcharor
applications-second-number = Ail rif ffôn, os oes un
applications-list = Beth y gwnaed cais amdano
applications-none = Ni wnaed cais am ddim.
applications-contact = Person
applications-answer = Ateb
applications-answer-received = Derbyniwyd. Peidiwch â ffonio neb eto.
applications-answer-may-be-rung = Gellir ei ffonio i’w wirio
applications-answer-with-two-people = Gyda diogelwch. Gwiriwch y gofrestr; peidiwch â ffonio.
applications-answer-not-approved = Heb ei gymeradwyo
applications-reconsidered = Ystyriwyd eto
applications-refuse = Peidio â chymeradwyo
applications-refuse-of = : { $name } ar gyfer { $prisoner }
applications-error-too-many = Mae gormod o geisiadau yn aros. Gwnewch gais eto ar ôl yr atebion nesaf
applications-error-field = Gwiriwch hwn: mae ar goll, yn rhy hir neu ni ellir ei ddarllen
applications-error-born = Rhowch ddyddiad go iawn, neu gadewch ef yn wag
applications-error-age = Rhowch oedran mewn blynyddoedd, neu gadewch ef yn wag
applications-next-1 = Teulu a ffrindiau: daw pob ateb ar yr un pryd, unwaith y dydd.
applications-next-2 = Os gellir ffonio rhif, ffoniwch ef i’w wirio. Yna mae diogelwch yn ei gymeradwyo.
applications-next-3 = Ni roddir rheswm am gais nas cymeradwywyd. Mae llawer o resymau.
matches-title = Ceisiadau i ffonio
matches-lead = Gofynnodd carcharor am ffonio rhywun sy’n cyd-fynd ag un o’n hachosion. Dywedwyd wrth ei garchar yr un peth ag am unrhyw wrthodiad arall. Edrychwch ar y rhain heddiw: os rhywun arall ydyw, mae teulu’n aros.
matches-more = Dim ond rhai a ddangosir. Mae rhagor.
matches-none = Nid oes cais yn aros amdanoch.
matches-none-here = Nid oes cais yn cyd-fynd â’r achos hwn.
matches-by = Gofynnwyd gan
matches-kind-number = Mae un o’r rhifau wedi’i wahardd.
matches-kind-person = Mae’r person yn cyd-fynd â rhywun y mae’r achos yn ei amddiffyn.
matches-kind-address = Mae’r cyfeiriad yn cyd-fynd ag un sydd wedi’i wahardd.
matches-person = Amddiffynnir: { $name }.
matches-own = Mae’r achos yn ymwneud â’r un carcharor.
matches-related = Mae’r berthynas yn cyd-fynd hefyd.
matches-bar = Gwahardd y rhifau hyn nawr
matches-clear = Rhywun arall ydyw
matches-of = : { $name }
matches-decide = Penderfynu
matches-summary = { $name }, gofynnwyd gan { $prisoner }: { $state }
matches-state-open = yn aros amdanoch
matches-state-noted = gwrthodwyd, mae’r rhif wedi’i wahardd eisoes
matches-state-cleared = rhywun arall
matches-state-barred = gwaharddwyd
matches-error-no-number = Ni ellir gwahardd yr un o’r rhifau hyn
matches-next-1 = Mae gwahardd yn cymryd un cam. Mae’r cais yn dal wedi’i wrthod.
matches-next-2 = Os rhywun arall ydyw, mae’r swp dyddiol nesaf yn ateb eto, ac mae dau berson o’r carchar yn penderfynu.
aliases-title = Rhifau sy’n eu ffonio ac nad ydynt yn eiddo iddynt
aliases-rings = yn ffonio { $name }.
aliases-add = Ychwanegu rhif sy’n eu ffonio ac nad yw’n eiddo iddynt
aliases-text = Er enghraifft llinell tir rithwir neu leisbost sy’n trosglwyddo galwadau. Caiff ei wahardd ym mhob carchar ar unwaith.
aliases-whom = Pwy mae’n ei ffonio?
aliases-said-by = Pwy ddywedodd hynny, a sut mae’n gweithio?
aliases-said-by-hint = Er enghraifft: dywedodd wrth y lloches fod y llinell tir hon yn ffonio ei ffôn symudol
aliases-button = Ei gofnodi a’i wahardd
aliases-error-whom = Dewiswch pwy mae’n ei ffonio
aliases-error-said-by = Dywedwch pwy ddywedodd hynny
audit-verb-add-alias-number = Cofnododd rif sy’n ffonio person a amddiffynnir
audit-verb-answer-applications = Atebodd geisiadau
audit-verb-bar-application-match = Gwaharddodd rif cais
audit-verb-clear-application-match = Dywedodd mai rhywun arall sydd mewn cais
audit-verb-file-applications = Ffeiliodd geisiadau
audit-verb-read-application-match = Darllenodd gais sy’n cyd-fynd ag achos
audit-verb-read-application-matches = Darllenodd geisiadau sy’n cyd-fynd ag achosion
audit-verb-read-applications = Darllenodd geisiadau carchar
audit-verb-refuse-application = Gwrthododd gais
audit-verb-screen-applications = Sgriniodd geisiadau
audit-kind-application = Cais
audit-kind-application-match = Cais sy’n cyd-fynd ag achos
audit-kind-alias-number = Rhif sy’n ffonio person a amddiffynnir
