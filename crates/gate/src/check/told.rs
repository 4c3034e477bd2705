//! What was found, in sentences.

use std::fmt;

use super::{Found, InMemory, KeyFound, ListFound, Outlook, Whether};
use crate::config::Config;
use crate::state_key::KeySource;

/// Why calls would not be answered from a list, if they would not.
type WhyNot = Option<String>;

/// After a restart of the program.
pub(super) fn now(key: &KeyFound, list: &ListFound) -> WhyNot {
    let key = key.why_not.as_ref().map(|why| format!("there is no key: {why}"));
    key.or_else(|| {
        list.why_not
            .as_ref()
            .map(|why| format!("there is no list: {why}"))
    })
}

/// After a reboot: what is not there now, and what the reboot takes away.
pub(super) fn after_reboot(config: &Config, key: &KeyFound, list: &ListFound) -> WhyNot {
    if !key.there_after_reboot {
        return Some(match config.key_source() {
            Ok(KeySource::Credential { name, .. }) => format!(
                "the credential {name} lies in none of {}, so that systemd has nothing to give",
                config
                    .credential_stores()
                    .iter()
                    .map(|store| store.display().to_string())
                    .collect::<Vec<_>>()
                    .join(" and ")
            ),
            Ok(KeySource::File(file) | KeySource::Sealed { file, .. }) => format!(
                "the key in {} lies in memory, and the reboot takes it away until somebody installs it again",
                file.display()
            ),
            Err(error) => error.to_string(),
        });
    }
    if !list.on_disk {
        let folder = config.state_dir.display();
        return Some(format!(
            "the state in {folder} lies in memory, and the reboot takes it away"
        ));
    }
    now(key, list)
}

/// Why helplines would not ring, if they would not.
pub(super) fn helplines_now(always: &Whether) -> WhyNot {
    always.why_not.clone()
}

/// The same after a reboot.
pub(super) fn helplines_after_reboot(config: &Config, in_memory: InMemory<'_>, always: &Whether) -> WhyNot {
    let file = config.always_allowed.as_ref().filter(|file| in_memory(file));
    let gone = file.map(|file| format!("{} lies in memory, and the reboot takes it away", file.display()));
    always.why_not.clone().or(gone)
}

pub(super) fn outlook(no_list: WhyNot, no_helplines: WhyNot) -> Outlook {
    let sentence = match (&no_list, &no_helplines) {
        (None, None) => "calls are answered from the list, and always-allowed numbers ring".to_owned(),
        (Some(why), None) => {
            format!("every call is refused but those to always-allowed numbers, because {why}")
        }
        (None, Some(why)) => {
            format!(
                "calls are answered from the list, and no number is always allowed: helplines do not ring, because {why}"
            )
        }
        (Some(why), Some(always)) => {
            format!("EVERY CALL IS REFUSED, to helplines too, because {why}; and {always}")
        }
    };
    Outlook {
        answers_from_list: no_list.is_none(),
        helplines_ring: no_helplines.is_none(),
        sentence,
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "After a restart of the program: {}.",
            self.after_process_restart.sentence
        )?;
        writeln!(f, "After a reboot: {}.", self.after_reboot.sentence)?;
        writeln!(f)?;
        line(f, "prison", &self.prison)?;
        line(f, "key", &self.key)?;
        line(f, "list", &self.list)?;
        line(f, "always allowed", &self.always_allowed)?;
        let marked = if self.marked_outside {
            "can be written"
        } else {
            "cannot be written: an older copy of the state folder would count; set mark_file"
        };
        line(f, "mark outside", &marked)?;
        line(f, "room for attempts", &self.spool)?;
        line(
            f,
            "hub",
            &self.hub.as_deref().unwrap_or("none named; not enrolled"),
        )?;
        let live = self
            .live_calls
            .unwrap_or("none that ends them; those to newly barred numbers go on");
        line(f, "calls that are up", &live)
    }
}

fn line(f: &mut fmt::Formatter<'_>, name: &str, value: &dyn fmt::Display) -> fmt::Result {
    writeln!(f, "{name:>18}: {value}")
}

impl fmt::Display for KeyFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let readable = self.why_not.as_deref().unwrap_or("readable");
        let later = if self.there_after_reboot {
            ""
        } else {
            "; gone after a reboot"
        };
        write!(f, "{} ({}){later}", readable, self.source)
    }
}

impl fmt::Display for ListFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(why) = &self.why_not {
            return f.write_str(why);
        }
        write!(f, "readable, at serial {}", self.serial.unwrap_or_default())?;
        match self.age_seconds {
            Some(age) => write!(f, ", changed {age} s ago"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Whether {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.why_not.as_deref().unwrap_or("yes"))
    }
}
