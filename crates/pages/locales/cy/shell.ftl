# Brawddegau’r gragen ei hun. Caiff y gwasanaeth roi ei eiriau ei hun yn lle unrhyw un ohonynt.

service-name = Atal cyswllt nad ydych ei eisiau
staff-service-name = Gwasanaeth Cyswllt Digroeso gan Garcharorion
neutral-title = Cais cyswllt

shell-skip = Neidio i’r prif gynnwys
shell-back = Yn ôl
shell-menu = Dewislen
shell-language = Iaith
shell-navigation = Prif
shell-service-label = Gwybodaeth am y gwasanaeth
shell-next = Beth fydd yn digwydd nesaf
shell-error-summary = Mae problem
shell-error-title = Gwall: { $title }
shell-start-again = Mynd i’r dudalen gychwyn
shell-sign-out = Allgofnodi
shell-footer = Gallwch adael y wefan hon ar unrhyw adeg drwy ddewis “Gadael y dudalen hon”.
shell-footer-shift = Mae pwyso’r fysell Shift 3 gwaith yn gwneud yr un peth.
shell-footer-history = Nid yw hyn yn tynnu’r wefan hon o hanes eich porwr.
shell-staff-footer = Mae’r hyn rydych yn ei agor ac yn ei wneud yma yn cael ei gofnodi.
shell-danger = Os ydych mewn perygl uniongyrchol, ffoniwch 999.

shell-exit = Gadael y dudalen hon
shell-exit-button = <span class="govuk-visually-hidden">Argyfwng:</span> Gadael y dudalen hon
shell-exit-activated = Yn llwytho.
shell-exit-timed-out = Mae’r amser i adael y dudalen wedi dod i ben.
shell-exit-press-two = Shift, pwyswch 2 waith eto i adael.
shell-exit-press-one = Shift, pwyswch 1 waith eto i adael.

shell-400-title = Nid oedd modd inni ddarllen yr hyn a anfonwyd
shell-400-text = Ewch yn ôl, gwiriwch eich atebion a’u hanfon eto.
shell-403-title = Ni allwch weld y dudalen hon
shell-403-text = Efallai y bydd angen i chi fewngofnodi, neu efallai nad yw’r dudalen hon yn rhan o’ch gwaith. Os oeddech yn anfon ffurflen, ewch yn ôl, ail-lwythwch y dudalen a’i hanfon eto.
shell-404-title = Heb ddod o hyd i’r dudalen
shell-404-text = Os gwnaethoch deipio’r cyfeiriad gwe, gwiriwch ei fod yn gywir. Os gwnaethoch ei ludo, gwiriwch eich bod wedi copïo’r cyfan.
shell-500-title = Mae’n ddrwg gennym, mae problem
shell-500-text = Ni allwn fod yn siŵr bod yr hyn a anfonwyd gennych wedi’i gadw. Rhowch gynnig arall arni ymhen ychydig funudau.
shell-503-title = Mae’n ddrwg gennym, mae’r wefan hon yn brysur
shell-503-text = Rhowch gynnig arall arni ymhen ychydig funudau.
