# The shell's own sentences. The service may put its own words in place of any of them.

# The name in the page's header, and on staff pages. Never in the title of a public page.
service-name = Stop contact you do not want
staff-service-name = Unwanted Prisoner Contact Service
# The title of a public page whose own title would tell too much.
neutral-title = Contact request

shell-skip = Skip to main content
shell-back = Back
shell-menu = Menu
shell-language = Language
shell-navigation = Main
shell-service-label = Service information
shell-next = What happens next
shell-error-summary = There is a problem
shell-error-title = Error: { $title }
shell-start-again = Go to the start page
shell-sign-out = Sign out
shell-footer = You can leave this website at any time with “Exit this page”.
shell-footer-shift = Pressing the Shift key 3 times does the same.
shell-footer-history = Leaving does not remove this website from your browser’s history.
shell-staff-footer = What you open and do here is recorded.
shell-danger = If you are in immediate danger, call 999.

# “Exit this page”. The first may hold markup.
shell-exit = Exit this page
shell-exit-button = <span class="govuk-visually-hidden">Emergency</span> Exit this page
shell-exit-activated = Loading.
shell-exit-timed-out = Exit this page expired.
shell-exit-press-two = Shift, press 2 more times to exit.
shell-exit-press-one = Shift, press 1 more time to exit.

# Pages for what went wrong.
shell-400-title = We could not read what was sent
shell-400-text = Go back, check your answers and send them again.
shell-403-title = You cannot see this page
shell-403-text = You may need to sign in, or this page may not be part of your work. If you were sending a form, go back, reload the page and send it again.
shell-404-title = Page not found
shell-404-text = If you typed the web address, check that it is correct. If you pasted it, check that you copied all of it.
shell-500-title = Sorry, there is a problem
shell-500-text = We cannot be sure that what you sent was saved. Please try again in a few minutes.
shell-503-title = Sorry, this website is busy
shell-503-text = Please try again in a few minutes.
